import { Refusal } from '../../lib/refusal.ts';
import type { RunStatus } from '../../ports.ts';
import type { Excluded, Training, TrainingPipeline, TrainingState } from './schema.ts';

/** Longer than all calls of one look with all their tries. */
export const leaseMs = 180_000;
/** A run that takes longer is told once; it is followed all the same. */
export const longRunMs = 24 * 3_600_000;
/** After so many starts that were refused it is given up. */
export const mostStarts = 5;
const dayMs = 86_400_000;

export const openStates = ['waiting', 'approved', 'queued', 'running'] as const satisfies readonly TrainingState[];
export const isOpen = ({ state }: Pick<Training, 'state'>) => openStates.some((each) => each === state);

/** The same for every try, so that the tool starts it once. */
export const triggerId = ({ id }: Pick<Training, 'id'>) => `pitcrew-${id}`;

/** 5 s at first, 60 s for a run that takes its time. */
export function pauseMs(runningMs: number): number {
  return Math.min(60_000, Math.max(5000, runningMs / 10));
}

const placeholders = ['model', 'environment', 'version', 'excluded', 'reason'] as const;
type Known = Readonly<Record<(typeof placeholders)[number], string>>;
const longestParams = 3000;

/** One `name = value` a line; an unknown {placeholder} and a line without `=` are refused, by line. */
export function readParams(text: string): readonly (readonly [name: string, value: string])[] {
  if (text.length > longestParams)
    throw new Refusal(`These are more than ${longestParams} characters.`, { field: 'params' });
  const names = new Set<string>();
  return text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), at: i + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, at }) => {
      const [, name = '', value = ''] = /^([\w.-]{1,100})\s*=\s*(.*)$/.exec(line) ?? [];
      if (name === '') throw new Refusal(`Line ${at} is not "name = value".`, { field: 'params' });
      if (names.has(name)) throw new Refusal(`Line ${at}: ${name} is there twice.`, { field: 'params' });
      names.add(name);
      const odd = [...value.matchAll(/\{(\w+)\}/g)].find(([, key]) => !placeholders.some((each) => each === key));
      if (odd)
        throw new Refusal(
          `Line ${at}: I do not know ${odd[0]}. I know ${placeholders.map((each) => `{${each}}`).join(', ')}.`,
          { field: 'params' },
        );
      return [name, value] as const;
    });
}

export function filledParams(text: string, known: Known): Record<string, string> {
  // In one go: what people typed may look like a placeholder, too.
  const filled = (whole: string, key: string) => {
    const placeholder = placeholders.find((each) => each === key);
    return placeholder ? known[placeholder] : whole;
  };
  const fill = (value: string) => value.replaceAll(/\{(\w+)\}/g, filled);
  return Object.fromEntries(readParams(text).map(([name, value]) => [name, fill(value)]));
}

/** `from/to`, with commas between: what a pipeline reads. */
export const excludedText = (excluded: readonly Excluded[]) =>
  excluded.map(({ from, to }) => `${from}/${to}`).join(',');

const longestWhy = 200;

/** Without a zone it is meant in UTC, as everything here. */
const instantOf = (text: string) => new Date(/T[\d:.]+$/.test(text) ? `${text}Z` : text);

/** One `from/to why` a line, as ISO instants; what was edited by hand. */
export function readExcluded(text: string, now: Date): Excluded[] {
  return text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), at: i + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, at }) => {
      const [span = '', ...why] = line.split(/\s+/);
      const [from, to, more] = span.split('/').map(instantOf);
      if (!from || !to || more || Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()))
        throw new Refusal(`Line ${at}: write it like 2026-03-01T00:00Z/2026-03-02T00:00Z bad feed.`, {
          field: 'excluded',
        });
      if (from >= to) throw new Refusal(`Line ${at}: it ends before it begins.`, { field: 'excluded' });
      if (from > now) throw new Refusal(`Line ${at}: it lies in the future.`, { field: 'excluded' });
      const words = why.join(' ').slice(0, longestWhy);
      return { from: iso(from), to: iso(to), why: words || 'left out by hand' };
    });
}

