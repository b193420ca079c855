import { isAhead } from '../../lib/batch.ts';
import { Refusal } from '../../lib/refusal.ts';
import { figure } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { workFrom } from '../teams/rules.ts';
import type { Dataset, Problem, State, Verdict } from './schema.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What is usual is known after so many looks. */
const enoughLooks = 7;
/** Looks that count for what is usual. */
export const remembered = 14;

export type Facts = Pick<
  Dataset,
  | 'maxAgeHours'
  | 'minRows'
  | 'maxChangePercent'
  | 'maxNullPercent'
  | 'seen'
  | 'lastLookAt'
  | 'updatedAt'
  | 'rows'
  | 'badRows'
  | 'badNulls'
>;

/** The last looks at data that was new then, newest first, each number as its own tool told it. */
export interface History {
  /** When new data came, the newest included; where no tool says so, when it was looked at. */
  readonly updates: readonly Date[];
  /** Numbers of rows before the current one, without those that were odd. */
  readonly rows: readonly number[];
}

/** The age at which it is late: what people set, else the tool's own limit, else what is unusual. */
export function ageLimits(facts: Facts, history: History): { warnMs: number | null; badMs: number | null } {
  const { latest } = facts.seen;
  if (facts.maxAgeHours !== null) return { warnMs: null, badMs: facts.maxAgeHours * hourMs };
  if (latest?.errorAfterMs !== undefined || latest?.warnAfterMs !== undefined) {
    return { warnMs: latest.warnAfterMs ?? null, badMs: latest.errorAfterMs ?? null };
  }
  return { warnMs: null, badMs: usualAge(history.updates) };
}

/**
 * Three times the usual gap, or a quarter more than the longest tenth of the gaps (so that weekends are usual), an hour
 * at least.
 */
function usualAge(updates: readonly Date[]): number | null {
  const times = [...new Set(updates.map((at) => at.getTime()))].toSorted((a, b) => a - b);
  if (times.length < enoughLooks) return null;
  const gaps = times
    .slice(1)
    .map((time, i) => time - (times[i] ?? time))
    .toSorted((a, b) => a - b);
  const long = gaps[Math.ceil(gaps.length * 0.9) - 1] ?? 0;
  return Math.max(3 * medianOf(gaps), 1.25 * long, hourMs);
}

/** Since when it waits for news. */
const newestOf = ({ updatedAt, lastLookAt }: Facts) => updatedAt ?? lastLookAt;

/** When time alone changes what is said of it: it becomes late, or is late for longer. Null where nothing says so. */
export function lateAt(facts: Facts, history: History, now: Date): Date | null {
  const { warnMs, badMs } = ageLimits(facts, history);
  const limits = [warnMs, badMs].filter((ms) => ms !== null);
  const age = now.getTime() - newestOf(facts).getTime();
  const unit = age < longestInHours ? hourMs : dayMs;
  const longer = limits.some((ms) => age >= ms) ? [(Math.floor(age / unit) + 1) * unit] : [];
  const turns = [...limits.filter((ms) => ms > age), ...longer];
  return turns.length > 0 ? new Date(newestOf(facts).getTime() + Math.min(...turns)) : null;
}

/** Everything that is wrong with it now, the worst first. Rows and nulls count from the second look in a row on. */
export function problemsOf(facts: Facts, history: History, now: Date): Problem[] {
  const all = [
    ...late(facts, history, now),
    ...Object.entries(facts.seen.verdicts).flatMap(([tool, verdict]) => judged(tool, verdict)),
    ...(facts.badRows >= 2 ? volume(facts, history) : []),
    ...(facts.badNulls >= 2 ? nulls(facts) : []),
  ];
  return all.toSorted((a, b) => Number(b.weight === 'bad') - Number(a.weight === 'bad'));
}

/** The looks in a row that were bad, with this one; the same look told once more counts once. */
export function streak(before: number, isBad: boolean, isSame: boolean): number {
  if (!isBad) return 0;
  return isSame ? Math.max(before, 1) : before + 1;
}

