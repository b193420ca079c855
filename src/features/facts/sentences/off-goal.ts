import type { MissedGoal } from '../../goals/queries.ts';
import { capital } from '../../../lib/capital.ts';
import { quoted, type Reader } from '../words.ts';
import { sinceWords, standWords } from './goal.ts';

/** What is under way for a model, by its numbers. */
export interface Doing {
  readonly alert: number | null;
  readonly taken: boolean | null;
  readonly request: string | null;
  readonly training: number | null;
  readonly incident: number | null;
}

/** For the digest, below the model's name: where it stands, since when, and what is done about it. */
export function offGoalWords(off: MissedGoal, doing: Doing | undefined, reader: Reader): string {
  const stands = `${quoted(off.goal.name)} is off goal ${sinceWords(off, reader)}: ${standWords(off)}.`;
  return `${stands} ${capital(doingWords(doing))}.`;
}

function doingWords(doing: Doing | undefined): string {
  if (!doing) return nothing;
  const { alert, taken, request, training, incident } = doing;
  const parts = [
    ...(incident === null ? [] : [`incident ${incident} is open`]),
    ...(alert === null ? [] : [`drift alert ${alert} is ${taken ? 'being looked into' : 'open, and nobody is on it'}`]),
    ...(request === null ? [] : [`${request} is asked for`]),
    ...(training === null ? [] : [`training ${training} is under way`]),
  ];
  return parts.length > 0 ? parts.join('; ') : nothing;
}

const nothing = 'nothing is under way yet';
