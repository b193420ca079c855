import { type Doors, onShortcut } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { readable } from '../../slack/mrkdwn.ts';
import { incidentIn } from '../incidents/queries.ts';
import { modelsIn } from '../models/queries.ts';
import { namesIn, teamById, teamMeant } from '../teams/queries.ts';
import { checkMember } from '../teams/store.ts';
import { makeModal } from '../work/forms.ts';
import { itemFrom } from '../work/queries.ts';
import { longestTitle } from '../work/rules.ts';
import { madeNote } from '../work/views.ts';

/** A message becomes work of the team whose model is talked about there, else of whoever points at it. */
export const workFromMessages: Doors = {
  shortcuts: [
    onShortcut(
      { id: 'work.from-message', name: 'Make it a work item', description: 'Work for a team, from this message' },
      async (ctx, who, { channel, ts, text }) => {
        const origin = `message:${channel}:${ts}`;
        const known = await itemFrom(ctx, origin);
        if (known) return { say: madeNote(known, false) };
        if ((await incidentIn(ctx, channel, who.id))?.isPrivate)
          throw new Refusal(
            'This channel belongs to a private incident, and a work item is read by the whole team. Write it in your own words with /ml work new.',
          );
        const models = await modelsIn(ctx, channel);
        const [model] = models;
        const team = model ? await teamById(ctx, model.teamId) : await teamMeant(ctx, { ...who, channel }, '');
        const words = readable(text, await namesIn(ctx, text));
        const title = words.replaceAll(/\s+/g, ' ').trim();
        const start = {
          title,
          details: title.length > longestTitle ? words : '',
          team: { value: team.id, text: team.name },
          ...(model && models.length === 1 && { model: { value: model.id, text: model.name } }),
        };
        return { open: makeModal({ origin, channel }, start) };
      },
      checkMember,
    ),
  ],
};