function late(facts: Facts, history: History, now: Date): Problem[] {
  const { warnMs, badMs } = ageLimits(facts, history);
  const age = now.getTime() - newestOf(facts).getTime();
  const limit = badMs !== null && age >= badMs ? badMs : warnMs !== null && age >= warnMs ? warnMs : null;
  if (limit === null) return [];
  const weight = limit === badMs ? ('bad' as const) : ('warning' as const);
  const what = facts.updatedAt ? 'no new rows' : 'not looked at';
  return [{ kind: 'late', weight, words: `${what} for ${hours(age)}, limit ${hours(limit)}` }];
}

/** What its tool holds against it; a status without a check says only that. */
function judged(tool: string, { status, of, failed }: Verdict): Problem[] {
  if (status === 'ok') return [];
  if (failed.length === 0) return [{ kind: 'checks', weight: status, words: `${tool} calls it ${status}` }];
  const named = failed.slice(0, 3).map(({ name, column }) => (column ? `${name} of ${column}` : name));
  const more = failed.length > 3 ? ` and ${failed.length - 3} more` : '';
  const words = `${failed.length} of ${of} checks failed: ${named.join(', ')}${more}`;
  return [{ kind: 'checks', weight: status, words }];
}

export function volume({ rows, minRows, maxChangePercent }: Facts, history: History): Problem[] {
  if (rows === null || minRows === 0) return [];
  const bad = (words: string): Problem[] => [{ kind: 'volume', weight: 'bad', words }];
  if (minRows !== null && rows < minRows) return bad(`${count(rows)} rows, at least ${count(minRows)} are wanted`);
  if (rows === 0) return bad('no rows at all');
  if (history.rows.length < enoughLooks) return [];
  const usual = medianOf(history.rows);
  const isOff =
    maxChangePercent === null
      ? (rows < usual / 2 || rows > usual * 2) && Math.abs(rows - usual) > 3 * Math.sqrt(usual)
      : Math.abs(rows - usual) * 100 > maxChangePercent * usual;
  // Whoever says only the fewest rows is content with more.
  if (!isOff || (minRows !== null && maxChangePercent === null)) return [];
  return bad(`${count(rows)} rows, usually about ${count(usual)}`);
}

export function nulls({ seen, maxNullPercent }: Facts): Problem[] {
  if (maxNullPercent === null) return [];
  const over = seen.columns.filter(({ nullShare }) => nullShare * 100 > maxNullPercent);
  if (over.length === 0) return [];
  const named = over
    .toSorted((a, b) => b.nullShare - a.nullShare)
    .slice(0, 3)
    .map(({ name, nullShare }) => `${figure(nullShare * 100)} % of ${name}`);
  const more = over.length > 3 ? ` and of ${over.length - 3} more columns` : '';
  return [
    { kind: 'nulls', weight: 'bad', words: `missing: ${named.join(', ')}${more}; limit ${figure(maxNullPercent)} %` },
  ];
}

/** When a new trouble is told: at once in working hours, or where a critical model eats it; else in the morning. */
export function tellAt(team: Parameters<typeof workFrom>[0], eaters: readonly Pick<Model, 'tier'>[], now: Date): Date {
  return eaters.some(({ tier }) => tier === 1) ? now : workFrom(team, now);
}

export function stateOf(problems: readonly Problem[]): State {
  if (problems.some(({ weight }) => weight === 'bad')) return 'bad';
  return problems.length > 0 ? 'warning' : 'ok';
}

/** A look of tomorrow would make all others old. */
export function checkMoment(at: Date, now: Date): void {
  if (isAhead(at, now)) throw new Refusal('This look at a data set lies in the future.', { field: 'at' });
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const numbers = new Intl.NumberFormat('en');
export const count = (rows: number) => numbers.format(rows);

const longestInHours = 72 * hourMs;

/** "26 h", "3 days", "40 min" */
export function hours(ms: number): string {
  if (ms < hourMs) return `${Math.round(ms / 60_000)} min`;
  if (ms < longestInHours) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} days`;
}
