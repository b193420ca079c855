import type { Doors } from '../../doors.ts';

export const testScore: Doors = {};
