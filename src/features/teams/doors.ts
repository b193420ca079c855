import { z } from 'zod';
import { actions } from '../../actions.ts';
import { type Context, within } from '../../context.ts';
import { type Doors, onAction, onCommand, onEvent, onForm, onQuestion, onWork, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { sentence } from '../../slack/blocks.ts';
import { md, person, plural } from '../../slack/mrkdwn.ts';
import { absencesOf, goneButIn, membersOf, teamById, teamMeant, teamsIn } from './queries.ts';
import { dayIn, mayHold, type TeamInput } from './rules.ts';
import { type Role, roles } from './schema.ts';
import {
  checkStanding,
  checkStandings,
  createTeam,
  editTeam,
  joinTeam,
  keepPerson,
  leaveTeam,
  mayEdit,
  rejoinTeam,
  setAway,
} from './store.ts';
import {
  addForm,
  awayForm,
  type Candidates,
  importCard,
  leftMessage,
  teamCard,
  teamForm,
  teamFormFor,
} from './views.ts';

const Changed = z.object({ user: z.object({ id: z.string() }) });
const Left = z.object({ user: z.string(), channel: z.string() });
const asks = (ctx: Context, who: Who) => checkStanding(ctx, who.id);
const monthMs = 30 * 86_400_000;

export const teams: Doors = {
  commands: [
    onQuestion('team [name…]', 'A team with its people, roles and hours', async (ctx, who, { name = '' }) => {
      const team = await teamMeant(ctx, who, name);
      const members = await membersOf(ctx, team.id);
      const today = dayIn(team.zone, ctx.now());
      const soon = dayIn(team.zone, new Date(ctx.now().getTime() + monthMs));
      const away = await absencesOf(
        ctx,
        members.map(({ personId }) => personId),
        today,
        soon,
      );
      return { say: teamCard(team, members, away) };
    }),
    onCommand('team new', 'Make a team', async (ctx, who) => ({ open: teamFormFor(await startOf(ctx, who)) }), asks),
    onCommand('team edit [name…]', 'Change a team', async (ctx, who, { name = '' }) => {
      const team = await teamMeant(ctx, who, name);
      return { open: teamFormFor(team, team) };
    }),
    onCommand('team add [name…]', 'Add people with their roles', async (ctx, who, { name = '' }) => ({
      open: addForm.view({ teamId: (await teamMeant(ctx, who, name)).id }),
    })),
    onCommand(
      'team remove <person> [name…]',
      'Take somebody out of a team',
      async (ctx, who, { person: whom = '', name = '' }) => {
        const team = await teamMeant(ctx, who, name);
        await mayEdit(ctx, team.id, who.id);
        const id = personIn(whom);
        if (!(await leaveTeam(ctx, team.id, id, who.id))) throw new Refusal(`They are not in ${team.name}.`);
        return {
          say: sentence(md`${person(id)} is no longer in *${team.name}*. What they held is offered to others now.`),
        };
      },
      async (ctx, who, { person: whom = '' }) => checkStandings(ctx, [who.id, personIn(whom)]),
    ),
    onCommand(
      'team leave [name…]',
      'Leave a team',
      async (ctx, who, { name = '' }) => {
        const team = await teamMeant(ctx, who, name);
        if (!(await leaveTeam(ctx, team.id, who.id, who.id))) throw new Refusal(`You are not in ${team.name}.`);
        return { say: sentence(md`You left *${team.name}*. What you held there is offered to others now.`) };
      },
      asks,
    ),
    onCommand(
      'team import <group> [name…]',
      'Take in a Slack user group',
      async (ctx, who, { group = '', name = '' }) => {
        const team = await teamMeant(ctx, who, name);
        await mayEdit(ctx, team.id, who.id);
        const id = groupIn(group);
        return { say: importCard(team, id, await candidates(ctx, team.id, id)) };
      },
    ),
    onCommand('away', 'Say when you are not there', (ctx) => {
      const today = ctx.now().toISOString().slice(0, 10);
      return Promise.resolve({ open: awayForm.view({}, { start: { from: today, until: today } }) });
    }),
    onCommand(
      'away <from> <until> [note…]',
      'Say when you are not there, in days like 2026-12-24',
      async (ctx, who, { from = '', until = '', note = '' }) => away(ctx, who, from, until, note),
      asks,
    ),
  ],
  actions: [
    onAction(actions.editTeam, async (ctx, _who, { teamId }) => {
      const team = await teamById(ctx, teamId);
      return { open: teamFormFor(team, team) };
    }),
    onAction(actions.addToTeam, (_ctx, _who, carried) => Promise.resolve({ open: addForm.view(carried) })),
    onAction(
      actions.importGroup,
      async (ctx, who, { teamId, group }) => {
        await mayEdit(ctx, teamId, who.id);
        const { joining } = await candidates(ctx, teamId, group);
        for (const { id } of joining) await joinTeam(ctx, teamId, id, [], who.id);
        return {
          say: sentence(
            md`${plural(joining.length, 'person', 'people')} joined. Give them roles with \`/ml team add\`.`,
          ),
        };
      },
      asks,
    ),
    onAction(
      actions.rejoinTeam,
      async (ctx, who, { teamId }) => {
        const team = await rejoinTeam(ctx, teamId, who.id);
        return { say: sentence(md`You are in *${team.name}* again, with your roles as they were.`) };
      },
      asks,
    ),
  ],
  forms: [
    onForm(
      teamForm,
      async (ctx, who, { carries, values }) => {
        const input: TeamInput = { ...values, workdays: values.workdays.map(Number) };
        if (!carries.team) {
          const team = await createTeam(ctx, input, who.id);
          await joinTeam(ctx, team.id, team.leadId, [], who.id);
          return { say: sentence(md`Team *${team.name}* is made. Add its people with \`/ml team add ${team.name}\`.`) };
        }
        const { id, revision } = carries.team;
        const saved = await editTeam(ctx, id, revision, input, who.id);
        if (saved) return { say: sentence(md`Team *${saved.name}* is saved.`) };
        const theirs = await teamById(ctx, id);
        return { open: teamFormFor(input, theirs, theirs) };
      },
      async (ctx, who, { values }) => {
        await checkStandings(ctx, [who.id, values.leadId]);
        await comeIn(ctx, values.channel);
      },
    ),
    onForm(
      addForm,
      async (ctx, who, { carries, values }) => {
        await mayEdit(ctx, carries.teamId, who.id);
        if (values.people.length === 0) throw new Refusal('Choose at least one person.', { field: 'people' });
        const chosen = (values.roles ?? []).filter((role): role is Role => roles.some((each) => each === role));
        for (const id of values.people) await joinTeam(ctx, carries.teamId, id, chosen, who.id);
        return { say: sentence(md`${plural(values.people.length, 'person', 'people')} joined. See \`/ml team\`.`) };
      },
      (ctx, who, { values }) => checkStandings(ctx, [who.id, ...values.people]),
    ),
    onForm(awayForm, (ctx, who, { values }) => away(ctx, who, values.from, values.until, values.note), asks),
  ],
  events: [
    // Someone was deactivated, or became a guest: what they may decide changes the same minute.
    onEvent(
      'user_change',
      Changed,
      () => Promise.resolve(),
      (ctx, { user }) => checkStanding(ctx, user.id),
    ),
    onEvent('member_left_channel', Left, leftChannel),
  ],
  workers: [onWork('teams.gone', endRoles)],
};

async function startOf(ctx: Context, who: Who): Promise<TeamInput> {
  const said = await ctx.slack.person(who.id);
  const zone = (said.ok && said.value.zone) || 'UTC';
  return {
    name: '',
    channel: who.channel ?? '',
    leadId: who.id,
    zone,
    hoursFrom: '09:00',
    hoursTo: '17:00',
    workdays: [1, 2, 3, 4, 5],
  };
}

/** Into a private channel we come by invitation, and then joining is refused although all is well. */
async function comeIn(ctx: Context, channel: string): Promise<void> {
  const joined = await ctx.slack.joinChannel(channel);
  if (joined.ok || joined.why !== 'refused' || joined.code === 'method_not_supported_for_channel_type') return;
  throw new Refusal('I cannot come into this channel. Invite me to it, then save again.', { field: 'channel' });
}

async function away(ctx: Context, who: Who, from: string, until: string, note: string) {
  await setAway(ctx, who.id, from, until, note);
  return { say: sentence(md`Noted: you are away from ${from} to ${until}. Have a good time.`) };
}

/** Whoever leaves the channel of a team leaves the team, and can say at once that this was not meant. */
async function leftChannel(ctx: Context, { user, channel }: z.infer<typeof Left>): Promise<void> {
  for (const team of await teamsIn(ctx, channel)) {
    const isMember = (await membersOf(ctx, team.id)).some(({ personId }) => personId === user);
    if (!isMember || !(await leaveTeam(ctx, team.id, user, 'pitcrew'))) continue;
    await announce(
      ctx,
      `team-left:${team.id}:${user}:${ctx.now().getTime()}`,
      { channel: user, owner: user },
      leftMessage(team),
    );
  }
}

/** The roles of an account that is no longer a member's end; coming back does not bring them back in silence. */
function endRoles(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const gone = await goneButIn(ctx, 20);
    for (const { teamId, personId } of gone) await leaveTeam(ctx, teamId, personId, 'pitcrew');
    return gone.length > 0;
  });
}

