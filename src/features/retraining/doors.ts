import type { Doors } from '../../doors.ts';

export const retraining: Doors = {};
