import { and, asc, eq, inArray, isNull, like, lte, ne, or, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { worstFirst } from './rules.ts';
import { type Alert, alerts, type Watch, watches } from './schema.ts';
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

/** Rules over what others judge that fire now, by the beginning of their name. */
export function verdictsFiring(ctx: Context, prefix: string): Promise<Pick<Watch, 'modelId' | 'metric'>[]> {
  return ctx.db
    .selectDistinct({ modelId: watches.modelId, metric: watches.metric })
    .from(watches)
    .where(
      and(
        eq(watches.workspace, ctx.workspace),
        eq(watches.method, 'verdict'),
        eq(watches.state, 'firing'),
        like(watches.metric, `${prefix}%`),
      ),
    );
}

export async function watchOf(ctx: Context, id: string): Promise<Watch | undefined> {
  const [watch] = await ctx.db
    .select()
    .from(watches)
    .where(and(eq(watches.workspace, ctx.workspace), eq(watches.id, id)));
  return watch;
}

/** Every rule of a model that watches now. */
export function rulesOf(ctx: Context, modelId: string): Promise<Watch[]> {
  return ctx.db
    .select()
    .from(watches)
    .where(and(eq(watches.workspace, ctx.workspace), eq(watches.modelId, modelId), isNull(watches.retiredAt)));
}

/** Whether there is a rule of this name over what others judge. */
export async function isWatched(
  ctx: Context,
  name: Pick<Watch, 'modelId' | 'environment' | 'metric' | 'column'>,
): Promise<boolean> {
  const [found] = await ctx.db
    .select({ id: watches.id })
    .from(watches)
    .where(
      and(
        eq(watches.workspace, ctx.workspace),
        eq(watches.modelId, name.modelId),
        eq(watches.environment, name.environment),
        eq(watches.metric, name.metric),
        eq(watches.column, name.column),
        eq(watches.method, 'verdict'),
      ),
    )
    .limit(1);
  return found !== undefined;
}

/** Warnings that nobody has taken: they are told in a digest. */
export function openWarnings(ctx: Context): Promise<Alert[]> {
  return ctx.db
    .select()
    .from(alerts)
    .where(and(eq(alerts.workspace, ctx.workspace), eq(alerts.state, 'open'), eq(alerts.severity, 'warning')))
    .orderBy(asc(alerts.number))
    .limit(500);
}

type Place = Pick<Watch, 'modelId' | 'environment'>;

/** The model's one live alert, locked. */
export async function liveAlert(ctx: Context, of: Place): Promise<Alert | undefined> {
  const [alert] = await ctx.db.select().from(alerts).where(isLive(ctx, of)).for('update');
  return alert;
}

/** The same for whoever only looks. */
export async function alertNow(ctx: Context, of: Place): Promise<Alert | undefined> {
  const [alert] = await ctx.db.select().from(alerts).where(isLive(ctx, of));
  return alert;
}

/** Of those in one of these places, and of these themselves, the first that is not over. */
export async function firstLive(
  ctx: Context,
  places: readonly Place[],
  ids: readonly string[],
): Promise<Pick<Alert, 'number' | 'modelId'> | undefined> {
  const [alert] = await ctx.db
    .select({ number: alerts.number, modelId: alerts.modelId })
    .from(alerts)
    .where(
      and(
        eq(alerts.workspace, ctx.workspace),
        ne(alerts.state, 'resolved'),
        or(...places.map((of) => isLive(ctx, of)), inArray(alerts.id, [...ids])),
      ),
    )
    .orderBy(asc(alerts.number))
    .limit(1);
  return alert;
}

function isLive(ctx: Context, { modelId, environment }: Place) {
  return and(
    eq(alerts.workspace, ctx.workspace),
    eq(alerts.modelId, modelId),
    eq(alerts.environment, environment),
    ne(alerts.state, 'resolved'),
  );
}

/** The alert whose call is due first, locked. */
export async function nextToCall(ctx: Context): Promise<Alert | undefined> {
  const [due] = await ctx.db
    .select()
    .from(alerts)
    .where(and(eq(alerts.workspace, ctx.workspace), lte(alerts.nextCallAt, ctx.now())))
    .orderBy(asc(alerts.nextCallAt))
    .limit(1)
    .for('update', { skipLocked: true });
  return due;
}

export interface AlertEvidence {
  /** "drift alert 3: amount 0.53 (limit 0.1)". */
  readonly words: string;
  readonly since: Date;
  readonly raisedAt: Date;
  /** Who was on it first, and when; undefined where nobody was yet. */
  readonly taken: { readonly at: Date; readonly by: string } | undefined;
}

/** What an alert says, for whoever builds on it. */
export async function evidenceOf(ctx: Context, alertId: string): Promise<AlertEvidence> {
  const alert = await alertFor(ctx, { alertId });
  const findings = worstFirst(alert.items.flatMap((item) => item.findings.filter((finding) => finding.drifted)));
  const since = alert.items.map((item) => item.since).toSorted()[0];
  return {
    words: `drift alert ${alert.number}: ${findings.slice(0, 5).map(inShort).join(', ')}`,
    since: since ? new Date(since) : alert.raisedAt,
    raisedAt: alert.raisedAt,
    taken: alert.firstTakenAt ? { at: alert.firstTakenAt, by: alert.takenBy ?? 'pitcrew' } : undefined,
  };
}

/** How many alerts of this model in the last 90 days told somebody something, for the rule that raised them. */
export async function precisionOf(
  ctx: Context,
  watchId: string,
  modelId: string,
): Promise<{ judged: number; useful: number; reasons: Record<string, number> }> {
  const since = new Date(ctx.now().getTime() - 90 * 86_400_000);
  const found = await ctx.db
    .select({ outcome: alerts.outcome, kind: alerts.reasonKind, taken: alerts.takenBy })
    .from(alerts)
    .where(
      and(
        eq(alerts.workspace, ctx.workspace),
        eq(alerts.modelId, modelId),
        eq(alerts.state, 'resolved'),
        sql`${alerts.raisedAt} >= ${since.toISOString()}::timestamptz`,
        sql`${alerts.items} @> ${JSON.stringify([{ watchId }])}::jsonb`,
      ),
    )
    .limit(1000);
  const reasons: Record<string, number> = {};
  for (const { kind } of found) if (kind) reasons[kind] = (reasons[kind] ?? 0) + 1;
  const bad = found.filter(({ outcome }) => outcome === 'not_useful').length;
  return { judged: found.length, useful: found.length - bad, reasons };
}
