import { dayIn } from '../../teams/rules.ts';
import { dayWords, on, quoted, type Reader, type Said } from '../words.ts';

export interface CommitmentRow {
  readonly number: number;
  readonly text: string;
  readonly state: 'offered' | 'open' | 'done';
  /** A calendar day. */
  readonly due: string;
  readonly at: Date;
}

export function commitmentSaid({ number, text, state, due, at }: CommitmentRow, reader: Reader): Said {
  const promised = quoted(text);
  const what = `Commitment ${number} (${promised})`;
  switch (state) {
    case 'offered':
      return {
        words: `${what} waits for your yes or no; it ${dueWords(due, reader)}.`,
        becomes: 'waits',
        suggestion: `Answer commitment ${number}`,
      };
    case 'open':
      return {
        words: `${what} ${dueWords(due, reader)}.`,
        becomes: 'plan',
        suggestion: `Commitment ${number}: ${promised}`,
      };
    case 'done':
      return {
        words: `${what} is done; somebody looked at it ${on(at, reader)}.`,
        becomes: 'done',
        suggestion: `Kept commitment ${number}: ${promised}`,
      };
  }
}

function dueWords(due: string, { zone, now }: Reader): string {
  const today = dayIn(zone, now);
  if (due === today) return 'is due today';
  return `${due < today ? 'was' : 'is'} due on ${dayWords(due, today)}`;
}
