import type { Context } from '../../context.ts';
import { budgetMs, each, gathered, type Provider, readInTime } from './gathering.ts';
import { alertFacts } from './providers/alert.ts';
import { approvalFacts } from './providers/approval.ts';
import { commitmentFacts } from './providers/commitment.ts';
import { dataFacts } from './providers/data.ts';
import { goalFacts } from './providers/goal.ts';
import { incidentFacts } from './providers/incident.ts';
import { releaseFacts } from './providers/release.ts';
import { runFacts } from './providers/run.ts';
import { workFacts } from './providers/work.ts';
import { type OffGoal, offGoalsOf } from './providers/team-goal.ts';
import { type Asked, type Fact, type FactKind, factKinds, type Found, type Gathered, told } from './rules.ts';

const reads: Readonly<Record<FactKind, Provider['read']>> = {
  approval: approvalFacts,
  alert: alertFacts,
  incident: incidentFacts,
  commitment: commitmentFacts,
  work: workFacts,
  release: releaseFacts,
  run: runFacts,
  data: dataFacts,
  goal: goalFacts,
};

/** What the records know for each of these people since their own instant; meant for up to 200 at a time. */
export function factsFor(ctx: Context, asked: readonly Asked[]): Promise<Gathered> {
  return gathered(
    ctx,
    asked,
    factKinds.map((kind) => ({ kind, read: reads[kind] })),
  );
}

/** What is said of a team's models; of each kind at most `mostOfKind`, and one more where there are more. */
interface TeamFacts {
  readonly offGoal: readonly OffGoal[];
  readonly releases: readonly Pick<Fact, 'words' | 'at'>[];
  readonly data: readonly Pick<Fact, 'words'>[];
  readonly alerts: readonly Pick<Fact, 'words'>[];
  readonly incidents: readonly Pick<Fact, 'words'>[];
}

export interface TeamsGathered {
  /** Every team that was asked for is in it. */
  readonly teams: ReadonlyMap<string, TeamFacts>;
  readonly missing: readonly (keyof TeamFacts)[];
}

interface Part {
  readonly found: readonly Found[];
  readonly offGoal?: ReadonlyMap<string, readonly OffGoal[]>;
}
interface Job {
  readonly part: keyof TeamFacts;
  readonly read: (ctx: Context) => Promise<Part>;
}

/** The same for the digests of teams; a team without an instant of its own is told what stands now. */
export async function teamFactsFor(
  ctx: Context,
  teamIds: readonly string[],
  since: ReadonlyMap<string, Date>,
): Promise<TeamsGathered> {
  const ids = [...new Set(teamIds)];
  if (ids.length === 0) return { teams: new Map(), missing: [] };
  const asked = ids.map((id) => ({ personId: id, since: since.get(id) ?? ctx.now() }));
  // Read as a person's, with all models of the team in the place of one's own.
  const jobs: readonly Job[] = [
    { part: 'offGoal', read: async (ctx) => ({ found: [], offGoal: await offGoalsOf(ctx, ids) }) },
    { part: 'releases', read: async (ctx) => ({ found: await releaseFacts(ctx, asked, 'team') }) },
    { part: 'data', read: async (ctx) => ({ found: await dataFacts(ctx, asked, 'team') }) },
    { part: 'alerts', read: async (ctx) => ({ found: await alertFacts(ctx, asked, 'team') }) },
    { part: 'incidents', read: async (ctx) => ({ found: await incidentFacts(ctx, asked, 'team') }) },
  ];
  const parts = await each(ctx, jobs, ({ part, read }) => readInTime(ctx, `${part} of teams`, budgetMs, read));
  const facts = told(
    asked,
    parts.flatMap((part) => part?.found ?? []),
  );
  const offGoal = parts.find((part) => part?.offGoal !== undefined)?.offGoal;
  return {
    teams: new Map(ids.map((id) => [id, { ...byKind(facts.get(id) ?? []), offGoal: offGoal?.get(id) ?? [] }])),
    missing: jobs.filter((_, i) => parts[i] === undefined).map(({ part }) => part),
  };
}

function byKind(facts: readonly Fact[]): Omit<TeamFacts, 'offGoal'> {
  const of = (kind: FactKind) => facts.filter((fact) => fact.kind === kind);
  return { releases: of('release'), data: of('data'), alerts: of('alert'), incidents: of('incident') };
}
