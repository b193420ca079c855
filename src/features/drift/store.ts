import { and, asc, eq, inArray, isNull, lte } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { readingsSince } from '../metrics/store.ts';
import { modelById } from '../models/queries.ts';
import { firing, stepColumns, type Window } from './columns.ts';
import { clear, noteLate, putItem, raise } from './raising.ts';
import { type Verdict, verdicts, type Watch, watches } from './schema.ts';
import { silenceAfter, withGap } from './silence.ts';
import { newWindows } from './windows.ts';

export type WatchName = Pick<Watch, 'modelId' | 'environment' | 'metric' | 'column'>;
export type WatchLimits = Pick<Watch, 'raiseAt' | 'clearAt'> &
  Partial<
    Pick<
      Watch,
      | 'direction'
      | 'consecutive'
      | 'clearConsecutive'
      | 'cooldown'
      | 'minRows'
      | 'severity'
      | 'lateSeconds'
      | 'graceSeconds'
      | 'expectSeconds'
      | 'rule'
      | 'reference'
    >
  >;

const madeByTools = 'drift report';

/** Sets what is watched and against which limit; what the machine knows so far is kept. */
export async function setWatch(
  ctx: Context,
  name: WatchName & { readonly method?: string },
  limits: WatchLimits,
  by: string,
): Promise<Watch> {
  return within(ctx, async (ctx) => {
    const severity = limits.severity ?? (await usualSeverity(ctx, name.modelId));
    const [watch] = await ctx.db
      .insert(watches)
      .values({ workspace: ctx.workspace, ...name, ...limits, severity, madeBy: by })
      .onConflictDoUpdate({
        target: [
          watches.workspace,
          watches.modelId,
          watches.environment,
          watches.metric,
          watches.column,
          watches.method,
          watches.severity,
        ],
        set: { ...limits, retiredAt: null },
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

/** A business-critical model calls at any hour. */
async function usualSeverity(ctx: Context, modelId: string) {
  return (await modelById(ctx, modelId)).tier === 1 ? ('critical' as const) : ('high' as const);
}

/** The watch over a tool's own verdicts; made on the tool's first report, so that nobody has to set anything. */
export function reportWatch(ctx: Context, modelId: string, environment: string): Promise<Watch> {
  return verdictWatch(ctx, { modelId, environment, metric: madeByTools, column: '' }, {});
}

/** The watch of this name over what others judge, locked; made when it is missing. */
export async function verdictWatch(ctx: Context, name: WatchName, limits: Partial<WatchLimits>): Promise<Watch> {
  const method = 'verdict';
  const known = and(ofWatch(ctx, name), eq(watches.method, method));
  const find = () => ctx.db.select().from(watches).where(known).for('update');
  const [standing] = await find();
  if (standing) return standing;
  const severity = limits.severity ?? (await usualSeverity(ctx, name.modelId));
  await ctx.db
    .insert(watches)
    .values({ workspace: ctx.workspace, ...name, raiseAt: 0, clearAt: 0, ...limits, method, severity })
    .onConflictDoNothing();
  const [watch] = await find();
  if (!watch) throw new Error('the watch vanished');
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

/** The rules over these models, locked in one order so that two batches cannot wait for each other. */
export async function lockWatches(ctx: Context, modelIds: readonly string[]): Promise<Watch[]> {
  if (modelIds.length === 0) return [];
  return await ctx.db
    .select()
    .from(watches)
    .where(
      and(
        eq(watches.workspace, ctx.workspace),
        inArray(watches.modelId, [...new Set(modelIds)]),
        isNull(watches.retiredAt),
      ),
    )
    .orderBy(asc(watches.id))
    .for('update');
}

/** Stores what one window said; more of the same window takes its place. */
export async function keepVerdict(ctx: Context, verdict: Omit<Verdict, 'workspace' | 'receivedAt'>): Promise<void> {
  const { drifted, share, rows, findings } = verdict;
  await ctx.db
    .insert(verdicts)
    .values({ workspace: ctx.workspace, receivedAt: ctx.now(), ...verdict })
    .onConflictDoUpdate({
      target: [verdicts.workspace, verdicts.watchId, verdicts.at],
      set: { drifted, share, rows, findings },
    });
}

export async function findVerdict(ctx: Context, watchId: string, at: Date): Promise<Verdict | undefined> {
  const [verdict] = await ctx.db
    .select()
    .from(verdicts)
    .where(and(eq(verdicts.workspace, ctx.workspace), eq(verdicts.watchId, watchId), eq(verdicts.at, at)));
  return verdict;
}

/**
 * Puts new windows through the alert machine, oldest first. One that is older than the last judged one is kept and at
 * most noted: it never raises afterwards. The watch must be locked by the caller.
 */
export async function judge(ctx: Context, watch: Watch, windows: readonly Window[]): Promise<void> {
  if (watch.retiredAt) return;
  let now = watch;
  const raised = new Set<string>();
  const late: Window[] = [];
  for (const window of windows.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (isPast(now, window)) {
      late.push(window);
      continue;
    }
    const stepped = stepColumns(now.columns, window, now);
    for (const key of stepped.raised) raised.add(key);
    now = { ...now, columns: stepped.columns, ...withGap(now, window.at), lastWindow: window.at };
  }
  if (now !== watch) {
    const state = firing(now.columns).length > 0 ? 'firing' : 'ok';
    now = { ...now, state, silentSince: null };
    const { columns, lastWindow, gaps } = now;
    await ctx.db
      .update(watches)
      .set({ state, columns, lastWindow, gaps, silentSince: null, silentAt: silenceAfter(now) })
      .where(and(eq(watches.workspace, ctx.workspace), eq(watches.id, watch.id)));
    if (state === 'firing') await raise(ctx, now, raised.size > 0);
    else if (watch.state === 'firing' || watch.silentSince) await clear(ctx, now);
  }
  for (const window of late) await noteLate(ctx, now, window);
}

/**
 * Judges what has settled by now of a series: windows whose lateness is over. Later ones are due when theirs is.
 * The watch must be locked by the caller.
 */
export async function judgeSettled(ctx: Context, watch: Watch, late: readonly Window[]): Promise<void> {
  const now = ctx.now();
  const until = new Date(now.getTime() - watch.lateSeconds * 1000);
  const { windows, reference } = await newWindows(ctx, watch, until);
  const [next] = watch.lateSeconds > 0 ? await readingsSince(ctx, watch, new Date(until.getTime() + 1)) : [];
  const dueAt = next ? new Date(next.at.getTime() + watch.lateSeconds * 1000) : null;
  await ctx.db
    .update(watches)
    .set({ dueAt, reference })
    .where(and(eq(watches.workspace, ctx.workspace), eq(watches.id, watch.id)));
  for (const window of windows) await keepScore(ctx, watch, window);
  await judge(ctx, { ...watch, reference }, [...late, ...windows]);
}

/** A score that is not the reading itself is kept with its method, limit and arithmetic. */
async function keepScore(ctx: Context, watch: Watch, { at, findings, rows }: Window): Promise<void> {
  if (watch.method === 'threshold' || findings.every(({ score }) => score === null)) return;
  const drifted = findings.some((finding) => finding.drifted);
  const of = { watchId: watch.id, at, source: 'rule', rows: rows ?? null, findings };
  await keepVerdict(ctx, { ...of, drifted, share: Number(drifted) });
}

/** One rule that waited for late data; false when none is due. */
export function judgeNextDue(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const [watch] = await ctx.db
      .select()
      .from(watches)
      .where(and(eq(watches.workspace, ctx.workspace), lte(watches.dueAt, ctx.now())))
      .orderBy(asc(watches.dueAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!watch) return false;
    await judgeSettled(ctx, watch, []);
    return true;
  });
}

function isPast({ lastWindow }: Watch, { at, isMore }: Window): boolean {
  return lastWindow !== null && (isMore ? at < lastWindow : at <= lastWindow);
}

/** One rule whose data stopped; false when all speak. */
export function noticeSilence(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const now = ctx.now();
    const [watch] = await ctx.db
      .select()
      .from(watches)
      .where(and(eq(watches.workspace, ctx.workspace), lte(watches.silentAt, now), isNull(watches.retiredAt)))
      .orderBy(asc(watches.silentAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!watch) return false;
    const since = watch.lastWindow ?? now;
    await ctx.db
      .update(watches)
      .set({ silentAt: null, silentSince: since })
      .where(and(eq(watches.workspace, ctx.workspace), eq(watches.id, watch.id)));
    const expected = ((watch.silentAt?.getTime() ?? now.getTime()) - since.getTime()) / 3_600_000;
    await putItem(ctx, watch, true, {
      watchId: watch.id,
      metric: watch.metric,
      severity: watch.severity,
      findings: [
        {
          column: '',
          method: 'no_data',
          label: watch.metric === 'features' ? 'No histograms' : `No ${watch.metric}`,
          score: (now.getTime() - since.getTime()) / 3_600_000,
          limit: expected,
          direction: 'above',
          drifted: true,
        },
      ],
      since: since.toISOString(),
      windows: 1,
      lastWindow: since.toISOString(),
    });
    return true;
  });
}
