import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Deployer, Op, Step } from '../deployers/deployer.ts';
import { deployerOf } from '../deployers/queries.ts';
import { modelById } from '../models/queries.ts';
import { votesOn } from './queries.ts';
import { isLastStep, leaseMs, pollMs } from './rules.ts';
import type { ChangeRequest } from './schema.ts';
import { claimNext, type Outcome, settleStep, whyStop } from './steps/store.ts';

/** Carries out one step of one approved request: claim, act outside any transaction, write what was really seen. */
export async function executeNext(ctx: Context, forMs = leaseMs): Promise<boolean> {
  const claimed = await claimNext(ctx, forMs);
  if (!claimed) return false;
  const outcome = await outcomeOf(ctx, claimed).catch((error: unknown): Outcome => {
    const says = error instanceof Error ? error.message : String(error);
    const isRefused = error instanceof Refusal;
    if (!isRefused) ctx.log.error({ err: error, request: claimed.id }, 'a step could not be taken');
    // Only at the very first try a "no" means that nothing was begun: who had it before may have come further.
    return isRefused && claimed.fence === 1
      ? { kind: 'failed', says: `${says} Nothing was claimed as done; look at it there, then ask again.` }
      : { kind: 'unclear', says };
  });
  await settleStep(ctx, claimed, outcome);
  return true;
}

async function outcomeOf(ctx: Context, request: ChangeRequest): Promise<Outcome> {
  const model = await modelById(ctx, request.modelId);
  const deployer = await deployerOf(ctx, model, request.environment);
  if (request.state === 'unclear') return await readBack(deployer, request);
  const stop = request.step > 0 && request.ref === null ? await whyStop(ctx, request) : undefined;
  if (stop !== undefined) {
    const share = request.steps[request.step - 1] ?? 0;
    return { kind: 'failed', says: `Stopped at ${share} %: ${stop}.` };
  }
  const step = await stepOf(ctx, request);
  const op = request.ref === null ? await deployer.apply(step) : await deployer.status(request.ref, step);
  return after(request, step, op);
}

async function stepOf(ctx: Context, request: ChangeRequest): Promise<Step> {
  const { id, kind, number, fromVersion: from, toVersion: to, reason } = request;
  const approvedBy = (await votesOn(ctx, id)).map(({ personId }) => personId);
  const percent = request.steps[request.step] ?? 100;
  return { key: `exec:${id}:${request.step}`, kind, number, from, to, percent, reason, approvedBy };
}

function after(request: ChangeRequest, step: Step, op: Op): Outcome {
  switch (op.state) {
    case 'done':
      return isLastStep(request)
        ? { kind: 'moved', says: op.says }
        : { kind: 'next', says: `${step.percent} % of the traffic go to version ${step.to}` };
    case 'running':
      return { kind: 'running', ref: op.ref, says: op.says, inMs: pollMs };
    case 'unclear':
    case 'stale':
    case 'failed':
      return { kind: op.state, says: op.says };
  }
}

/** What stands there decides; where it cannot be read, a person has to look. */
async function readBack(deployer: Deployer, request: ChangeRequest): Promise<Outcome> {
  const standing = await deployer.current().catch(() => undefined);
  const isLast = isLastStep(request);
  if (standing === request.toVersion && isLast)
    return { kind: 'moved', says: `${deployer.name} was read again: version ${standing} stands there` };
  if (standing === request.fromVersion && isLast) return { kind: 'again' };
  return { kind: 'unclear', says: request.outcome ?? `${deployer.name} cannot be read.` };
}
