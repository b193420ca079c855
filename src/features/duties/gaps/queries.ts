import type { Context } from '../../../context.ts';
import type { Model } from '../../models/schema.ts';
import type { Team } from '../../teams/schema.ts';
import { factsOf } from '../facts/queries.ts';
import { type TeamFacts } from '../rules.ts';
import { acceptedOn, coverage, type Gap, isWorthTelling, weekAhead } from './rules.ts';
import type { AcceptedGap } from '../schema.ts';

/** A gap that should be said, and whether the team lives with it for now. */
export interface Told extends Gap {
  readonly accepted: AcceptedGap | undefined;
}
export interface TeamCoverage {
  readonly team: Team;
  readonly models: readonly Model[];
  readonly facts: TeamFacts;
  /** Worst first. */
  readonly gaps: readonly Told[];
}

/** What this team lacks. */
export async function coverageOf(ctx: Context, teamId: string): Promise<TeamCoverage | undefined> {
  return (await coverageOfTeams(ctx, [teamId]))[0];
}

/** The same for many teams, in as many reads as for one. */
export async function coverageOfTeams(ctx: Context, teamIds: readonly string[]): Promise<TeamCoverage[]> {
  const now = ctx.now();
  const ahead = weekAhead(now);
  return (await factsOf(ctx, teamIds)).map(({ team, models, facts, modelFacts, accepted }) => ({
    team,
    models,
    facts,
    gaps: coverage(facts, modelFacts, now, ahead)
      .filter(isWorthTelling)
      .map((gap) => ({ ...gap, accepted: acceptedOn(gap, accepted, team.zone, now) })),
  }));
}
