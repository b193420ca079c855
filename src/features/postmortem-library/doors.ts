import { z } from 'zod';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onCommand, onQuestion, onWork } from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { checkMember } from '../teams/store.ts';
import { incidentNumbered } from '../incidents/queries.ts';
import { wantCanvas } from './canvas/changes.ts';
import { canvasAsked } from './canvas/views.ts';
import { writeNextCanvas } from './canvas/writing.ts';
import { type ExportKind, fileOf } from './document.ts';
import { similarTo } from '../postmortems/similar/queries.ts';
import { search, sourceOf } from './queries.ts';
import { exportChoice, searchMessage, similarMessage } from './views.ts';

const Number = z.object({
  incident: z.coerce.number('Say the number of the incident, as in /ml postmortem export 7.').int().positive(),
});
const Words = z.object({
  words: z.string('Say what to look for, as in /ml postmortem search unit of a feed.').trim().min(1).max(200),
});

export const postmortemLibrary: Doors = {
  commands: [
    onQuestion('postmortem search [words…]', 'Find what earlier post-mortems say', async (ctx, who, typed) => {
      const { words } = parseOrRefuse(Words, typed);
      return { say: searchMessage(words, await search(ctx, words, who.id)) };
    }),
    onQuestion('postmortem export <incident>', 'A post-mortem as Markdown or JSON', async (ctx, who, typed) => {
      const { id } = await incidentNumbered(ctx, parseOrRefuse(Number, typed).incident, who.id);
      return { say: exportChoice((await sourceOf(ctx, id, who.id)).incident) };
    }),
    onCommand(
      'postmortem canvas <incident>',
      'A post-mortem as a canvas in the channel of its incident',
      async (ctx, who, typed) => {
        const { id } = await incidentNumbered(ctx, parseOrRefuse(Number, typed).incident, who.id);
        return await canvas(ctx, id, who.id);
      },
      checkMember,
    ),
    onQuestion('incident similar <incident>', 'Past incidents that look like this one', async (ctx, who, typed) => {
      const incident = await incidentNumbered(ctx, parseOrRefuse(Number, typed).incident, who.id);
      return { say: similarMessage(incident, await similarTo(ctx, incident, who.id)) };
    }),
  ],
  actions: [
    onAction(actions.postmortemCanvas, (ctx, who, { incidentId }) => canvas(ctx, incidentId, who.id), checkMember),
    onAction(actions.exportNamed, (ctx, who, { incidentId }) => send(ctx, incidentId, 'named', who.id)),
    onAction(actions.exportRoles, (ctx, who, { incidentId }) => send(ctx, incidentId, 'roles', who.id)),
    onAction(actions.exportJson, (ctx, who, { incidentId }) => send(ctx, incidentId, 'json', who.id)),
  ],
  workers: [onWork('postmortem.canvas', writeNextCanvas)],
};

async function canvas(ctx: Context, incidentId: string, by: string) {
  const { incident, channel, isThere } = await wantCanvas(ctx, incidentId, by);
  return { say: canvasAsked(incident, channel, isThere) };
}

async function send(ctx: Context, incidentId: string, kind: ExportKind, viewer: string) {
  const file = fileOf(await sourceOf(ctx, incidentId, viewer), kind);
  return {
    say: sentence(md`The file is on its way to you as a direct message.`),
    files: { words: `${file.title}, as it stands now.`, files: [file] },
  };
}
