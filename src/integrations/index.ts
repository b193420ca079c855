import type { Hook } from '../doors.ts';
import { evidentlyHook } from './evidently/hook.ts';

/** Every format that may be posted to /hooks/{source}. */
export const hooks: readonly Hook[] = [evidentlyHook];
