import type { Doors } from '../../doors.ts';

export const delegations: Doors = {};
