import { and, asc, desc, eq, gte, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { alerts, verdicts, watches } from '../../drift/schema.ts';
import { aliasMoves } from '../../releases/schema.ts';
import { liveVersion } from '../../releases/store.ts';
import type { Drifted, Material, Posted, Soaking } from '../checks/material.ts';
import { type Answer, type Gate, gateAnswers, gateEvidence, type Said } from '../schema.ts';

/** One version at the gate of one environment. */
export interface At {
  readonly modelId: string;
  readonly environment: string;
  readonly version: string;
}

type About = At & { readonly model: string; readonly baseline: string | null; readonly said: Said };

/** All that the checks of a gate are judged by, as our records have it now. */
export async function materialOf(ctx: Context, about: About, { checks }: Pick<Gate, 'checks'>): Promise<Material> {
  const { model, version, baseline, said, modelId, environment } = about;
  const soaks = new Map<string, Soaking>();
  for (const check of checks) if (check.kind === 'soak') soaks.set(check.env, await soakingIn(ctx, modelId, check.env));
  return {
    now: ctx.now(),
    model,
    version,
    baseline,
    said,
    posted: await postedFor(ctx, about),
    answers: await answersTo(ctx, about),
    drift: checks.some(({ kind }) => kind === 'drift') ? await worstDrift(ctx, modelId, environment) : undefined,
    soaks,
  };
}

/** The newest piece of each kind, name and slice, of the version and of the live one. */
async function postedFor(ctx: Context, { modelId, environment, version, baseline }: About): Promise<Posted[]> {
  const { kind, name, slice, at } = gateEvidence;
  return await ctx.db
    .selectDistinctOn([gateEvidence.version, kind, name, slice])
    .from(gateEvidence)
    .where(
      and(
        eq(gateEvidence.workspace, ctx.workspace),
        eq(gateEvidence.modelId, modelId),
        inArray(gateEvidence.version, baseline === null ? [version] : [version, baseline]),
        inArray(gateEvidence.environment, ['', environment]),
      ),
    )
    .orderBy(
      gateEvidence.version,
      kind,
      name,
      slice,
      desc(at),
      desc(gateEvidence.receivedAt),
      desc(gateEvidence.environment),
    );
}

/** The newest answer to each question. */
async function answersTo(ctx: Context, { modelId, environment, version }: At): Promise<Answer[]> {
  return await ctx.db
    .selectDistinctOn([gateAnswers.question, gateAnswers.role])
    .from(gateAnswers)
    .where(
      and(
        eq(gateAnswers.workspace, ctx.workspace),
        eq(gateAnswers.modelId, modelId),
        eq(gateAnswers.environment, environment),
        eq(gateAnswers.version, version),
      ),
    )
    // Of two at the same instant a no is heard.
    .orderBy(gateAnswers.question, gateAnswers.role, desc(gateAnswers.at), asc(gateAnswers.yes));
}

/** What a tool reports as drift of columns, by our own histograms or by its own. */
const driftReports = ['drift report', 'features'];
const recentMs = 7 * 24 * 3_600_000;

/** Of each tool its last window; of these the worst, those of the last week before any older one. */
async function worstDrift(ctx: Context, modelId: string, environment: string): Promise<Drifted | undefined> {
  const rows = await ctx.db
    .selectDistinctOn([verdicts.watchId], {
      at: verdicts.at,
      share: verdicts.share,
      source: verdicts.source,
      findings: verdicts.findings,
    })
    .from(verdicts)
    .innerJoin(watches, and(eq(watches.workspace, verdicts.workspace), eq(watches.id, verdicts.watchId)))
    .where(
      and(
        eq(verdicts.workspace, ctx.workspace),
        eq(watches.modelId, modelId),
        eq(watches.environment, environment),
        inArray(watches.metric, driftReports),
        ne(watches.severity, 'warning'),
        isNull(watches.retiredAt),
      ),
    )
    .orderBy(verdicts.watchId, desc(verdicts.at));
  const seen = rows.map(({ at, share, source, findings }): Drifted => {
    const columns = new Set(findings.map(({ column }) => column).filter((column) => column !== ''));
    const drifted = new Set(findings.filter((finding) => finding.drifted).map(({ column }) => column));
    drifted.delete('');
    return { at, source, share: columns.size > 0 ? drifted.size / columns.size : share };
  });
  const recent = seen.filter(({ at }) => ctx.now().getTime() - at.getTime() <= recentMs);
  const worst = recent.toSorted((a, b) => b.share - a.share)[0];
  return worst ?? seen.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
}

/** Whether a drift tool ever reported on it. */
export async function hasDriftReports(ctx: Context, modelId: string, environment: string): Promise<boolean> {
  return (await worstDrift(ctx, modelId, environment)) !== undefined;
}

async function soakingIn(ctx: Context, modelId: string, environment: string): Promise<Soaking> {
  const live = await liveVersion(ctx, modelId, environment);
  const since = live?.since;
  const raised = since
    ? await ctx.db
        .select({ number: alerts.number })
        .from(alerts)
        .where(
          and(
            eq(alerts.workspace, ctx.workspace),
            eq(alerts.modelId, modelId),
            eq(alerts.environment, environment),
            ne(alerts.severity, 'warning'),
            sql`${alerts.outcome} is distinct from 'not_useful'`,
            or(gte(alerts.raisedAt, since), ne(alerts.state, 'resolved')),
          ),
        )
        .orderBy(asc(alerts.number))
        .limit(20)
    : [];
  return {
    live: live?.version,
    since,
    served: live?.servedVersion ?? undefined,
    alerts: raised.map(({ number }) => number),
  };
}

/** Who moved an alias to this version, anywhere. */
export async function releasersOf(ctx: Context, modelId: string, version: string): Promise<string[]> {
  const rows = await ctx.db
    .selectDistinct({ who: aliasMoves.who })
    .from(aliasMoves)
    .where(
      and(eq(aliasMoves.workspace, ctx.workspace), eq(aliasMoves.modelId, modelId), eq(aliasMoves.toVersion, version)),
    );
  return rows.map(({ who }) => who);
}
