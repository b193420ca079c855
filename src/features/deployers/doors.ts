import type { Doors } from '../../doors.ts';

export const deployers: Doors = {};
