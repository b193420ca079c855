import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Failure } from './outgoing.ts';
import { Refusal } from './refusal.ts';

/** Milliseconds to wait before the second and the third try, unless the server asks for longer. */
export const usualPauses = [250, 1000];
/** The longest that anybody waits for a server that is busy; milliseconds. */
const longestPause = 5000;

/**
 * Tries again while the server is busy, broken or gone. Only for calls that may be repeated. The last answer comes
 * back whatever it says; where there is none, a Refusal says why.
 */
export async function persistent(
  name: string,
  attempt: () => Promise<Answer | Failure>,
  pauses: readonly number[] = usualPauses,
): Promise<Answer> {
  for (const pause of [...pauses, undefined]) {
    const outcome = await attempt();
    const asked = outcome.kind === 'answer' ? secondsAsked(outcome) * 1000 : 0;
    if (!mayPass(outcome) || pause === undefined || asked > longestPause) {
      if (outcome.kind === 'answer') return outcome;
      throw new Refusal(`${name} could not be asked: ${outcome.message}`);
    }
    await wait(Math.max(pause, asked));
  }
  throw new Error('unreachable: the last pause is undefined');
}

function mayPass(outcome: Answer | Failure): boolean {
  if (outcome.kind === 'failure') return outcome.reason === 'timeout' || outcome.reason === 'unreachable';
  return outcome.status === 429 || outcome.status >= 500;
}

/** Retry-After in its form of whole seconds; the servers that we ask send no dates. */
function secondsAsked({ headers }: Answer): number {
  const text = headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}
