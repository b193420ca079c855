import { and, asc, eq, inArray, lte, ne, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce, draw } from '../../messages/announce.ts';
import { nextNumber } from '../installations/store.ts';
import { readingsSince } from '../metrics/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/store.ts';
import { liveVersion } from '../releases/store.ts';
import { acknowledged, allClear, awake, notUseful, snoozed, step, withItem, worstFirst } from './rules.ts';
import { type Alert, alerts, type Finding, type Item, type Verdict, verdicts, type Watch, watches } from './schema.ts';
import { alertCard, chartAlt, inShort, type Shown } from './views.ts';

export type WatchName = Pick<Watch, 'modelId' | 'environment' | 'metric' | 'column'>;
export type WatchLimits = Partial<
  Pick<Watch, 'direction' | 'consecutive' | 'clearConsecutive' | 'cooldown' | 'minRows'>
> &
  Pick<Watch, 'raiseAt' | 'clearAt'>;

/** One window of one watch: its number, or null when it cannot be judged, and what to show of it. */
export interface Window {
  readonly at: Date;
  readonly value: number | null;
  readonly findings: readonly Finding[];
}

/** Sets what is watched and against which limit; what the machine knows so far is kept. */
export async function setWatch(ctx: Context, name: WatchName, limits: WatchLimits, by: string): Promise<Watch> {
  return within(ctx, async (ctx) => {
    const [watch] = await ctx.db
      .insert(watches)
      .values({ workspace: ctx.workspace, ...name, ...limits })
      .onConflictDoUpdate({
        target: [watches.workspace, watches.modelId, watches.environment, watches.metric, watches.column],
        set: limits,
      })
      .returning();
    if (!watch) throw new Error('the watch was not kept');
    record(ctx, {
      who: by,
      what: 'watch.set',
      modelId: watch.modelId,
      subject: `watch:${watch.id}`,
      summary: `watches ${watch.metric} ${watch.direction} ${watch.raiseAt}`,
    });
    return watch;
  });
}

/** The watch over a tool's own verdicts; made on the tool's first report, so that nobody has to set anything. */
export async function reportWatch(ctx: Context, modelId: string, environment: string): Promise<Watch> {
  const name = { modelId, environment, metric: 'drift report', column: '' };
  await ctx.db
    .insert(watches)
    .values({ workspace: ctx.workspace, ...name, raiseAt: 0, clearAt: 0 })
    .onConflictDoNothing();
  const [watch] = await ctx.db
    .select()
    .from(watches)
    .where(and(ofWatch(ctx, name)))
    .for('update');
  if (!watch) throw new Error('the report watch vanished');
  return watch;
}

function ofWatch(ctx: Context, name: WatchName) {
  return and(
    eq(watches.workspace, ctx.workspace),
    eq(watches.modelId, name.modelId),
    eq(watches.environment, name.environment),
    eq(watches.metric, name.metric),
    eq(watches.column, name.column),
  );
}

/** The watches over these series, locked in one order so that two batches cannot wait for each other. */
export async function lockWatches(ctx: Context, modelIds: readonly string[]): Promise<Watch[]> {
  if (modelIds.length === 0) return [];
  return await ctx.db
    .select()
    .from(watches)
    .where(and(eq(watches.workspace, ctx.workspace), inArray(watches.modelId, [...new Set(modelIds)])))
    .orderBy(asc(watches.id))
    .for('update');
}

export async function keepVerdict(ctx: Context, verdict: Omit<Verdict, 'workspace' | 'receivedAt'>): Promise<boolean> {
  const kept = await ctx.db
    .insert(verdicts)
    .values({ workspace: ctx.workspace, receivedAt: ctx.now(), ...verdict })
    .onConflictDoNothing()
    .returning({ at: verdicts.at });
  return kept.length > 0;
}

/**
 * Puts new windows through the alert machine, oldest first. A window not newer than the last judged one is kept
 * but never raises afterwards. The watch must be locked by the caller.
 */
