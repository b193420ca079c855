import type { Fields } from './json.ts';
import type { Answer, EnvelopeKind, Retry, World } from './world.ts';

const waits = [0, 60_000, 300_000];

/** Interactions are sent once: Slack does not repeat them, the person sees an error instead. */
export async function ask(world: World, kind: EnvelopeKind, payload: Fields, acceptsPayload: boolean): Promise<Answer> {
  const answer = await world.transport.send(kind, payload, acceptsPayload);
  world.activity.last = Date.now();
  return answer;
}

/** Resolves after the first attempt; the up to three repeats run on the clock of the world. */
export async function deliverEvent(world: World, payload: Fields): Promise<Answer> {
  async function attempt(retry?: Retry): Promise<Answer> {
    const answer = await world.transport.send('events_api', payload, false, retry);
    world.activity.last = Date.now();
    const done = retry?.attempt ?? 0;
    const wait = waits[done];
    if (answer.kind !== 'acked' && !answer.final && wait !== undefined) {
      const next = { attempt: done + 1, reason: answer.reason ?? 'timeout' };
      world.later(wait, () => void attempt(next));
    }
    return answer;
  }
  return attempt();
}
