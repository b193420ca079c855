import { type Doors, onClock } from '../doors.ts';
import { forgetOld } from './inbox.ts';

const keepMs = 14 * 24 * 3_600_000;

/** Senders retry for hours: what came in two weeks ago need not be remembered. */
export const housekeeping: Doors = {
  jobs: [
    onClock('inbox.forget', '25 3 * * *', (ctx, slot) => forgetOld(ctx, new Date(slot.getTime() - keepMs)), 'none'),
  ],
};
