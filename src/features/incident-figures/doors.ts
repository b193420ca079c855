import { actions } from '../../actions.ts';
import { type Doors, onAction, onQuestion } from '../../doors.ts';
import { sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { sendPicture } from './changes.ts';
import { factsSince } from './queries.ts';
import { figuresCsv } from './rules.ts';
import { reportMessage } from './views.ts';

const usualDays = 90;
const dayMs = 86_400_000;

const report = onQuestion('incident report', 'How long incidents of the last 90 days took', async (ctx, who) => ({
  say: reportMessage(
    await factsSince(ctx, new Date(ctx.now().getTime() - usualDays * dayMs), who.id),
    usualDays,
    ctx.now().toISOString().slice(0, 10),
  ),
}));

export const incidentFigures: Doors = {
  commands: [report, { ...report, pattern: 'incidents report', help: 'The same as /ml incident report' }],
  actions: [
    onAction(actions.incidentFigures, async (ctx, who, { days }) => {
      const facts = await factsSince(ctx, new Date(ctx.now().getTime() - days * dayMs), who.id);
      await sendPicture(ctx, facts, days, who.id);
      const title = `Incidents of the last ${days} days`;
      const file = { name: 'incidents.csv', title, text: figuresCsv(facts) };
      return {
        say: sentence(md`The picture and the file are on their way to you as direct messages.`),
        files: { words: `${title}: durations in minutes, instants in UTC. What is not known is empty.`, files: [file] },
      };
    }),
  ],
};
