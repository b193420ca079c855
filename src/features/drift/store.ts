import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { nextNumber } from '../installations/store.ts';
import { modelById } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { change, note, tell } from './changes.ts';
import { liveAlert } from './queries.ts';
import { allClear, step, withItem, worstFirst } from './rules.ts';
import { alerts, type Finding, type Item, type Verdict, verdicts, type Watch, watches } from './schema.ts';

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

function said(finding: Finding): string {
  return `${finding.column ? `${finding.label} of ${finding.column}` : finding.label} at ${finding.score}, limit ${finding.limit}`;
}