export const excludedLines = (excluded: readonly Excluded[]) =>
  excluded.map(({ from, to, why }) => `${from}/${to} ${why}`).join('\n');
const iso = (at: Date) => `${at.toISOString().slice(0, 16)}Z`;

/** What is known to be bad: an alert from its first bad window to its end, a feed in trouble since it was. */
export function contaminated(
  bad: readonly { readonly from: Date; readonly to: Date | null; readonly why: string }[],
  now: Date,
): Excluded[] {
  return bad
    .map(({ from, to, why }) => ({ from: iso(from), to: iso(to ?? now), why }))
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

/** Whether the policy lets it start by itself now, counting from the last training of the model. */
export function mayStartAgain(
  { atMostDays }: Pick<TrainingPipeline, 'atMostDays'>,
  last: Date | undefined,
  now: Date,
): boolean {
  return last === undefined || now.getTime() - last.getTime() >= atMostDays * dayMs;
}

export function isDue(
  { everyDays, policySince }: Pick<TrainingPipeline, 'everyDays' | 'policySince'>,
  last: Date | undefined,
  now: Date,
): boolean {
  if (everyDays === null) return false;
  const from = last && last > policySince ? last : policySince;
  return now.getTime() - from.getTime() >= everyDays * dayMs;
}

/** When the policy would have started it, had it stood then: each alert, unless it is too soon after the last. */
export function wouldHaveStarted(atMostDays: number, alerts: readonly Date[]): Date[] {
  const starts: Date[] = [];
  for (const at of alerts.toSorted((a, b) => a.getTime() - b.getTime())) {
    if (mayStartAgain({ atMostDays }, starts.at(-1), at)) starts.push(at);
  }
  return starts;
}

export interface Approver {
  readonly id: string;
  readonly isMember: boolean;
  /** Owner, deputy, lead, or named for starting a training. */
  readonly entitled: boolean;
}

/** A training that nobody could ever approve is not asked for. */
export function checkApprovable(approvers: readonly string[], model: string): void {
  if (approvers.length > 0) return;
  throw new Refusal(
    `Nobody but you may approve a training of ${model}. Name a deputy for it, or let it start without approval: \`/ml retrain set-up ${model}\`.`,
  );
}

export function mayApproveTraining({ askedBy, state, number }: Training, by: Approver): void {
  if (state !== 'waiting') throw new Refusal(`Training ${number} does not wait for approval any more.`);
  if (by.id === askedBy) throw new Refusal('You asked for this training, so somebody else has to approve it.');
  if (!by.isMember || !by.entitled)
    throw new Refusal(
      "Only the model's owner, its deputy, the team's lead, and who is named for starting a training approve this.",
    );
}

/** When a run began that was never seen running: its own clock counts only for how long it took. */
export function beganAt(
  { askedAt, startedAt }: Pick<Training, 'askedAt' | 'startedAt'>,
  run: Pick<RunStatus, 'startedAt' | 'endedAt'>,
  now: Date,
): Date {
  if (startedAt) return startedAt;
  if (!run.startedAt || !run.endedAt) return askedAt;
  const began = now.getTime() - Math.max(0, run.endedAt.getTime() - run.startedAt.getTime());
  return new Date(Math.max(began, askedAt.getTime()));
}

const longestVersion = 100;

/** What the run says that it made, where that can be a version. */
export function versionSaid({ said }: Pick<RunStatus, 'said'>): string | undefined {
  const version = said?.['version']?.trim() ?? '';
  return version === '' || version.length > longestVersion ? undefined : version;
}

/** The newest version that is not older than what was there before: numbers are compared, clocks never. */
export function madeSince(
  before: string | null,
  versions: readonly { readonly version: string }[],
): string | undefined {
  const [newest] = versions;
  if (!newest || newest.version === before) return undefined;
  return Number(newest.version) > Number(before ?? 0) ? newest.version : undefined;
}

const order: readonly TrainingState[] = ['approved', 'queued', 'running'];

/** A tool that answers late must not take a run back to where it was. */
export function nextState(before: TrainingState, seen: RunStatus['state']): TrainingState {
  return order.indexOf(seen) >= 0 && order.indexOf(seen) < order.indexOf(before) ? before : seen;
}
