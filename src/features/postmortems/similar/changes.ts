import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { house } from '../../incidents/visibility/queries.ts';
import { incidentById } from '../../incidents/queries.ts';
import { lockPostmortem, ofPostmortem } from '../queries.ts';
import { mayWrite } from '../rules.ts';
import { type Postmortem, postmortems } from '../schema.ts';
import { note, tell } from '../store.ts';
import { openToAll } from './queries.ts';
import { keepNamed } from './store.ts';

export const mostNamed = 10;

/** What a person chose stands, also when nothing was chosen. Private ones are never named: others read this. */
export function chooseSimilar(ctx: Context, id: string, ids: readonly string[], by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayWrite(postmortem);
    const wanted = [...new Set(ids)].filter((each) => each !== postmortem.incidentId);
    if (wanted.length > mostNamed) throw new Refusal(`Choose ${mostNamed} at most.`, { field: 'which' });
    const known = await openToAll(ctx, wanted);
    if (known.length < wanted.length)
      throw new Refusal('One of these is not over yet, or is not open to everybody who reads this.', {
        field: 'which',
      });
    await keepNamed(ctx, postmortem, wanted);
    const [after] = await ctx.db.update(postmortems).set({ similarBy: by }).where(ofPostmortem(ctx, id)).returning();
    if (!after) throw new Refusal('That post-mortem is gone.');
    const incident = await incidentById(ctx, postmortem.incidentId, house);
    note(ctx, incident, by, 'similar_chosen', `named what was like incident ${incident.number} before`);
    return await tell(ctx, after);
  });
}
