import { and, eq, isNull } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { SlackPerson, Standing } from '../../ports.ts';
import { type Member, members, people, type Person, type Role, type Team, teams } from './schema.ts';

/** What Slack says of a person, kept with the time it was said. */
export async function keepPerson(ctx: Context, person: SlackPerson): Promise<Person> {
  const known = {
    name: person.name,
    zone: person.zone ?? 'UTC',
    standing: person.standing,
    checkedAt: ctx.now(),
  };
  const [kept] = await ctx.db
    .insert(people)
    .values({ workspace: ctx.workspace, id: person.id, ...known })
    .onConflictDoUpdate({ target: [people.workspace, people.id], set: known })
    .returning();
  if (!kept) throw new Error(`person ${person.id} was not kept`);
  return kept;
}

/** Ask Slack afresh who this is: done just before anything that needs authority. No answer means no. */
export async function checkStanding(ctx: Context, id: string): Promise<void> {
  const said = await ctx.slack.person(id);
  if (said.ok) {
    await keepPerson(ctx, said.value);
    return;
  }
  ctx.log.warn({ person: id, why: said.why }, 'Slack did not say who this is');
  throw new Refusal('I could not check with Slack who you are, so nothing was changed. Please try again in a minute.');
}

export async function createTeam(
  ctx: Context,
  input: { name: string; channel: string; leadId: string; zone: string },
  by: string,
): Promise<Team> {
  return within(ctx, async (ctx) => {
    const [team] = await ctx.db
      .insert(teams)
      .values({ workspace: ctx.workspace, ...input })
      .onConflictDoNothing()
      .returning();
    if (!team) throw new Refusal(`There is already a team named "${input.name}".`, { field: 'name' });
    record(ctx, {
      who: by,
      what: 'team.created',
      subject: `team:${team.id}`,
      summary: `created the team ${team.name}`,
    });
    return team;
  });
}

export async function teamById(ctx: Context, id: string): Promise<Team> {
  const [team] = await ctx.db
    .select()
    .from(teams)
    .where(and(eq(teams.workspace, ctx.workspace), eq(teams.id, id)));
  if (!team) throw new Refusal('That team is gone.');
  return team;
}

export async function joinTeam(ctx: Context, teamId: string, personId: string, roles: readonly Role[]): Promise<void> {
  return within(ctx, async (ctx) => {
    await ctx.db
      .insert(members)
      .values({ workspace: ctx.workspace, teamId, personId, roles: [...roles], joinedAt: ctx.now() })
      .onConflictDoUpdate({
        target: [members.workspace, members.teamId, members.personId],
        set: { roles: [...roles], leftAt: null },
      });
    record(ctx, {
      who: personId,
      what: 'team.joined',
      subject: `team:${teamId}`,
      summary: `joined as ${roles.join(', ')}`,
    });
  });
}

export async function leaveTeam(ctx: Context, teamId: string, personId: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    await ctx.db
      .update(members)
      .set({ leftAt: ctx.now() })
      .where(
        and(
          eq(members.workspace, ctx.workspace),
          eq(members.teamId, teamId),
          eq(members.personId, personId),
          isNull(members.leftAt),
        ),
      );
    record(ctx, { who: by, what: 'team.left', subject: `team:${teamId}`, summary: `left the team` });
  });
}

export interface Membership {
  readonly standing: Standing | undefined;
  readonly member: Member | undefined;
}

/** Where this person stands now, locked so that it cannot change before the decision is written. */
export async function membershipOf(ctx: Context, teamId: string, personId: string): Promise<Membership> {
  const [person] = await ctx.db
    .select()
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), eq(people.id, personId)))
    .for('share');
  const [member] = await ctx.db
    .select()
    .from(members)
    .where(
      and(
        eq(members.workspace, ctx.workspace),
        eq(members.teamId, teamId),
        eq(members.personId, personId),
        isNull(members.leftAt),
      ),
    )
    .for('share');
  return { standing: person?.standing, member };
}
