import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { announce } from '../../messages/announce.ts';
import { afterWorkdays } from './rules.ts';
import { type Member, members, type Team, teams } from './schema.ts';
import { leaveTeam, note, ofMember } from './store.ts';
import { leftChannelCard, stillLeadsCard } from './views.ts';

/** Whoever leaves the channel is asked whether they leave the team, too; a lead stays the lead until another is chosen. */
export function leftChannel(ctx: Context, team: Team, personId: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const to = { channel: personId, owner: personId };
    if (team.leadId === personId)
      return await announce(ctx, `still-leads:${team.id}:${personId}:${ctx.now().getTime()}`, to, stillLeadsCard(team));
    const [member] = await ctx.db
      .update(members)
      .set({ leftChannelAt: ctx.now() })
      .where(and(ofMember(ctx, team.id, personId), isNull(members.leftAt), isNull(members.leftChannelAt)))
      .returning();
    if (!member) return;
    note(ctx, team.id, personId, 'left-channel', `left the channel of ${team.name}`);
    await announce(ctx, keyOf(member), to, leftChannelCard(team, 'open', answerUntil(team, member)));
  });
}

/** They left only the channel, or are back in it. */
export function stayInTeam(ctx: Context, team: Team, personId: string): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const member = await settle(ctx, team.id, personId);
    if (!member) return false;
    note(ctx, team.id, personId, 'stayed', `stays in ${team.name}`);
    await tellAnswer(ctx, team, member, 'stays');
    return true;
  });
}

/** Their own answer to the question. */
export function leaveAfterChannel(ctx: Context, team: Team, personId: string, by: string): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const member = await settle(ctx, team.id, personId);
    if (!member || !(await leaveTeam(ctx, team.id, personId, by))) return false;
    await tellAnswer(ctx, team, member, 'left');
    return true;
  });
}

/** A question that nobody answered for a working day is answered by the channel they left. */
export function endUnanswered(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const asked = await ctx.db
      .select({ member: members, team: teams })
      .from(members)
      .innerJoin(teams, and(eq(teams.workspace, members.workspace), eq(teams.id, members.teamId)))
      .where(and(eq(members.workspace, ctx.workspace), isNotNull(members.leftChannelAt)))
      .orderBy(asc(members.leftChannelAt))
      .limit(100);
    const due = asked.find(({ team, member }) => answerUntil(team, member) <= ctx.now());
    if (!due) return false;
    const { team, member } = due;
    return team.leadId === member.personId
      ? await stayInTeam(ctx, team, member.personId)
      : await leaveAfterChannel(ctx, team, member.personId, 'pitcrew');
  });
}

/** The membership as it was while the question stood. */
async function settle(ctx: Context, teamId: string, personId: string): Promise<Member | undefined> {
  const where = and(ofMember(ctx, teamId, personId), isNull(members.leftAt), isNotNull(members.leftChannelAt));
  const [member] = await ctx.db.select().from(members).where(where).for('update');
  if (member) await ctx.db.update(members).set({ leftChannelAt: null }).where(where);
  return member;
}

function tellAnswer(ctx: Context, team: Team, member: Member, answer: 'stays' | 'left'): Promise<void> {
  const to = { channel: member.personId, owner: member.personId };
  return announce(ctx, keyOf(member), to, leftChannelCard(team, answer, answerUntil(team, member)));
}

const keyOf = ({ teamId, personId, leftChannelAt }: Member) =>
  `left-channel:${teamId}:${personId}:${leftChannelAt?.getTime() ?? 0}`;

function answerUntil(team: Team, { leftChannelAt, joinedAt }: Member): Date {
  return afterWorkdays(team, leftChannelAt ?? joinedAt, 1);
}
