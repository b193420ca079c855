import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { type Answer, callOut, type Failure } from '../../lib/outgoing.ts';
import type { hookOf } from '../connections/queries.ts';
import { signatureOf } from '../connections/trying.ts';
import type { Model } from '../models/schema.ts';
import { callAnswered, callOf, callSent, lastConfirmed } from './changes.ts';
import type { Deployer, Op, Step } from './deployer.ts';
import { silentAfterMs } from './rules.ts';

interface At {
  readonly model: Model;
  readonly environment: string;
  readonly hook: Awaited<ReturnType<typeof hookOf>>;
  /** Milliseconds before the second and the third try. */
  readonly pauses?: readonly number[];
}

const Said = z.object({ state: z.enum(['done', 'failed', 'running']), detail: z.string().default('') });

/** The team's own service: a signed request with the step's key, and a signed callback when it takes longer. */
export function hookDeployer(ctx: Context, at: At): Deployer {
  const { model, environment, hook } = at;
  const { name, id: connectionId } = hook.connection;
  return {
    name: `web-hook ${name}`,
    staged: true,
    current: () => lastConfirmed(ctx, model.id, environment),
    apply: async (step) => {
      const { key, to: version, percent } = step;
      await callSent(ctx, { key, connectionId, modelId: model.id, environment, version, percent });
      const outcome = await persistently(ctx, at, step);
      const known = await callOf(ctx, key);
      // A callback may have been quicker than the answer.
      if (known?.state === 'done' || known?.state === 'failed')
        return { state: known.state, says: wordsOf(name, known) };
      return await opOf(ctx, { name, connectionId }, step, outcome);
    },
    status: async (key) => {
      const call = await callOf(ctx, key);
      if (call?.state === 'done' || call?.state === 'failed') return { state: call.state, says: wordsOf(name, call) };
      const since = call?.answeredAt ?? call?.sentAt;
      if (!since || ctx.now().getTime() - since.getTime() > silentAfterMs)
        return { state: 'unclear', says: `${name} took it and has not called back for half an hour.` };
      return { state: 'running', ref: key, says: call?.detail || `${name} is at it` };
    },
  };
}

const wordsOf = (name: string, { state, detail }: { state: string; detail: string }) =>
  detail === '' ? `${name} says it is ${state}.` : `${name} says: ${detail}`;

async function opOf(
  ctx: Context,
  { name, connectionId }: { name: string; connectionId: string },
  { key }: Step,
  outcome: Answer | Failure,
): Promise<Op> {
  if (outcome.kind === 'failure')
    return outcome.mayHaveArrived
      ? { state: 'unclear', says: `${outcome.message} Nobody knows whether it began.` }
      : { state: 'failed', says: `${outcome.message} Nothing was begun.` };
  const { status, body } = outcome;
  if (status >= 500 || status === 429)
    return { state: 'unclear', says: `${name} answered with status ${status}; nobody knows whether it began.` };
  if (status >= 400)
    return {
      state: 'failed',
      says: `${name} refused it with status ${status}: ${body.slice(0, 200) || 'no reason given'}`,
    };
  const said = saidIn(body);
  const state = said?.state ?? 'running';
  await callAnswered(ctx, { key, connectionId, state, detail: said?.detail ?? '' });
  if (state === 'running') return { state, ref: key, says: said?.detail || `${name} is at it` };
  return { state, says: wordsOf(name, { state, detail: said?.detail ?? '' }) };
}

/** A body that says nothing of a state means that it was taken and a callback follows. */
function saidIn(body: string): z.infer<typeof Said> | undefined {
  try {
    return Said.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

async function persistently(ctx: Context, { model, environment, hook, pauses = [500, 2000] }: At, step: Step) {
  const { key, kind, number, from, to, percent, reason, approvedBy } = step;
  const body = JSON.stringify({
    key,
    kind,
    number,
    model: model.registryName,
    environment,
    from,
    to,
    percent,
    reason,
    approved_by: approvedBy,
    callback_url: `${ctx.publicUrl}/hooks/${hook.connection.id}`,
  });
  const { url, secret, allowedHosts } = hook;
  const once = () => {
    const signed = signatureOf(secret, key, ctx.now(), body);
    const headers = { 'content-type': 'application/json', 'idempotency-key': key, ...signed };
    return callOut({ url, method: 'POST', headers, body, allowedHosts });
  };
  let outcome = await once();
  for (const pause of pauses) {
    if (!mayPass(outcome)) return outcome;
    await wait(pause);
    const next = await once();
    // What may have arrived once stays possible, whatever the later tries say.
    const before = outcome;
    outcome = next.kind === 'failure' && arrived(before) ? { ...next, mayHaveArrived: true } : next;
  }
  return outcome;
}

const arrived = (outcome: Answer | Failure) => outcome.kind === 'answer' || outcome.mayHaveArrived;

function mayPass(outcome: Answer | Failure): boolean {
  if (outcome.kind === 'failure') return outcome.reason === 'timeout' || outcome.reason === 'unreachable';
  return outcome.status >= 500 || outcome.status === 429;
}
