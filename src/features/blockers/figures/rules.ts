import { csv } from '../../../lib/csv.ts';
import { minutesOf, quantile } from '../../../lib/durations.ts';
import type { Stretch } from './queries.ts';

/** How long one role waited for another. */
export interface Pair {
  readonly fromRole: string;
  readonly toRole: string;
  /** Those that were solved. */
  readonly n: number;
  readonly open: number;
  readonly median: number | null;
  readonly p90: number | null;
  /** Only of so many that one of them is not all of it. */
  readonly mean: number | null;
}

export const fewest = 10;

/** Those that waited longest in all first. */
export function pairsOf(all: readonly Stretch[]): Pair[] {
  const groups = Map.groupBy(all, ({ fromRole, toRole }) => `${fromRole} ${toRole}`);
  return [...groups.values()]
    .map((rows) => {
      const values = rows.flatMap((row) => (row.state === 'closed' ? [row.blockedMs] : [])).toSorted((a, b) => a - b);
      const total = values.reduce((sum, each) => sum + each, 0);
      const n = values.length;
      const { fromRole = 'none', toRole = 'none' } = rows[0] ?? {};
      const mean = n >= fewest ? total / n : null;
      const pair = {
        fromRole,
        toRole,
        n,
        open: rows.length - n,
        median: quantile(values, 0.5),
        p90: quantile(values, 0.9),
        mean,
      };
      return { pair, total };
    })
    .toSorted((a, b) => b.total - a.total || b.pair.open - a.pair.open)
    .map(({ pair }) => pair);
}

const columns = ['asking_role', 'needed_role', 'how_bad', 'state', 'since', 'solved_at', 'blocked_minutes', 'reopened'];

/** A row for each blocker, for people who want to reckon themselves: roles only, instants in UTC, unknown is empty. */
export function pairsCsv(all: readonly Stretch[]): string {
  const rows = all.map(({ fromRole, toRole, severity, state, since, endedAt, blockedMs, reopened }) => [
    fromRole,
    toRole,
    severity,
    state === 'closed' ? 'solved' : 'open',
    since.toISOString(),
    state === 'closed' ? (endedAt?.toISOString() ?? '') : '',
    state === 'closed' ? (minutesOf(blockedMs) ?? '') : '',
    reopened,
  ]);
  return csv([columns, ...rows]);
}
