import { type Doors, onQuestion } from '../../doors.ts';
import { factsSince } from './queries.ts';
import { reportMessage } from './views.ts';

const days = 90;
const dayMs = 86_400_000;

export const incidentFigures: Doors = {
  commands: [
    onQuestion('incident report', 'How long incidents of the last 90 days took', async (ctx, who) => ({
      say: reportMessage(await factsSince(ctx, new Date(ctx.now().getTime() - days * dayMs), who.id), days),
    })),
  ],
};