export async function judge(ctx: Context, watch: Watch, windows: readonly Window[]): Promise<void> {
  let now = watch;
  let turned: 'raise' | 'clear' | undefined;
  let last: Window | undefined;
  for (const window of windows.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (now.lastWindow && window.at <= now.lastWindow) continue;
    const { next, turn } = step(now, window.value, now);
    const badSince = next.badStreak === 0 ? null : (now.badSince ?? window.at);
    now = {
      ...now,
      ...next,
      badSince: next.state === 'firing' ? (now.badSince ?? window.at) : badSince,
      lastWindow: window.at,
    };
    if (turn === 'skip') continue;
    if (turn !== null) turned = turn;
    if (turn === 'clear') now = { ...now, badSince: null };
    last = window;
  }
  if (now === watch) return;
  await ctx.db
    .update(watches)
    .set({
      state: now.state,
      badStreak: now.badStreak,
      goodStreak: now.goodStreak,
      sinceRaise: now.sinceRaise,
      badSince: now.badSince,
      lastWindow: now.lastWindow,
    })
    .where(and(eq(watches.workspace, ctx.workspace), eq(watches.id, watch.id)));
  if (!last) return;
  if (now.state === 'firing') await raise(ctx, now, last, turned === 'raise');
  else if (turned === 'clear') await clear(ctx, now, last);
}

/** Opens the model's one alert, or brings the standing one up to date. */
async function raise(ctx: Context, watch: Watch, window: Window, isNew: boolean): Promise<void> {
  const model = await modelById(ctx, watch.modelId);
  const live = await liveAlert(ctx, watch);
  const before = live?.items.find((item) => item.watchId === watch.id);
  // The findings of the last bad window stay on the card while the machine waits for enough good ones.
  const findings = window.findings.some((finding) => finding.drifted) ? window.findings : (before?.findings ?? []);
  const item: Item = {
    watchId: watch.id,
    metric: watch.metric,
    findings,
    since: (watch.badSince ?? window.at).toISOString(),
    windows: isNew ? watch.consecutive : (before?.windows ?? watch.consecutive) + (watch.goodStreak > 0 ? 0 : 1),
    lastWindow: window.at.toISOString(),
  };
  if (!live && !isNew) return;
  if (live) {
    const items = withItem(live.items, item);
    await tell(ctx, await change(ctx, live, { items }), model);
    return;
  }
  const version = await liveVersion(ctx, model.id, watch.environment);
  const [alert] = await ctx.db
    .insert(alerts)
    .values({
      workspace: ctx.workspace,
      number: await nextNumber(ctx, 'alert'),
      modelId: model.id,
      environment: watch.environment,
      version: version?.version ?? null,
      items: [item],
      raisedAt: ctx.now(),
    })
    .returning();
  if (!alert) throw new Error('the alert was not kept');
  const worst = worstFirst(findings)[0];
  note(ctx, alert, 'monitor', 'raised', `drift alert ${alert.number} raised: ${worst ? said(worst) : watch.metric}`);
  await tell(ctx, alert, model);
}

async function clear(ctx: Context, watch: Watch, window: Window): Promise<void> {
  const live = await liveAlert(ctx, watch);
  const item = live?.items.find((each) => each.watchId === watch.id);
  if (!live || !item) return;
  const items = withItem(live.items, { ...item, clearedAt: window.at.toISOString() });
  const over = allClear(items)
    ? ({ state: 'resolved', outcome: 'cleared', endedBy: 'monitor', endedAt: ctx.now() } as const)
    : {};
  const after = await change(ctx, live, { items, ...over });
  if (after.state === 'resolved')
    note(ctx, after, 'monitor', 'cleared', `drift alert ${after.number} cleared by itself`);
  await tell(ctx, after, await modelById(ctx, watch.modelId));
}

async function liveAlert(ctx: Context, of: Pick<Watch, 'modelId' | 'environment'>): Promise<Alert | undefined> {
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

async function change(ctx: Context, alert: Alert, to: Partial<Alert>): Promise<Alert> {
  const [after] = await ctx.db
    .update(alerts)
    .set({ ...to, revision: sql`${alerts.revision} + 1` })
    .where(and(eq(alerts.workspace, ctx.workspace), eq(alerts.id, alert.id), eq(alerts.revision, alert.revision)))
    .returning();
  if (!after) throw new Refusal('Somebody changed this alert just before you. Please look at the card again.');
  return after;
}

function note(ctx: Context, alert: Alert, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `drift.${verb}`, modelId: alert.modelId, subject: `alert:${alert.id}`, summary });
}

function said(finding: Finding): string {
  return `${finding.column ? `${finding.label} of ${finding.column}` : finding.label} at ${finding.score}, limit ${finding.limit}`;
}

async function tell(ctx: Context, alert: Alert, model: Model): Promise<Alert> {
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
    title: `${model.name}: ${worst.column ? `${worst.label} of ${worst.column}` : worst.label}`,
    unit: '',
    points: points.map((point) => [point.at.getTime(), point.value]),
    limit: { value: worst.limit, label: 'limit' },
    since: new Date(item.since).getTime(),
  });
  return { key, alt: chartAlt(worst, model.name, points) };
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
