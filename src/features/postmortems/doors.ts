import { z } from 'zod';
import { actions } from '../../actions.ts';
import { type Doors, onAction, onCommand, onForm } from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import { incidentNumbered } from '../incidents/queries.ts';
import { postmortemById, start, write } from './store.ts';
import { started, writeForm, writeModal } from './views.ts';

const Words = z.object({
  incident: z.coerce.number('Say the number of the incident, as in /ml postmortem 7.').int().positive(),
});

export const postmortems: Doors = {
  commands: [
    onCommand('postmortem <incident>', 'Start the post-mortem of a resolved incident', async (ctx, who, words) => {
      const incident = await incidentNumbered(ctx, parseOrRefuse(Words, words).incident);
      await start(ctx, incident.id, who.id);
      return { say: started(incident) };
    }),
  ],
  actions: [
    onAction(actions.startPostmortem, async (ctx, who, { incidentId }) => void (await start(ctx, incidentId, who.id))),
    onAction(actions.writePostmortem, async (ctx, _who, { postmortemId }) => ({
      open: writeModal(await postmortemById(ctx, postmortemId)),
    })),
  ],
  forms: [
    onForm(writeForm, async (ctx, who, { carries, values }) => {
      await write(ctx, carries.postmortemId, carries.revision, { ...values }, who.id);
    }),
  ],
};
