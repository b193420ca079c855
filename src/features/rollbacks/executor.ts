import { type Context, within } from '../../context.ts';
import type { Registry } from '../../ports.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { aliasMoved, lockLiveVersion } from '../releases/store.ts';
import { isStale, leaseMs } from './rules.ts';
import type { Rollback } from './schema.ts';
import { end } from './changes.ts';
import { lockRollback, votesFor } from './queries.ts';
import { claimNext } from './store.ts';

/** Carries out one approved rollback: claim, act outside any transaction, write what was really seen. */
export async function executeNext(ctx: Context): Promise<boolean> {
  const claimed = await claimNext(ctx, leaseMs);
  if (!claimed) return false;
  const model = await modelById(ctx, claimed.modelId);
  const outcome = await moveAlias(ctx, claimed, model).catch((error: unknown) => ({
    state: 'failed' as const,
    says: `${error instanceof Error ? error.message : String(error)} Nothing was claimed as done; check the registry, then ask again.`,
  }));
  await within(ctx, async (ctx) => {
    const before = await lockRollback(ctx, claimed.id);
    if (before.fence !== claimed.fence || before.state !== 'executing') {
      ctx.log.warn({ rollback: claimed.id }, 'another executor took over; its outcome stands');
      return;
    }
    if (outcome.state === 'alias_moved') {
      await aliasMoved(ctx, {
        modelId: model.id,
        environment: claimed.environment,
        version: claimed.toVersion,
        who: 'executor',
        why: `rollback ${claimed.number}: ${claimed.reason}`,
      });
    }
    await end(ctx, before, model, outcome.state, 'executor', outcome.says);
  });
  return true;
}

interface Outcome {
  readonly state: 'alias_moved' | 'stale' | 'failed';
  readonly says: string;
}

/** Get, compare with what the approver saw, set, read again, tag both: safe to repeat after a crash anywhere. */
async function moveAlias(ctx: Context, rollback: Rollback, model: Model): Promise<Outcome> {
  const { registry } = ctx;
  if (!registry) return { state: 'failed', says: 'No registry is connected, so nothing was moved.' };
  const { fromVersion, toVersion } = rollback;
  const target = { model: model.registryName, alias: model.alias };

  const standing = await registry.aliasVersion(target);
  if (standing !== toVersion) {
    if (standing !== fromVersion) return overtaken(registry, model, fromVersion, standing);
    // Our own record may know of a later move than the approver saw, even if the alias came back.
    const live = await within(ctx, (ctx) => lockLiveVersion(ctx, model.id, rollback.environment));
    if (isStale(rollback, live)) return overtaken(registry, model, fromVersion, standing);
    await registry.setAlias({ ...target, version: toVersion });
  }
  const seen = await registry.aliasVersion(target);
  if (seen !== toVersion) {
    return { state: 'failed', says: `${registry.name} still says version ${seen ?? 'none'} after the alias was set.` };
  }
  await tagBoth(ctx, registry, rollback, model);
  return { state: 'alias_moved', says: `${registry.name} alias ${model.alias} points to version ${toVersion}` };
}

function overtaken(registry: Registry, model: Model, expected: string, standing: string | undefined): Outcome {
  const now = standing === undefined ? 'no version' : `version ${standing}`;
  return {
    state: 'stale',
    says: `someone else moved the alias: ${registry.name} says ${model.alias} points to ${now}, the approver saw version ${expected}`,
  };
}

/** The tags help the next reader of the registry; without them the rollback is still done. */
async function tagBoth(ctx: Context, registry: Registry, rollback: Rollback, model: Model): Promise<void> {
  const approvers = (await votesFor(ctx, rollback.id)).join(',');
  const tags = { 'pitcrew.rollback': String(rollback.number), 'pitcrew.approved_by': approvers };
  try {
    await registry.tagVersion({
      model: model.registryName,
      version: rollback.fromVersion,
      tags: { ...tags, 'pitcrew.rolled_back_to': rollback.toVersion },
    });
    await registry.tagVersion({
      model: model.registryName,
      version: rollback.toVersion,
      tags: { ...tags, 'pitcrew.restored_from': rollback.fromVersion },
    });
  } catch (error) {
    ctx.log.warn({ err: error, rollback: rollback.id }, 'the versions could not be tagged');
  }
}
