import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onQuestion } from '../../doors.ts';
import { sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import { sendPicture } from './changes.ts';
import { drillsCsv, figuresCsv, shiftsCsv } from './files/rules.ts';
import { factsSince } from './queries.ts';
import { counts, isDrill } from './rules.ts';
import { alertsEnded } from './shares/queries.ts';
import { callsSince } from './shifts/queries.ts';
import { callFigures } from './shifts/rules.ts';
import { reportMessage } from './views.ts';

const usualDays = 90;
const dayMs = 86_400_000;

const daysAgo = (ctx: Context, days: number) => new Date(ctx.now().getTime() - days * dayMs);

const report = onQuestion('incident report', 'How long incidents of the last 90 days took', async (ctx, who) => {
  const since = daysAgo(ctx, usualDays);
  const facts = await factsSince(ctx, since, who.id);
  const alerts = await alertsEnded(ctx, since);
  const calls = callFigures(await callsSince(ctx, since, who.id), ctx.now());
  return { say: reportMessage(facts, usualDays, ctx.now().toISOString().slice(0, 10), { alerts, calls }) };
});

export const incidentFigures: Doors = {
  commands: [report, { ...report, pattern: 'incidents report', help: 'The same as /ml incident report' }],
  actions: [
    onAction(actions.incidentFigures, async (ctx, who, { days }) => {
      const since = daysAgo(ctx, days);
      const facts = await factsSince(ctx, since, who.id);
      const calls = await callsSince(ctx, since, who.id);
      const isDrawn = facts.some(counts);
      if (isDrawn) await sendPicture(ctx, facts, days, who.id);
      const of = `of the last ${days} days`;
      const files = [
        { name: 'incidents.csv', title: `Incidents ${of}`, text: figuresCsv(facts) },
        ...(facts.some(isDrill) ? [{ name: 'drills.csv', title: `Drills ${of}`, text: drillsCsv(facts) }] : []),
        ...(callFigures(calls, ctx.now()).length > 0
          ? [{ name: 'calls-per-shift.csv', title: `Calls per shift ${of}`, text: shiftsCsv(calls, ctx.now()) }]
          : []),
      ];
      const words = `Incidents ${of}: durations in minutes, instants in UTC. What is not known is empty.`;
      const sent = isDrawn ? md`The picture and the files are` : md`The files are`;
      return { say: sentence(md`${sent} on their way to you as direct messages.`), files: { words, files } };
    }),
  ],
};
