import type { Log, Registry } from '../../ports.ts';
import type { Deployer, Op, Step } from './deployer.ts';

/** Moves an alias of the registry: get, compare with what the approver saw, set, read again, tag both versions. */
export function aliasDeployer(registry: Registry, target: { model: string; alias: string }, log: Log): Deployer {
  const standing = () => registry.aliasVersion(target);
  return {
    name: `${registry.name} alias ${target.alias}`,
    staged: false,
    current: standing,
    apply: async (step) => {
      const before = await standing();
      if (before !== step.to) {
        if ((before ?? '') !== step.from) return overtaken(registry, target.alias, step.from, before);
        if (!(await registry.versionExists({ model: target.model, version: step.to }))) {
          const says = `${registry.name} has no version ${step.to} of ${target.model} any more, so nothing was moved.`;
          return { state: 'failed', says };
        }
        const problem = await set(registry, target, step.to);
        if (problem) return problem;
      }
      await tagBoth(registry, target.model, step, log);
      return { state: 'done', says: `${registry.name} alias ${target.alias} points to version ${step.to}` };
    },
    status: (_ref, step) =>
      Promise.resolve({ state: 'failed', says: `An alias moves at once; ${step.key} has nothing to wait for.` }),
  };
}

/** What stands afterwards counts, not what was answered. */
async function set(
  registry: Registry,
  target: { model: string; alias: string },
  version: string,
): Promise<Op | undefined> {
  const refused = await registry.setAlias({ ...target, version }).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const after = await registry.aliasVersion(target).then(
    (seen) => ({ seen }),
    () => undefined,
  );
  if (after === undefined) {
    const says = `${registry.name} does not answer, so nobody can read whether the alias was moved.`;
    return { state: 'unclear', says };
  }
  if (after.seen === version) return undefined;
  const says = `${registry.name} still says version ${after.seen ?? 'none'} after the alias was set.`;
  return { state: 'failed', says: refused ?? says };
}

function overtaken(registry: Registry, alias: string, expected: string, standing: string | undefined): Op {
  const now = standing === undefined ? 'no version' : `version ${standing}`;
  return {
    state: 'stale',
    says: `someone else moved the alias: ${registry.name} says ${alias} points to ${now}, the approver saw version ${expected}`,
  };
}

/** The tags help the next reader of the registry; without them the change is still done. */
async function tagBoth(registry: Registry, model: string, step: Step, log: Log): Promise<void> {
  const tags = { [`pitcrew.${step.kind}`]: String(step.number), 'pitcrew.approved_by': step.approvedBy.join(',') };
  const left = step.kind === 'rollback' ? 'pitcrew.rolled_back_to' : 'pitcrew.replaced_by';
  const came = step.kind === 'rollback' ? 'pitcrew.restored_from' : 'pitcrew.promoted_from';
  try {
    if (step.from !== '') await registry.tagVersion({ model, version: step.from, tags: { ...tags, [left]: step.to } });
    await registry.tagVersion({ model, version: step.to, tags: { ...tags, [came]: step.from } });
  } catch (error) {
    log.warn({ err: error, step: step.key }, 'the versions could not be tagged');
  }
}
