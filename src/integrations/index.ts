import type { Doors } from '../doors.ts';
import { backstage } from './backstage/doors.ts';

/** Ways in for formats of others that need more than a hook; those that need no more stand in hooks/entries.ts. */
export const formats: readonly Doors[] = [backstage];
