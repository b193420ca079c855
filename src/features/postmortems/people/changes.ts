import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { incidentById } from '../../incidents/queries.ts';
import { timelineOf } from '../../incidents/timeline/queries.ts';
import { house, mustBelong } from '../../incidents/visibility/queries.ts';
import { modelById } from '../../models/queries.ts';
import { personById, teamById } from '../../teams/queries.ts';
import { activeIn } from '../fairness/queries.ts';
import { lockPostmortem } from '../queries.ts';
import { mayWrite } from '../rules.ts';
import { type Postmortem, postmortems } from '../schema.ts';
import { note, tell } from '../store.ts';
import { checkFacilitator, mayChoosePeople } from './rules.ts';

export interface Chosen {
  readonly ownerId: string;
  readonly facilitatorId?: string | undefined;
  readonly inSpite: string;
}

/** Locks it for who may say who sees to it and who runs it. */
export async function lockForPeople(ctx: Context, id: string, by: string): Promise<Postmortem> {
  const postmortem = await lockPostmortem(ctx, id, by);
  mayWrite(postmortem);
  const { modelId } = await incidentById(ctx, postmortem.incidentId, house);
  const model = await modelById(ctx, modelId);
  mayChoosePeople(postmortem, by, { modelOwner: model.ownerId, lead: (await teamById(ctx, model.teamId)).leadId });
  return postmortem;
}

export function choosePeople(ctx: Context, id: string, chosen: Chosen, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const before = await lockForPeople(ctx, id, by);
    const { ownerId, facilitatorId, inSpite } = chosen;
    const incident = await incidentById(ctx, before.incidentId, house);
    for (const [field, each] of Object.entries({ ownerId, facilitatorId })) {
      if (each === undefined) continue;
      if ((await personById(ctx, each)).standing !== 'member')
        throw new Refusal('Choose a full member of this workspace.', { field });
      await mustBelong(ctx, incident, each, field);
    }
    const active = await activeIn(ctx, incident, await timelineOf(ctx, incident, ctx.now()));
    if (facilitatorId !== before.facilitatorId) checkFacilitator(facilitatorId, active, inSpite);
    const [after] = await ctx.db
      .update(postmortems)
      .set({ ownerId, facilitatorId: facilitatorId ?? null })
      .where(and(eq(postmortems.workspace, ctx.workspace), eq(postmortems.id, id)))
      .returning();
    if (!after) throw new Refusal('That post-mortem is gone.');
    const runs = facilitatorId ? `<@${facilitatorId}> runs its review` : 'nobody runs its review yet';
    const why = inSpite === '' ? '' : ` (${inSpite})`;
    const said = `<@${ownerId}> sees to the post-mortem of incident ${incident.number}, ${runs}${why}`;
    note(ctx, incident, by, 'people_chosen', said);
    return await tell(ctx, after);
  });
}
