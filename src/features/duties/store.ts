import { and, eq, gt, gte } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { announce } from '../../messages/announce.ts';
import { teamById } from '../teams/queries.ts';
import { type Team, teams } from '../teams/schema.ts';
import { coverageOf, coverageOfTeams, type TeamCoverage } from './gaps/queries.ts';
import { isTimeToTell, weekOf } from './gaps/rules.ts';
import { coverageWeeks } from './schema.ts';
import { weeklyMessage } from './gaps/views.ts';

/** Few at once, so that nobody waits for it. */
const teamsAtOnce = 10;

/** Tells each lead once a week, in the working hours of their team, what their team lacks. */
export async function tellLeads(ctx: Context): Promise<void> {
  const now = ctx.now();
  const all = await dueTeams(ctx);
  const due = all.filter((team) => isTimeToTell(team, now)).map(({ id }) => id);
  for (let at = 0; at < due.length; at += teamsAtOnce) {
    for (const found of await coverageOfTeams(ctx, due.slice(at, at + teamsAtOnce))) await tellOnce(ctx, found);
  }
}

/** Teams nobody has looked at in their week that runs now; a week begins at another instant in every zone. */
async function dueTeams(ctx: Context): Promise<Team[]> {
  const rows = await ctx.db
    .select({ team: teams, week: coverageWeeks.week })
    .from(teams)
    .leftJoin(
      coverageWeeks,
      and(
        eq(coverageWeeks.workspace, teams.workspace),
        eq(coverageWeeks.teamId, teams.id),
        gte(coverageWeeks.lookedAt, new Date(ctx.now().getTime() - 8 * 86_400_000)),
      ),
    )
    .where(eq(teams.workspace, ctx.workspace));
  const looked = new Set(rows.map(({ team, week }) => `${team.id} ${week}`));
  return [...new Map(rows.map(({ team }) => [team.id, team])).values()].filter(
    (team) => !looked.has(`${team.id} ${weekOf(team.zone, ctx.now())}`),
  );
}

function tellOnce(ctx: Context, found: TeamCoverage): Promise<void> {
  return within(ctx, async (ctx) => {
    const { team } = found;
    const gaps = found.gaps.filter(({ accepted }) => !accepted).length;
    const week = weekOf(team.zone, ctx.now());
    const [first] = await ctx.db
      .insert(coverageWeeks)
      .values({ workspace: ctx.workspace, teamId: team.id, week, lookedAt: ctx.now(), gaps })
      .onConflictDoNothing()
      .returning();
    if (first && gaps > 0) await tell(ctx, week, found);
  });
}

/** What stands in the lead's direct message follows what was done about it, as long as its week runs. */
export async function retell(ctx: Context, teamId: string): Promise<void> {
  const team = await teamById(ctx, teamId);
  const week = weekOf(team.zone, ctx.now());
  const [told] = await ctx.db
    .select()
    .from(coverageWeeks)
    .where(
      and(
        eq(coverageWeeks.workspace, ctx.workspace),
        eq(coverageWeeks.teamId, teamId),
        eq(coverageWeeks.week, week),
        gt(coverageWeeks.gaps, 0),
      ),
    );
  const found = told && (await coverageOf(ctx, teamId));
  if (found) await tell(ctx, week, found);
}

async function tell(ctx: Context, week: string, found: TeamCoverage): Promise<void> {
  const { id, leadId } = found.team;
  await announce(ctx, `coverage:${id}:${week}`, { channel: leadId, owner: leadId }, weeklyMessage(found));
}
