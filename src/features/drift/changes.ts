import { and, eq, lte, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce, draw } from '../../messages/announce.ts';
import { readingsSince } from '../metrics/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { alertFor, type Which } from './queries.ts';
import { acknowledged, awake, notUseful, snoozed, worstFirst } from './rules.ts';
import { type Alert, alerts } from './schema.ts';
import { alertCard, chartAlt, type Shown } from './views.ts';

export function acknowledge(ctx: Context, which: Which, by: string): Promise<Alert> {
  return within(ctx, async (ctx) => {
    const before = await alertFor(ctx, which);
    const after = await change(ctx, before, acknowledged(before, by, ctx.now()));
    note(ctx, after, by, 'acknowledged', `took drift alert ${after.number}`);
    return await tell(ctx, after, await modelById(ctx, after.modelId));
  });
}

export function snooze(ctx: Context, which: Which, ms: number, by: string): Promise<Alert> {
  return within(ctx, async (ctx) => {
    const before = await alertFor(ctx, which);
    const until = new Date(ctx.now().getTime() + ms);
    const after = await change(ctx, before, snoozed(before, until, ctx.now()));
    note(ctx, after, by, 'snoozed', `snoozed drift alert ${after.number} until ${until.toISOString()}`);
    return await tell(ctx, after, await modelById(ctx, after.modelId));
  });
}

export function closeAsNotUseful(ctx: Context, which: Which, reason: string, by: string): Promise<Alert> {
  return within(ctx, async (ctx) => {
    const before = await alertFor(ctx, which);
    const after = await change(ctx, before, notUseful(before, by, reason, ctx.now()));
    note(ctx, after, by, 'not_useful', `closed drift alert ${after.number} as not useful: ${reason}`);
    return await tell(ctx, after, await modelById(ctx, after.modelId));
  });
}

/** Wakes one alert whose snooze is over; false when none is. */
export function wakeNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(alerts)
      .where(and(eq(alerts.workspace, ctx.workspace), eq(alerts.state, 'snoozed'), lte(alerts.snoozedUntil, ctx.now())))
      .limit(1)
      .for('update', { skipLocked: true });
    const woken = due && awake(ctx.now(), due);
    if (!due || !woken) return false;
    const after = await change(ctx, due, woken);
    note(ctx, after, 'monitor', 'woken', `the snooze of drift alert ${after.number} ended`);
    await tell(ctx, after, await modelById(ctx, after.modelId));
    return true;
  });
}

/** Writes unless somebody changed it since it was read. */
export async function change(ctx: Context, alert: Alert, to: Partial<Alert>): Promise<Alert> {
  const [after] = await ctx.db
    .update(alerts)
    .set({ ...to, revision: sql`${alerts.revision} + 1` })
    .where(and(eq(alerts.workspace, ctx.workspace), eq(alerts.id, alert.id), eq(alerts.revision, alert.revision)))
    .returning();
  if (!after) throw new Refusal('Somebody changed this alert just before you. Please look at the card again.');
  return after;
}

export function note(ctx: Context, alert: Alert, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `drift.${verb}`, modelId: alert.modelId, subject: `alert:${alert.id}`, summary });
}

export async function tell(ctx: Context, alert: Alert, model: Model): Promise<Alert> {
  const key = `alert:${alert.id}`;
  await announce(
    ctx,
    key,
    { channel: model.channel, owner: model.ownerId },
    alertCard(alert, model, await chart(ctx, alert, model)),
  );
  return alert;
}

const chartDays = 30;

/** The picture of the worst finding's series; drawn anew when a newer window came. */
async function chart(ctx: Context, alert: Alert, model: Model): Promise<Shown | undefined> {
  const live = alert.items.filter((item) => !item.clearedAt);
  const items = live.length > 0 ? live : alert.items;
  const worst = worstFirst(items.flatMap((item) => item.findings.filter((finding) => finding.drifted)))[0];
  const item = items.find((each) => worst && each.findings.includes(worst));
  if (!worst || !item) return undefined;
  const from = new Date(new Date(item.lastWindow).getTime() - chartDays * 86_400_000);
  const name = { modelId: model.id, environment: alert.environment, metric: worst.method, column: worst.column };
  const points = await readingsSince(ctx, name, from);
  if (points.length < 2) return undefined;
  const key = `alert:${alert.id}:${worst.method}:${worst.column}:${item.lastWindow}`;
  await draw(ctx, key, {
    title: worst.column ? `${worst.column}: ${worst.label}` : `${model.name}: ${worst.label}`,
    unit: '',
    points: points.map((point) => [point.at.getTime(), point.value]),
    limit: { value: worst.limit, label: 'limit' },
    since: new Date(item.since).getTime(),
  });
  return { key, alt: chartAlt(worst, model.name, points) };
}
