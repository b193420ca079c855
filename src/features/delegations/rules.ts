import { TZDate } from '@date-fns/tz';
import { Refusal } from '../../lib/refusal.ts';
import type { Standing } from '../../ports.ts';

const dayMs = 86_400_000;
const longestDays = 60;

/** The end of this day where they live. */
export function endOfDay(day: string, zone: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(new TZDate(year, month - 1, date + 1, zone).getTime());
}

export interface Handing {
  readonly from: string;
  readonly to: string;
  readonly toStanding: Standing | undefined;
  readonly endsAt: Date;
  /** Others handed theirs to whoever hands it on now. */
  readonly isLent: boolean;
}

/** Only to another full member, for a time, and never further: one person's word stays that of one. */
export function checkHanding({ from, to, toStanding, endsAt, isLent }: Handing, now: Date): void {
  if (from === to) throw new Refusal('Choose somebody else than yourself.', { field: 'person' });
  if (toStanding !== 'member')
    throw new Refusal('Only full members of this workspace approve in your place.', { field: 'person' });
  if (endsAt <= now) throw new Refusal('That day is over already.', { field: 'until' });
  if (endsAt.getTime() - now.getTime() > longestDays * dayMs)
    throw new Refusal(`At most ${longestDays} days ahead.`, { field: 'until' });
  if (isLent)
    throw new Refusal(
      'Somebody handed their approvals to you, and those go no further. Yours go on once theirs are back: `/ml delegate` shows until when.',
      { field: 'person' },
    );
}
