import { and, asc, eq, ne } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { worstFirst } from './rules.ts';
import { type Alert, alerts, type Watch } from './schema.ts';
import { inShort } from './views.ts';

/** An alert by its id (a click) or its number (a command). */
export type Which = { readonly alertId: string } | { readonly number: number };

/** Locked, so that of two people who press at the same instant the second reads what the first did. */
export async function alertFor(ctx: Context, which: Which): Promise<Alert> {
  const [alert] = await ctx.db
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.workspace, ctx.workspace),
        'alertId' in which ? eq(alerts.id, which.alertId) : eq(alerts.number, which.number),
      ),
    )
    .for('update');
  if (alert) return alert;
  throw new Refusal('number' in which ? `There is no drift alert ${which.number}.` : 'That alert is gone.', {
    field: 'alert',
  });
}

export function openAlerts(ctx: Context): Promise<Alert[]> {
  return ctx.db
    .select()
    .from(alerts)
    .where(and(eq(alerts.workspace, ctx.workspace), ne(alerts.state, 'resolved')))
    .orderBy(asc(alerts.number))
    .limit(50);
}

/** The model's one live alert, locked. */
export async function liveAlert(ctx: Context, of: Pick<Watch, 'modelId' | 'environment'>): Promise<Alert | undefined> {
  const [alert] = await ctx.db
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.workspace, ctx.workspace),
        eq(alerts.modelId, of.modelId),
        eq(alerts.environment, of.environment),
        ne(alerts.state, 'resolved'),
      ),
    )
    .for('update');
  return alert;
}

/** What an alert says, for whoever builds on it: "drift alert 3: amount 0.53 (limit 0.1)". */
export async function evidenceOf(ctx: Context, alertId: string): Promise<{ words: string; since: Date }> {
  const alert = await alertFor(ctx, { alertId });
  const findings = worstFirst(alert.items.flatMap((item) => item.findings.filter((finding) => finding.drifted)));
  const since = alert.items.map((item) => item.since).toSorted()[0];
  return {
    words: `drift alert ${alert.number}: ${findings.slice(0, 5).map(inShort).join(', ')}`,
    since: since ? new Date(since) : alert.raisedAt,
  };
}
