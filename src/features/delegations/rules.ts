import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';
import { dateOf, dayOf } from '../../time/dates.ts';
import { momentOn } from '../../time/wall-clock.ts';

const dayMs = 86_400_000;
const longestDays = 60;

/** The end of this day where they live. */
export function endOfDay(day: string, zone: string): Date {
  return momentOn(dateOf(dayOf(day) + 1), '00:00', zone);
}

export interface Handing {
  readonly from: string;
  readonly to: string;
  readonly toStanding: Standing | undefined;
  readonly endsAt: Date;
}

/** Only to another full member, and for a time. What was lent goes no further: an approval asks its lender alone. */
export function checkHanding({ from, to, toStanding, endsAt }: Handing, now: Date): void {
  if (from === to) throw new Refusal('Choose somebody else than yourself.', { field: 'person' });
  if (toStanding !== 'member')
    throw new Refusal('Only full members of this workspace approve in your place.', { field: 'person' });
  if (endsAt <= now) throw new Refusal('That day is over already.', { field: 'until' });
  if (endsAt.getTime() - now.getTime() > longestDays * dayMs)
    throw new Refusal(`At most ${longestDays} days ahead.`, { field: 'until' });
}
