import { z } from 'zod';
import { actions } from '../../actions.ts';
import { type Doors, onAction, onCommand, onWork } from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import { incidentNumbered } from '../incidents/queries.ts';
import { checkMember } from '../teams/store.ts';
import { beginNext, remindNext } from './changes.ts';
import { start } from './store.ts';
import { started } from './views.ts';

const Words = z.object({
  incident: z.coerce.number('Say the number of the incident, as in /ml postmortem 7.').int().positive(),
});

export const postmortems: Doors = {
  commands: [
    onCommand('postmortem <incident>', 'Start the post-mortem of a resolved incident', async (ctx, who, words) => {
      const incident = await incidentNumbered(ctx, parseOrRefuse(Words, words).incident, who.id);
      await start(ctx, incident.id, who.id);
      return { say: started(incident) };
    }),
  ],
  actions: [
    onAction(
      actions.startPostmortem,
      async (ctx, who, { incidentId }) => void (await start(ctx, incidentId, who.id)),
      checkMember,
    ),
  ],
  workers: [onWork('postmortem.begin', beginNext), onWork('postmortem.remind', remindNext)],
};
