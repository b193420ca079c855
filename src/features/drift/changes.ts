import { and, eq, lte, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce, draw } from '../../messages/announce.ts';
import { troubledFeeds } from '../datasets/queries.ts';
import { readingsSince } from '../metrics/store.ts';
import type { Calling } from '../../messages/schema.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { teamById } from '../teams/queries.ts';
import { movesOf } from '../releases/store.ts';
import { Reference } from './detectors/reference.ts';
import { alertFor, watchOf, type Which } from './queries.ts';
import { acknowledged, awake, heaviestOfEach, notUseful, snoozed, worstFirst } from './rules.ts';
import { leaseOf } from './leases.ts';
import { type Alert, alerts } from './schema.ts';
import { alertCard, chartAlt, type Fed, historyLine, type News, type Shown } from './views.ts';

export function acknowledge(ctx: Context, which: Which, by: string): Promise<Alert> {
  return within(ctx, async (ctx) => {
    const before = await alertFor(ctx, which);
    const model = await modelById(ctx, before.modelId);
    const until = leaseOf(before.severity, await teamById(ctx, model.teamId), ctx.now());
    const after = await change(ctx, before, acknowledged(before, by, ctx.now(), until));
    note(ctx, after, by, 'acknowledged', `took drift alert ${after.number}`);
    await log(ctx, after, model, { took: by, until });
    return await tell(ctx, after, model);
  });
}

export function snooze(ctx: Context, which: Which, ms: number, by: string): Promise<Alert> {
  return within(ctx, async (ctx) => {
    const before = await alertFor(ctx, which);
    const until = new Date(ctx.now().getTime() + ms);
    const after = await change(ctx, before, snoozed(before, until, ctx.now()));
    const model = await modelById(ctx, after.modelId);
    note(ctx, after, by, 'snoozed', `snoozed drift alert ${after.number} until ${until.toISOString()}`);
    await log(ctx, after, model, { snoozed: by, until });
    return await tell(ctx, after, model);
  });
}

/** `kind` is one of the reasons of the form; `reason` is what people read. */
export function closeAsNotUseful(
  ctx: Context,
  which: Which,
  { kind, reason }: { readonly kind: string; readonly reason: string },
  by: string,
): Promise<Alert> {
  return within(ctx, async (ctx) => {
    const before = await alertFor(ctx, which);
    const after = await change(ctx, before, notUseful(before, by, kind, reason, ctx.now()));
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

export async function open(ctx: Context, alert: Omit<typeof alerts.$inferInsert, 'workspace'>): Promise<Alert> {
  const [opened] = await ctx.db
    .insert(alerts)
    .values({ workspace: ctx.workspace, ...alert })
    .returning();
  if (!opened) throw new Error('the alert was not kept');
  return opened;
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

export const calling = ({ id }: Alert, { teamId }: Model): Calling => ({ about: `alert:${id}`, teamId });

/** A line of history below the card. */
export async function log(ctx: Context, alert: Alert, model: Model, news: News): Promise<void> {
  if (!alert.shownAt) return;
  const thread = `alert:${alert.id}`;
  const key = 'late' in news ? `late:${news.at.toISOString()}` : `${alert.revision}`;
  await announce(ctx, `history:${thread}:${key}`, { channel: model.channel, thread }, historyLine(alert, news));
}

/** What should stand of it; a warning, or what waits for the morning, has no card yet. */
export async function tell(ctx: Context, alert: Alert, model: Model): Promise<Alert> {
  if (!alert.shownAt) return alert;
  const key = `alert:${alert.id}`;
  await announce(
    ctx,
    key,
    { channel: model.channel, owner: model.ownerId, calls: alert.state === 'open' ? calling(alert, model) : undefined },
    alertCard(alert, model, await chart(ctx, alert, model), await fedOf(ctx, model)),
  );
  return alert;
}

async function fedOf(ctx: Context, { id }: Model): Promise<Fed[]> {
  const troubled = (await troubledFeeds(ctx, [id])).get(id) ?? [];
  return troubled.map(({ name, problems }) => ({ name, words: problems.map(({ words }) => words).join('; ') }));
}

const chartDays = 30;

/** The picture of the worst finding's series; drawn anew when a newer window came. */
async function chart(ctx: Context, alert: Alert, model: Model): Promise<Shown | undefined> {
  const live = alert.items.filter((item) => !item.clearedAt);
  const items = heaviestOfEach(live.length > 0 ? live : alert.items);
  const worst = worstFirst(items.flatMap((item) => item.findings.filter((finding) => finding.drifted)))[0];
  const item = items.find((each) => worst && each.findings.includes(worst));
  if (!worst || !item) return undefined;
  const from = new Date(new Date(item.lastWindow).getTime() - chartDays * 86_400_000);
  const metric = worst.method.startsWith(item.metric) ? item.metric : worst.method;
  const name = { modelId: model.id, environment: alert.environment, metric, column: worst.column };
  const points = await readingsSince(ctx, name, from);
  if (points.length < 2) return undefined;
  const key = `alert:${alert.id}:${worst.method}:${worst.column}:${item.lastWindow}`;
  const isScore = metric === worst.method;
  const rule = await ruleBehind(ctx, item.watchId);
  await draw(ctx, key, {
    title: worst.column ? `${worst.column}: ${isScore ? worst.label : metric}` : `${model.name}: ${metric}`,
    unit: '',
    points: points.map((point) => [point.at.getTime(), point.value]),
    ...(isScore && worst.limit !== null && { limit: { value: worst.limit, label: 'limit', side: worst.direction } }),
    ...(isScore && rule && rule.raiseAt === worst.limit && { clearAt: rule.clearAt }),
    ...(!isScore && rule?.baseline && { baseline: rule.baseline }),
    releases: await releasesSince(ctx, alert, from),
    raised: alert.raisedAt.getTime(),
    since: new Date(item.since).getTime(),
  });
  return { key, alt: chartAlt(worst, model.name, points) };
}

/** What the rule takes for normal, and where it clears. */
async function ruleBehind(ctx: Context, watchId: string) {
  const watch = await watchOf(ctx, watchId);
  const reference = Reference.safeParse(watch?.reference).data;
  const baseline = reference && { mean: reference.mean, sigma: reference.std };
  return watch && { raiseAt: watch.raiseAt, clearAt: watch.clearAt, baseline };
}

async function releasesSince(ctx: Context, { modelId, environment }: Alert, from: Date) {
  const moves = await movesOf(ctx, modelId, environment);
  return moves.filter(({ at }) => at >= from).map(({ at, toVersion }) => ({ at: at.getTime(), version: toVersion }));
}
