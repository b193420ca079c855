import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { checkedName } from '../../lib/names.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { SlackPerson } from '../../ports.ts';
import { isZone } from '../../time/zones.ts';
import { membershipOf, membersOf, personById, teamById } from './queries.ts';
import { checkHours, mayDecide, mayHold, type TeamInput } from './rules.ts';
import { members, people, type Person, type Role, type Team, teams, works } from './schema.ts';

/** What Slack says of a person, kept with the time it was said. */
export async function keepPerson(ctx: Context, person: SlackPerson): Promise<Person> {
  const known = {
    name: person.name,
    zone: person.zone !== undefined && isZone(person.zone) ? person.zone : 'UTC',
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

/** The same for whoever asks, before a door opens. */
export function checkAsker(ctx: Context, { id }: { readonly id: string }): Promise<void> {
  return checkStanding(ctx, id);
}

/** The zone that somebody set in Slack. */
export async function zoneOf(ctx: Context, { id }: { readonly id: string }): Promise<string> {
  const said = await ctx.slack.person(id);
  return (said.ok && said.value.zone) || 'UTC';
}

const freshMs = 10 * 60_000;

/**
 * Before everyday acts: a refusal for who only visits. Slack tells us of changes as they happen, so it is asked anew
 * only after ten minutes; approvals ask every time.
 */
export async function checkMember(ctx: Context, { id }: { readonly id: string }): Promise<void> {
  const [known] = await ctx.db
    .select()
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), eq(people.id, id)));
  const isFresh = known !== undefined && ctx.now().getTime() - known.checkedAt.getTime() < freshMs;
  if (!isFresh) await checkStanding(ctx, id);
  mayDecide(isFresh ? known.standing : (await personById(ctx, id)).standing);
}

/** The same where nobody may learn that they came: nothing is kept or logged of it. */
export async function checkMemberUnseen(ctx: Context, { id }: { readonly id: string }): Promise<void> {
  const [known] = await ctx.db
    .select()
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), eq(people.id, id)));
  if (known) return mayDecide(known.standing);
  const said = await ctx.slack.person(id);
  if (!said.ok) throw new Refusal('I could not check with Slack who you are. Please try again in a minute.');
  mayDecide(said.value.standing);
}

/** The same for people that somebody named; also who named them. */
export async function checkStandings(ctx: Context, ids: readonly string[]): Promise<void> {
  for (const id of new Set(ids)) await checkStanding(ctx, id);
}

type NewTeam = Pick<TeamInput, 'name' | 'channel' | 'leadId' | 'zone'> & Partial<TeamInput>;
const usual = { hoursFrom: '09:00', hoursTo: '17:00', workdays: [1, 2, 3, 4, 5] };

export async function createTeam(ctx: Context, input: NewTeam, by: string): Promise<Team> {
  return within(ctx, async (ctx) => {
    const maker = await personById(ctx, by);
    if (maker.standing !== 'member') throw new Refusal('Only active members of this workspace make a team.');
    const wanted = await checked(ctx, { ...usual, ...input });
    const [team] = await ctx.db
      .insert(teams)
      .values({ workspace: ctx.workspace, ...wanted })
      .onConflictDoNothing()
      .returning();
    if (!team) throw new Refusal(`There is already a team named "${wanted.name}".`, { field: 'name' });
    note(ctx, team.id, by, 'created', `created the team ${team.name}`);
    return team;
  });
}

/** undefined: somebody else saved it since it was read. Whoever leads the team belongs to it. */
export function editTeam(
  ctx: Context,
  id: string,
  revision: number,
  input: TeamInput,
  by: string,
): Promise<Team | undefined> {
  return within(ctx, async (ctx) => {
    await mayEdit(ctx, id, by);
    const wanted = await checked(ctx, input);
    await mayHandOnLead(ctx, id, wanted.leadId, by);
    const [clash] = await ctx.db
      .select({ id: teams.id })
      .from(teams)
      .where(and(eq(teams.workspace, ctx.workspace), eq(sql`lower(${teams.name})`, wanted.name.toLowerCase())));
    if (clash && clash.id !== id)
      throw new Refusal(`There is already a team named "${wanted.name}".`, { field: 'name' });
    const [team] = await ctx.db
      .update(teams)
      .set({ ...wanted, revision: sql`${teams.revision} + 1` })
      .where(and(eq(teams.workspace, ctx.workspace), eq(teams.id, id), eq(teams.revision, revision)))
      .returning();
    if (!team) return undefined;
    note(ctx, id, by, 'edited', `changed the team ${team.name}`);
    await takeIn(ctx, id, team.leadId);
    return team;
  });
}

