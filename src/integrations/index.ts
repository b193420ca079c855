import type { Doors, Hook } from '../doors.ts';
import { backstage } from './backstage/doors.ts';
import { evidentlyHook } from './evidently/hook.ts';

/** Every format that may be posted to /hooks/{source}. */
export const hooks: readonly Hook[] = [evidentlyHook];

/** Ways in for formats of others that need more than a hook. */
export const formats: readonly Doors[] = [backstage];
