import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { personById } from '../../teams/queries.ts';
import { lockIncident } from '../queries.ts';
import type { Incident } from '../schema.ts';
import { change, note, tell } from '../store.ts';
import { incidentPeople } from './schema.ts';

/** Whoever belongs to a private incident may let in others, who then see all of it; the ledger says who did. */
export function letIn(ctx: Context, id: string, newcomers: readonly string[], by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    if (!incident.isPrivate) throw new Refusal(`Incident ${incident.number} is open to everybody.`);
    await keepPeople(ctx, incident, newcomers, by);
    const named = newcomers.map((each) => `<@${each}>`).join(', ');
    note(ctx, incident, by, 'let_in', `let ${named} into incident ${incident.number}`);
    // The channel is made ready anew, which invites them.
    const channelStep = incident.channelStep === 'ready' ? 'topic' : incident.channelStep;
    return await tell(ctx, await change(ctx, incident, { channelStep }));
  });
}

/** Full members only: guests and people of other workspaces see no private incident. */
export async function keepPeople(ctx: Context, { id }: Incident, list: readonly string[], by: string): Promise<void> {
  for (const personId of new Set(list)) {
    const { standing, name } = await personById(ctx, personId);
    if (standing !== 'member')
      throw new Refusal(`${name} is no full member of this workspace, so cannot see a private incident.`, {
        field: 'people',
      });
    await ctx.db
      .insert(incidentPeople)
      .values({ workspace: ctx.workspace, incidentId: id, personId, addedBy: by, addedAt: ctx.now() })
      .onConflictDoNothing();
  }
}
