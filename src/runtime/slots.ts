import { createTask, parse } from 'node-cron';
import type { Job } from '../doors.ts';

const dayMs = 86_400_000;
const mostDays = 400;

/** The slots of a cron (in UTC) after `from` up to and with `until`, newest first, at most so many. */
export function slotsBetween(cron: string, from: Date, until: Date, most: number): Date[] {
  const { second, minute, hour } = parse(cron);
  const task = createTask(cron, () => undefined, { timezone: 'UTC' });
  const [hours, minutes, seconds] = [hour, minute, second].map((values) => values.toSorted((a, b) => b - a));
  const times =
    hours?.flatMap((h) => minutes?.flatMap((m) => seconds?.map((s) => ((h * 60 + m) * 60 + s) * 1000) ?? []) ?? []) ??
    [];
  const [latest = 0] = times;
  const slots: Date[] = [];
  const today = Math.floor(until.getTime() / dayMs) * dayMs;
  const farthest = Math.max(from.getTime(), today - mostDays * dayMs);
  for (let day = today; day + dayMs > farthest && slots.length < most; day -= dayMs) {
    // In UTC a day matches as a whole or not at all, so one question a day is enough.
    if (!task.match(new Date(day + latest))) continue;
    for (const time of times) {
      const at = day + time;
      if (at > from.getTime() && at <= until.getTime() && slots.length < most) slots.push(new Date(at));
    }
  }
  return slots;
}

/** What should be done about the slots that passed while nobody was awake. */
export function missed(job: Job, last: Date, now: Date): Date[] {
  if (job.catchUp === 'none') return [];
  return slotsBetween(job.cron, last, now, job.catchUp === 'last' ? 1 : 100);
}
