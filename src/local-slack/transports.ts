import { budget, noteAnswer } from './delivery-health.ts';
import { fieldsOf, type Fields, textOf } from './json.ts';
import type { Answer, EnvelopeKind, Retry, World } from './world.ts';

const waits = [0, 60_000, 300_000];
const mostRemembered = 20_000;

async function sent(world: World, kind: EnvelopeKind, payload: Fields, accepts: boolean, retry?: Retry) {
  const at = world.now();
  const answer = await world.transport.send(kind, payload, accepts, retry);
  world.activity.last = Date.now();
  const type = textOf(payload['command']) || textOf(fieldsOf(payload['event'])['type']) || textOf(payload['type']);
  const attempt = retry?.attempt ?? 0;
  world.deliveries.push({ kind, type, at, attempt, payload, answer: answer.kind });
  if (world.deliveries.length > mostRemembered) world.deliveries.splice(0, mostRemembered / 2);
  return answer;
}

/** Interactions are sent once: Slack does not repeat them, the person sees an error instead. */
export async function ask(world: World, kind: EnvelopeKind, payload: Fields, acceptsPayload: boolean): Promise<Answer> {
  if (!world.installed) return { kind: 'not_connected' };
  if (kind === 'interactive' && !world.app.interactive) return { kind: 'not_configured' };
  return sent(world, kind, payload, acceptsPayload);
}

/** Resolves after the first attempt; the up to three repeats run on the clock of the world. */
export async function deliverEvent(world: World, payload: Fields): Promise<void> {
  const allowed = budget(world);
  if (allowed === 'hold') return;
  const { token, team_id, api_app_id } = payload;
  const minute_rate_limited = world.health.limitedMinute;
  const limited = { token, type: 'app_rate_limited', team_id, minute_rate_limited, api_app_id };
  const told = allowed === 'first' ? limited : payload;

  async function attempt(retry?: Retry): Promise<void> {
    if (world.health.off) return;
    const answer = await sent(world, 'events_api', told, false, retry);
    noteAnswer(world, answer.kind === 'acked');
    const done = retry?.attempt ?? 0;
    const wait = waits[done];
    if (answer.kind !== 'acked' && !answer.final && wait !== undefined) {
      const next = { attempt: done + 1, reason: answer.reason ?? 'timeout' };
      world.later(wait, () => void attempt(next));
    }
  }
  return attempt();
}
