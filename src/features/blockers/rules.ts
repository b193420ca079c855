import { isAhead } from '../../lib/batch.ts';
import { Refusal } from '../../lib/refusal.ts';
import { afterDays, afterWork, isWorking, workedMs, workFrom, type WorkTime } from './clock.ts';
import type { Blocker, Reply, Step } from './schema.ts';

/** Of the recipient's working time, before somebody else is asked. */
export const answerMs = 4 * 3_600_000;
/** Working days after which whoever took it is asked whether they are still on it. */
const stillAfterDays = 3;
export const reopenDays = 7;
const dayMs = 86_400_000;

/** What moves of a blocker while it goes from hand to hand. */
export type Course = Pick<
  Blocker,
  'state' | 'step' | 'askedId' | 'takenBy' | 'clockFrom' | 'clockLeftMs' | 'reminders' | 'asking'
>;
type Said = Course & Pick<Blocker, 'number' | 'raisedBy' | 'endedBy' | 'endedAt'>;

/** Whom it could go to, each list in order; only people who are there now. */
export interface Route {
  readonly holders: readonly string[];
  readonly deputies: readonly string[];
  readonly leads: readonly string[];
}

export interface Next {
  readonly step: Exclude<Step, 'nobody'>;
  readonly personId: string;
}

/**
 * Holder, then deputy or next holder, then lead. Nobody is asked twice, but for the lead, who may have been asked as a
 * holder before; whoever said no, gave it back or is gone is left out everywhere.
 */
export function nextToAsk(route: Route, from: Step, asked: ReadonlyMap<string, Reply>): Next | undefined {
  const isNew = (id: string) => !asked.has(id);
  const isWilling = (id: string) => (asked.get(id) ?? 'waiting') === 'waiting';
  const order = [
    { step: 'holder', people: route.holders.filter(isNew) },
    { step: 'deputy', people: [...route.deputies, ...route.holders].filter(isNew) },
    { step: 'lead', people: route.leads.filter(isWilling) },
  ] as const;
  for (const { step, people } of order.slice(from === 'nobody' ? 0 : order.findIndex((each) => each.step === from))) {
    const [personId] = people;
    if (personId !== undefined) return { step, personId };
  }
  return undefined;
}

/** The step after this one, once nobody answered in time. */
export function after(step: Step): Step {
  switch (step) {
    case 'holder':
      return 'deputy';
    case 'deputy':
    case 'lead':
      return 'lead';
    case 'nobody':
      return 'nobody';
  }
}

/** Somebody is asked, and their clock begins; without anybody it waits for one. */
export function asked(next: Next | undefined, now: Date) {
  return {
    state: 'open',
    step: next?.step ?? 'nobody',
    askedId: next?.personId ?? null,
    askedAt: now,
    takenBy: null,
    takenAt: null,
    clockFrom: now,
    clockLeftMs: answerMs,
    reminders: 0,
    asking: null,
  } as const;
}

export function taken(before: Said, by: string, now: Date) {
  mustBe(before, 'open');
  if (by === before.raisedBy)
    throw new Refusal('You raised it, so somebody else takes it. If it is solved, press *Unblocked*.');
  return {
    state: 'taken',
    askedId: null,
    takenBy: by,
    takenAt: now,
    clockFrom: now,
    clockLeftMs: 0,
    reminders: 0,
    asking: null,
  } as const;
}

/** It waits for the asker: what is left of the clock is kept. */
export function paused(before: Said, question: number, time: WorkTime, now: Date) {
  if (isOver(before)) throw new Refusal(whyNot(before));
  if (before.asking !== null) throw new Refusal('A question is open already. The clock stands until it is answered.');
  const left = before.clockLeftMs - workedMs(time, before.clockFrom, now);
  return { asking: question, clockLeftMs: Math.max(0, left), clockFrom: now, dueAt: null };
}

export function resumed(now: Date) {
  return { asking: null, clockFrom: now };
}

export function reminded({ reminders }: Pick<Course, 'reminders'>, now: Date) {
  return { reminders: reminders + 1, clockFrom: now };
}

export function ended(
  before: Said & Pick<Blocker, 'blockedMs' | 'stretchFrom'>,
  state: 'closed' | 'withdrawn',
  by: string,
  now: Date,
) {
  if (isOver(before)) throw new Refusal(whyNot(before));
  const blockedMs = before.blockedMs + Math.max(0, now.getTime() - before.stretchFrom.getTime());
  return { state, endedBy: by, endedAt: now, dueAt: null, asking: null, askedId: null, blockedMs } as const;
}

export function mayReopen({ state, raisedBy, endedAt, number }: Said, by: string, now: Date): void {
  if (by !== raisedBy) throw new Refusal('Only who raised it says that it is back. You can raise a new one.');
  if (state === 'open' || state === 'taken') throw new Refusal(`Blocker ${number} is open already.`);
  if (state === 'withdrawn') throw new Refusal('You withdrew it. Raise a new one with /ml blocker.');
  if (endedAt && now.getTime() - endedAt.getTime() > reopenDays * dayMs)
    throw new Refusal(`It was closed more than ${reopenDays} days ago. Raise a new one with /ml blocker.`);
}

export const isOver = ({ state }: Pick<Course, 'state'>): boolean => state === 'closed' || state === 'withdrawn';

export function mustBe(before: Said, state: 'open' | 'taken'): void {
  if (before.state !== state) throw new Refusal(whyNot(before));
}

/** For whoever came second. */
function whyNot({ state, number, takenBy, endedBy }: Said): string {
  switch (state) {
    case 'open':
      return `Nobody has blocker ${number} at the moment. Take it first.`;
    case 'taken':
      return `<@${takenBy}> took blocker ${number} a moment before you. Nothing to do, thank you.`;
    case 'closed':
      return `Blocker ${number} is solved already: <@${endedBy}> closed it.`;
    case 'withdrawn':
      return `Blocker ${number} was withdrawn. Nothing to do.`;
  }
}

/** When something comes due unless something happens before; undefined while the clock stands. */
function dueOf({ state, step, asking, clockFrom, clockLeftMs, reminders }: Course, time: WorkTime) {
  if (asking !== null || state === 'closed' || state === 'withdrawn') return undefined;
  if (state === 'taken') return afterDays(time, clockFrom, reminders === 0 ? stillAfterDays : 1);
  return step === 'lead' || step === 'nobody' ? afterDays(time, clockFrom, 1) : afterWork(time, clockFrom, clockLeftMs);
}

/** Late after a stop of ours, it still waits until they work again. */
export function fireAt(course: Course, time: WorkTime, now: Date): Date | undefined {
  const due = dueOf(course, time);
  return due && due <= now ? workFrom(time, now) : due;
}

export function isDue(course: Course, time: WorkTime, now: Date): boolean {
  const due = dueOf(course, time);
  return due !== undefined && due <= now && isWorking(time, now);
}

const longestAgoDays = 366;

export function checkSince(since: Date, now: Date): void {
  if (isAhead(since, now)) throw new Refusal('It cannot begin in the future.', { field: 'since' });
  if (now.getTime() - since.getTime() > longestAgoDays * dayMs)
    throw new Refusal('Choose a day within the last year.', { field: 'since' });
}

export const mostWords = 500;

/** What somebody typed, short enough to stand on a card. */
export function checkedWords(text: string, field: string, least = 3): string {
  const words = text.trim().replaceAll('\0', '');
  if (words.length < least) throw new Refusal('Say it in a few words.', { field });
  if (words.length > mostWords) throw new Refusal(`Say it in at most ${mostWords} characters.`, { field });
  return words;
}
