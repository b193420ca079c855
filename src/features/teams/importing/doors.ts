import { actions } from '../../../actions.ts';
import type { Context } from '../../../context.ts';
import { type Doors, onAction, onQuestion } from '../../../doors.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { sentence } from '../../../slack/blocks.ts';
import { md, plural } from '../../../slack/mrkdwn.ts';
import { membersOf, teamMeant } from '../queries.ts';
import { mayHold } from '../rules.ts';
import { checkStandings, joinTeam, mayEdit } from '../store.ts';
import { type Candidates, importCard } from './views.ts';

export const importing: Doors = {
  commands: [
    onQuestion(
      'team import <group> [name…]',
      'Take in a Slack user group',
      async (ctx, who, { group = '', name = '' }) => {
        const team = await teamMeant(ctx, who, name);
        await mayEdit(ctx, team.id, who.id);
        return { say: importCard(team, await candidates(ctx, team.id, groupIn(group))) };
      },
    ),
  ],
  actions: [
    onAction(
      actions.importGroup,
      async (ctx, who, { teamId, people }) => {
        await mayEdit(ctx, teamId, who.id);
        const inside = await peopleIn(ctx, teamId);
        const joining = people.filter((id) => !inside.has(id));
        for (const id of joining) await joinTeam(ctx, teamId, id, [], who.id);
        return {
          say: sentence(
            md`${plural(joining.length, 'person', 'people')} joined. Give them roles with \`/ml team add\`.`,
          ),
        };
      },
      (ctx, who, { people }) => checkStandings(ctx, [who.id, ...people]),
    ),
  ],
};

/** Slack hands over groups as <!subteam^S1|@ml>. */
function groupIn(word: string): string {
  const id = /^<!subteam\^(S[A-Z0-9]+)(\|[^>]*)?>$/.exec(word)?.[1];
  if (!id) throw new Refusal('Name the user group with an @, and pick it from the list.', { field: 'group' });
  return id;
}

async function peopleIn(ctx: Context, teamId: string): Promise<Set<string>> {
  return new Set((await membersOf(ctx, teamId)).map(({ personId }) => personId));
}

const mostImported = 100;

async function candidates(ctx: Context, teamId: string, group: string): Promise<Candidates> {
  const found = await ctx.slack.groupMembers(group);
  if (!found.ok && found.why === 'refused')
    throw new Refusal('Slack shows me no such user group. Pick it from the list that opens after an @.');
  if (!found.ok) throw new Refusal('Slack did not tell me who is in this user group. Please try again in a minute.');
  const inside = await peopleIn(ctx, teamId);
  const outside = found.value.people.filter((id) => !inside.has(id));
  const looked = await Promise.all(outside.slice(0, mostImported).map((id) => lookAt(ctx, id)));
  return {
    joining: looked.flatMap(({ id, why }) => (why === undefined ? [id] : [])),
    leftOut: looked.flatMap(({ why }) => why ?? []),
    unseen: Math.max(0, outside.length - mostImported),
  };
}

/** Why somebody cannot be in a team, if so. */
async function lookAt(ctx: Context, id: string): Promise<{ id: string; why?: string }> {
  const said = await ctx.slack.person(id);
  if (!said.ok) return { id, why: `Slack did not say who ${id} is.` };
  try {
    mayHold(said.value.standing, said.value.name, 'people');
    return { id };
  } catch (error) {
    if (error instanceof Refusal) return { id, why: error.message };
    throw error;
  }
}
