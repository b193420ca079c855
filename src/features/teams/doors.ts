import { z } from 'zod';
import { actions } from '../../actions.ts';
import { type Context, within } from '../../context.ts';
import {
  type Doors,
  onAction,
  onCommand,
  onEvent,
  onForm,
  onLookup,
  onQuestion,
  onWork,
  type Who,
} from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { personNamed } from '../../slack/command.ts';
import { md, person, plural } from '../../slack/mrkdwn.ts';
import { endUnanswered, leaveAfterChannel, leftChannel, stayInTeam } from './changes.ts';
import { findTeams, goneButIn, isKnown, membersOf, teamById, teamMeant, teamsIn } from './queries.ts';
import { absencesOf } from './away/queries.ts';
import { dayIn, type TeamInput } from './rules.ts';
import { type Role, roles, type Team } from './schema.ts';
import {
  checkAsker,
  checkStanding,
  checkStandings,
  createTeam,
  editTeam,
  joinTeam,
  leaveTeam,
  mayEdit,
  zoneOf,
} from './store.ts';
import { addForm, teamCard, teamForm, teamFormFor } from './views.ts';

const Changed = z.object({ user: z.object({ id: z.string() }) });
const Moved = z.object({ user: z.string(), channel: z.string() });
const monthMs = 30 * 86_400_000;

export const teams: Doors = {
  lookups: [
    onLookup('team', async (ctx, _who, typed) =>
      (await findTeams(ctx, typed)).map(({ id, name }) => ({ text: name, value: id })),
    ),
  ],
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
    onQuestion('team new', 'Make a team', async (ctx, who) => ({ open: teamFormFor(await startOf(ctx, who)) })),
    onQuestion('team edit [name…]', 'Change a team', async (ctx, who, { name = '' }) => {
      const team = await teamMeant(ctx, who, name);
      await mayEdit(ctx, team.id, who.id);
      return { open: teamFormFor(team, team) };
    }),
    onQuestion('team add [name…]', 'Add people with their roles', async (ctx, who, { name = '' }) => {
      const { id } = await teamMeant(ctx, who, name);
      await mayEdit(ctx, id, who.id);
      return { open: addForm.view({ teamId: id }) };
    }),
    onCommand(
      'team remove <person> [name…]',
      'Take somebody out of a team',
      async (ctx, who, { person: whom = '', name = '' }) => {
        const team = await teamMeant(ctx, who, name);
        await mayEdit(ctx, team.id, who.id);
        const id = personNamed(whom);
        if (!(await leaveTeam(ctx, team.id, id, who.id))) throw new Refusal(`They are not in ${team.name}.`);
        return {
          say: sentence(md`${person(id)} is no longer in *${team.name}*. What they held is offered to others now.`),
        };
      },
      async (ctx, who, { person: whom = '' }) => checkStandings(ctx, [who.id, personNamed(whom)]),
    ),
    onCommand(
      'team leave [name…]',
      'Leave a team',
      async (ctx, who, { name = '' }) => {
        const team = await teamMeant(ctx, who, name);
        if (!(await leaveTeam(ctx, team.id, who.id, who.id))) throw new Refusal(`You are not in ${team.name}.`);
        return { say: sentence(md`You left *${team.name}*. What you held there is offered to others now.`) };
      },
      checkAsker,
    ),
  ],
  actions: [
    onAction(actions.editTeam, async (ctx, _who, { teamId }) => {
      const team = await teamById(ctx, teamId);
      return { open: teamFormFor(team, team) };
    }),
    onAction(actions.addToTeam, (_ctx, _who, carried) => Promise.resolve({ open: addForm.view(carried) })),
    onAction(
      actions.stayInTeam,
      async (ctx, who, { teamId }) => {
        const team = await teamById(ctx, teamId);
        if (!(await stayInTeam(ctx, team, who.id))) throw new Refusal(answered(team));
      },
      checkAsker,
    ),
    onAction(
      actions.leaveTeam,
      async (ctx, who, { teamId }) => {
        const team = await teamById(ctx, teamId);
        if (!(await leaveAfterChannel(ctx, team, who.id, who.id))) throw new Refusal(answered(team));
      },
      checkAsker,
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
  ],
  events: [
    // Someone was deactivated, or became a guest: what they may decide changes the same minute.
    onEvent(
      'user_change',
      Changed,
      () => Promise.resolve(),
      async (ctx, { user }) => {
        if (await isKnown(ctx, user.id)) await checkStanding(ctx, user.id);
      },
    ),
    onEvent('member_left_channel', Moved, async (ctx, { user, channel }) => {
      for (const team of await teamsIn(ctx, channel)) await leftChannel(ctx, team, user);
    }),
    onEvent('member_joined_channel', Moved, async (ctx, { user, channel }) => {
      for (const team of await teamsIn(ctx, channel)) await stayInTeam(ctx, team, user);
    }),
  ],
  workers: [onWork('teams.gone', endRoles), onWork('teams.left', endUnanswered)],
};

async function startOf(ctx: Context, who: Who): Promise<TeamInput> {
  return {
    name: '',
    channel: who.channel ?? '',
    leadId: who.id,
    zone: await zoneOf(ctx, who),
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

/** The roles of an account that is no longer a member's end; coming back does not bring them back in silence. */
function endRoles(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const gone = await goneButIn(ctx, 20);
    for (const { teamId, personId } of gone) await leaveTeam(ctx, teamId, personId, 'pitcrew');
    return gone.length > 0;
  });
}

const answered = (team: Team) => `This is settled already: see /ml team ${team.name}.`;