/** Slack hands over names as <@U1|ana> and <!subteam^S1|@ml>. */
function personIn(word: string): string {
  const id = /^<@([UW][A-Z0-9]+)(\|[^>]*)?>$/.exec(word)?.[1];
  if (!id) throw new Refusal('Name the person with an @, and pick them from the list.', { field: 'person' });
  return id;
}

function groupIn(word: string): string {
  const id = /^<!subteam\^(S[A-Z0-9]+)(\|[^>]*)?>$/.exec(word)?.[1];
  if (!id) throw new Refusal('Name the user group with an @, and pick it from the list.', { field: 'group' });
  return id;
}

const mostImported = 100;

async function candidates(ctx: Context, teamId: string, group: string): Promise<Candidates> {
  const found = await ctx.slack.groupMembers(group);
  if (!found.ok) throw new Refusal('Slack did not tell me who is in this user group. Please try again in a minute.');
  const inside = new Set((await membersOf(ctx, teamId)).map(({ personId }) => personId));
  const joining: { id: string; name: string }[] = [];
  const left: string[] = [];
  for (const id of found.value.people.slice(0, mostImported)) {
    if (inside.has(id)) continue;
    const said = await ctx.slack.person(id);
    if (!said.ok) {
      left.push(`${id}: Slack did not say who this is`);
      continue;
    }
    const kept = await keepPerson(ctx, said.value);
    try {
      mayHold(kept.standing, kept.name, 'people');
      joining.push(kept);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      left.push(error.message);
    }
  }
  return { joining, left };
}
