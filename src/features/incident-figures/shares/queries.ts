import { and, eq, gte, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { alerts } from '../../drift/schema.ts';
import type { Judged } from './rules.ts';

/** How the drift alerts ended that did so since then. */
export async function alertsEnded(ctx: Context, since: Date): Promise<Judged> {
  const found = await ctx.db
    .select({ outcome: alerts.outcome, kind: alerts.reasonKind, n: sql<number>`count(*)::int` })
    .from(alerts)
    .where(and(eq(alerts.workspace, ctx.workspace), eq(alerts.state, 'resolved'), gte(alerts.endedAt, since)))
    .groupBy(alerts.outcome, alerts.reasonKind);
  const bad = found.filter(({ outcome }) => outcome === 'not_useful');
  return {
    ended: found.reduce((sum, { n }) => sum + n, 0),
    notUseful: Object.fromEntries(bad.map(({ kind, n }) => [kind ?? 'other', n])),
  };
}
