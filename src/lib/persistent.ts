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
    const longer = pause === undefined ? undefined : pauseBeforeNext(outcome, pause);
    if (longer === undefined) return answerOf(name, outcome);
    await wait(longer);
  }
  throw new Error('unreachable: the last pause is undefined');
}

/** Milliseconds, at least `usual`, after which another try is worth it; undefined: it would end alike. */
export function pauseBeforeNext(outcome: Answer | Failure, usual: number): number | undefined {
  const asked = outcome.kind === 'answer' ? secondsAsked(outcome) * 1000 : 0;
  return mayPass(outcome) && asked <= longestPause ? Math.max(usual, asked) : undefined;
}

/** Where there is no answer, a Refusal says why. */
export function answerOf(name: string, outcome: Answer | Failure): Answer {
  if (outcome.kind === 'answer') return outcome;
  throw new Refusal(`${name} could not be asked: ${outcome.message}`);
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
