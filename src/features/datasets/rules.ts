import { figure } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { workFrom } from '../teams/rules.ts';
import type { Dataset, Look, Problem, State } from './schema.ts';

const hourMs = 3_600_000;
/** What is usual is known after so many looks. */
const enoughLooks = 7;
const remembered = 14;

export type Facts = Pick<
  Dataset,
  'maxAgeHours' | 'minRows' | 'maxNullPercent' | 'seen' | 'updatedAt' | 'rows' | 'badLooks'
>;

/** The age at which it is late: what people set, else the tool's own limit, else three times the usual gap. */
export function ageLimits(facts: Facts, past: readonly Look[]): { warnMs: number | null; badMs: number | null } {
  const { latest } = facts.seen;
  if (facts.maxAgeHours !== null) return { warnMs: null, badMs: facts.maxAgeHours * hourMs };
  if (latest?.errorAfterMs !== undefined || latest?.warnAfterMs !== undefined) {
    return { warnMs: latest.warnAfterMs ?? null, badMs: latest.errorAfterMs ?? null };
  }
  return { warnMs: null, badMs: usualAge(past) };
}

function usualAge(past: readonly Look[]): number | null {
  const times = [...new Set(past.flatMap(({ updatedAt }) => (updatedAt ? [updatedAt.getTime()] : [])))].toSorted(
    (a, b) => a - b,
  );
  if (times.length < enoughLooks) return null;
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  return Math.max(3 * medianOf(gaps), hourMs);
}

/** When it becomes late, unless new data comes; null where nothing says what late is. */
export function lateAt(facts: Facts, past: readonly Look[], now: Date): Date | null {
  if (!facts.updatedAt) return null;
  const { warnMs, badMs } = ageLimits(facts, past);
  const turns = [warnMs, badMs]
    .filter((ms) => ms !== null)
    .map((ms) => (facts.updatedAt?.getTime() ?? 0) + ms)
    .filter((time) => time > now.getTime());
  return turns.length > 0 ? new Date(Math.min(...turns)) : null;
}

/** Everything that is wrong with it now, the worst first. Rows and nulls count from the second look in a row on. */
export function problemsOf(facts: Facts, past: readonly Look[], now: Date): Problem[] {
  const lasting = facts.badLooks >= 2 ? [...volume(facts, past), ...nulls(facts)] : [];
  const all = [...late(facts, past, now), ...checks(facts), ...lasting];
  return all.toSorted((a, b) => Number(b.weight === 'bad') - Number(a.weight === 'bad'));
}

/** Whether this look had too few rows or too many nulls: one alone may be a slip of the tool. */
export function isBadLook(facts: Facts, past: readonly Look[]): boolean {
  return volume(facts, past).length + nulls(facts).length > 0;
}

function late(facts: Facts, past: readonly Look[], now: Date): Problem[] {
  const { warnMs, badMs } = ageLimits(facts, past);
  if (!facts.updatedAt) return [];
  const age = now.getTime() - facts.updatedAt.getTime();
  const limit = badMs !== null && age >= badMs ? badMs : warnMs !== null && age >= warnMs ? warnMs : null;
  if (limit === null) return [];
  const weight = limit === badMs ? ('bad' as const) : ('warning' as const);
  return [{ kind: 'late', weight, words: `no new rows for ${hours(age)}, limit ${hours(limit)}` }];
}

function checks({ seen }: Facts): Problem[] {
  const failed = seen.checks?.failed ?? [];
  if (failed.length === 0) return [];
  const weight = seen.status === 'warning' ? ('warning' as const) : ('bad' as const);
  const named = failed.slice(0, 3).map(({ name, column }) => (column ? `${name} of ${column}` : name));
  const more = failed.length > 3 ? ` and ${failed.length - 3} more` : '';
  return [
    {
      kind: 'checks',
      weight,
      words: `${failed.length} of ${seen.checks?.of ?? 0} checks failed: ${named.join(', ')}${more}`,
    },
  ];
}

function volume({ rows, minRows }: Facts, past: readonly Look[]): Problem[] {
  if (rows === null) return [];
  if (minRows !== null) {
    const words = `${count(rows)} rows, at least ${count(minRows)} are wanted`;
    return rows < minRows ? [{ kind: 'volume', weight: 'bad', words }] : [];
  }
  const before = past.flatMap((look) => (look.rows === null ? [] : [look.rows])).slice(0, remembered);
  if (before.length < enoughLooks) return [];
  const usual = medianOf(before);
  const words = `${count(rows)} rows, usually about ${count(usual)}`;
  return rows < usual / 2 ? [{ kind: 'volume', weight: 'bad', words }] : [];
}

function nulls({ seen, maxNullPercent }: Facts): Problem[] {
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

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const numbers = new Intl.NumberFormat('en');
const count = (rows: number) => numbers.format(rows);

/** "26 h", "3 days", "40 min" */
export function hours(ms: number): string {
  if (ms < hourMs) return `${Math.round(ms / 60_000)} min`;
  if (ms < 72 * hourMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / (24 * hourMs))} days`;
}
