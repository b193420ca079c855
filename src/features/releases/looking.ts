import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { registryFor } from '../connections/queries.ts';
import { followersOf, nextHint } from './queries.ts';
import { hintDone, lookEnded, takeAliases } from './changes.ts';

/** Asks the registry what all aliases point to: the truth, of which web-hooks are only hints. */
export async function lookAtRegistry(ctx: Context): Promise<void> {
  const registry = await registryFor(ctx);
  if (!registry) return;
  try {
    let page: string | undefined;
    do {
      const { models, next } = await registry.aliasPage(page);
      await takeAliases(ctx, registry.name, models);
      page = next;
    } while (page !== undefined);
    await lookEnded(ctx, undefined);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await lookEnded(ctx, error.message);
  }
}

/** One registered model that a web-hook named; false when none is left. */
export async function lookAtHint(ctx: Context): Promise<boolean> {
  const hint = await nextHint(ctx);
  if (!hint) return false;
  const registry = await registryFor(ctx);
  const [follower] = await followersOf(ctx, [hint.name]);
  if (!registry || !follower) {
    await hintDone(ctx, hint, true);
    return true;
  }
  const { alias } = follower.model;
  try {
    const version = await registry.aliasVersion({ model: hint.name, alias });
    await takeAliases(ctx, registry.name, [
      { name: hint.name, aliases: version === undefined ? {} : { [alias]: version } },
    ]);
    await hintDone(ctx, hint, true);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await hintDone(ctx, hint, false);
  }
  return true;
}
