import type { MissedGoal } from '../../goals/queries.ts';
import type { Goal } from '../../goals/schema.ts';
import { inUnit, targetWords } from '../../goals/words.ts';
import { quoted, type Reader, type Said, since } from '../words.ts';

export function goalSaid({ goal, ...missed }: MissedGoal, model: string, reader: Reader): Said {
  const name = `${quoted(goal.name)} of ${model}`;
  return {
    words: `${name} is off goal ${sinceWords(missed, reader)}: ${standWords({ goal, ...missed })}.`,
    becomes: 'plan',
    suggestion: `Look into ${name}, which is off goal`,
  };
}

/** "since 27 Nov", "for longer, since before 27 Nov" */
export function sinceWords({ since: at, isLonger }: Pick<MissedGoal, 'since' | 'isLonger'>, reader: Reader): string {
  return isLonger ? since(at, reader).replace('since', 'since before') : since(at, reader);
}

/** "it is 0.85, and the goal is at least 0.9 (0.05 short)" */
export function standWords({ goal, stand }: Pick<MissedGoal, 'goal' | 'stand'>): string {
  const value = stand.value ?? goal.target;
  return `it is ${inUnit(goal, value)}, and the goal is ${targetWords(goal)} (${distance(goal, value)})`;
}

function distance(goal: Goal, value: number): string {
  const off = inUnit(goal, Math.abs(goal.target - value)).replace(/^\+/, '');
  return `${off} ${goal.direction === 'at_least' ? 'short' : 'over'}`;
}