async function checked(ctx: Context, input: TeamInput) {
  checkHours(input);
  const lead = await personById(ctx, input.leadId);
  mayHold(lead.standing, lead.name, 'leadId');
  return { ...input, name: checkedName(input.name, 80), workdays: input.workdays.toSorted((a, b) => a - b) };
}

/** In it from now on; the roles of who is in already stay. */
async function takeIn(ctx: Context, teamId: string, personId: string): Promise<void> {
  await ctx.db
    .insert(members)
    .values({ workspace: ctx.workspace, teamId, personId, roles: [], joinedAt: ctx.now() })
    .onConflictDoUpdate({
      target: [members.workspace, members.teamId, members.personId],
      set: { roles: [], leftAt: null, joinedAt: ctx.now() },
      setWhere: isNotNull(members.leftAt),
    });
}

/** The lead approves and decides much: only the lead hands it on, or whoever is there when the lead is gone. */
async function mayHandOnLead(ctx: Context, teamId: string, to: string, by: string): Promise<void> {
  const team = await teamById(ctx, teamId);
  if (to === team.leadId || by === team.leadId) return;
  const lead = await personById(ctx, team.leadId);
  if (lead.standing === 'member')
    throw new Refusal(`Only ${lead.name} hands on the lead of ${team.name}. Ask them.`, { field: 'leadId' });
}

/** The lead and the members change their team; where nobody who counts is left, whoever comes. */
export async function mayEdit(ctx: Context, teamId: string, by: string): Promise<void> {
  const team = await teamById(ctx, teamId);
  const { standing, member } = await membershipOf(ctx, teamId, by);
  const isOfIt = team.leadId === by || (member !== undefined && works(member.roles));
  if (standing !== 'member' || !(isOfIt || (await isForsaken(ctx, team)))) {
    throw new Refusal(
      member
        ? `Stakeholders of ${team.name} see everything, and change its goals only. Ask its lead.`
        : `Only the people of ${team.name} change their team. Ask its lead.`,
    );
  }
}

async function isForsaken(ctx: Context, team: Team): Promise<boolean> {
  const lead = await personById(ctx, team.leadId);
  if (lead.standing === 'member') return false;
  return (await membersOf(ctx, team.id)).every(({ person }) => person.standing !== 'member');
}

/** Owners and deputies are active members of the owning team, or lead it. */
export async function checkHolder(ctx: Context, teamId: string, personId: string, field: string): Promise<void> {
  const person = await personById(ctx, personId);
  mayHold(person.standing, person.name, field);
  const team = await teamById(ctx, teamId);
  const { member } = await membershipOf(ctx, teamId, personId);
  if (!member && team.leadId !== personId)
    throw new Refusal(`${person.name} is not in ${team.name}. Take them in first with /ml team add.`, { field });
}

export async function joinTeam(
  ctx: Context,
  teamId: string,
  personId: string,
  roles: readonly Role[],
  by = personId,
): Promise<void> {
  return within(ctx, async (ctx) => {
    const person = await personById(ctx, personId);
    mayHold(person.standing, person.name, 'people');
    await ctx.db
      .insert(members)
      .values({ workspace: ctx.workspace, teamId, personId, roles: [...roles], joinedAt: ctx.now() })
      .onConflictDoUpdate({
        target: [members.workspace, members.teamId, members.personId],
        set: { roles: [...roles], leftAt: null, leftChannelAt: null },
      });
    const whom = by === personId ? 'joined' : `took ${person.name} in`;
    note(ctx, teamId, by, 'joined', roles.length > 0 ? `${whom} as ${roles.join(', ')}` : whom);
  });
}

/** The row stays, so that history keeps its name. A lead hands the lead over first, unless they are gone already. */
export async function leaveTeam(ctx: Context, teamId: string, personId: string, by: string): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const team = await teamById(ctx, teamId);
    const person = await personById(ctx, personId);
    if (team.leadId === personId && person.standing === 'member' && by !== 'pitcrew')
      throw new Refusal(`${person.name} leads ${team.name}. Choose another lead with /ml team edit first.`);
    const gone = await ctx.db
      .update(members)
      .set({ leftAt: ctx.now(), leftChannelAt: null })
      .where(and(ofMember(ctx, teamId, personId), isNull(members.leftAt)))
      .returning({ personId: members.personId });
    if (gone.length === 0) return false;
    const whom = by === personId ? 'left the team' : `took ${person.name} out of the team`;
    note(ctx, teamId, by, 'left', whom);
    return true;
  });
}

export function ofMember(ctx: Context, teamId: string, personId: string) {
  return and(eq(members.workspace, ctx.workspace), eq(members.teamId, teamId), eq(members.personId, personId));
}

export function note(ctx: Context, teamId: string, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `team.${verb}`, subject: `team:${teamId}`, summary });
}
