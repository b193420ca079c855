import { figure } from '../../../slack/mrkdwn.ts';
import type { Training } from '../../retraining/schema.ts';
import { isOthers, on, quoted, type Reader, type Said, since } from '../words.ts';

/** The first number that the gate looked at. */
export interface Headline {
  readonly name: string;
  readonly value: number;
  readonly baseline: number | null;
}
export interface RunRow {
  readonly person_id: string;
  readonly model: string;
  readonly number: number;
  readonly state: Training['state'];
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly started_at: Date | null;
  readonly detail: string | null;
  readonly candidate: string | null;
  readonly asks: boolean;
  readonly gate: 'pass' | 'fail' | null;
  readonly headline: Headline | undefined;
  readonly at: Date;
}

export function runSaid(row: RunRow, reader: Reader): Said {
  const { model, number, state, at } = row;
  const name = `training ${number} of ${model}`;
  const what = `Training ${number} of ${model}`;
  const ended = on(at, reader);
  const reason = row.detail === null ? '' : ` (${quoted(row.detail)})`;
  switch (state) {
    case 'waiting':
      return {
        words: `${what} waits for somebody to approve it ${since(row.asked_at, reader)}.`,
        becomes: 'know',
        suggestion: `Get ${name} approved`,
      };
    case 'approved':
    case 'queued':
      return {
        words: `${what} is about to start ${since(row.asked_at, reader)}.`,
        becomes: 'know',
        suggestion: `Follow ${name}`,
      };
    case 'running':
      return row.asks
        ? {
            words: `${what} asked something and waits for an answer.`,
            becomes: 'plan',
            suggestion: `Answer ${name}`,
          }
        : {
            words: `${what} is still running ${since(row.started_at ?? row.asked_at, reader)}.`,
            becomes: 'know',
            suggestion: `Follow ${name}`,
          };
    case 'succeeded': {
      const made = row.candidate === null ? '' : ` and made version ${row.candidate}`;
      return {
        words: `${what} finished ${ended}${made}${measured(row)}.${gateWords(row.gate)}`,
        becomes: isOthers(row.asked_by, row.person_id) ? 'know' : 'done',
        suggestion: row.candidate === null ? `Retrained ${model}` : `Retrained ${model}: version ${row.candidate}`,
      };
    }
    case 'failed':
      return {
        words: `${what} failed ${ended}${reason}.`,
        becomes: 'obstacle',
        suggestion: `${what} failed${reason}`,
        need: 'validate.pipeline',
      };
    case 'lost':
      return {
        words: `${what} is lost ${since(at, reader)}${reason}.`,
        becomes: 'obstacle',
        suggestion: `${what} is lost`,
        need: 'validate.pipeline',
      };
    case 'canceled':
      return { words: `${what} was canceled ${ended}${reason}.`, becomes: 'know', suggestion: `${what} was canceled` };
    case 'declined':
      return { words: `${what} was declined ${ended}${reason}.`, becomes: 'know', suggestion: `${what} was declined` };
  }
}

/** ": auc 0.913, and 0.92 in the live version" */
function measured({ headline }: RunRow): string {
  if (!headline) return '';
  const { name, value, baseline } = headline;
  const against = baseline === null ? '' : `, and ${figure(baseline)} in the live version`;
  return `: ${quoted(name)} is ${figure(value)}${against}`;
}

function gateWords(gate: RunRow['gate']): string {
  if (gate === null) return '';
  return gate === 'pass' ? ' It passed its gate.' : ' It did not pass its gate.';
}
