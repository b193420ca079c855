import { z } from 'zod';
import { type Context, within } from '../../context.ts';
import { batchOf, byIndex, isAhead, parseEach, type Rejected } from '../../lib/batch.ts';
import { modelsNamed } from '../models/queries.ts';
import { releaseReported } from './changes.ts';
import { releaseStates, strategies } from './schema.ts';

export const Releases = batchOf('releases', 'release');

const name = z.string().min(1).max(200);
const Release = z.object({
  model: name,
  version: z.union([z.string().min(1).max(100), z.number().int().nonnegative()]).transform(String),
  environment: name.optional(),
  state: z.enum(releaseStates).default('succeeded'),
  strategy: z.enum(strategies).optional(),
  /** Of the traffic. */
  percent: z.number().int().min(0).max(100).optional(),
  /** The sender's own id of this release: all news of it carry the same. */
  id: z.string().min(1).max(200).optional(),
  by: name.default('ci'),
  commit: z.string().max(100).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .optional(),
  at: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
});

/** Releases as CI says them; what names no model of ours is rejected, the others are taken. */
export function takeReleases(
  ctx: Context,
  items: readonly unknown[],
): Promise<{ accepted: number; rejected: readonly Rejected[] }> {
  return within(ctx, async (ctx) => {
    const { good, rejected } = parseEach(Release, items, 'release');
    const models = await modelsNamed(
      ctx,
      good.map(({ said }) => said.model),
    );
    for (const { index, said } of good) {
      const model = models.get(said.model.toLowerCase());
      const at = said.at ?? ctx.now();
      const environment = said.environment ?? model?.environment ?? '';
      const reason = !model
        ? `model: no model is registered under the name "${said.model}"`
        : isAhead(at, ctx.now())
          ? 'at: lies in the future'
          : model.environments.includes(environment)
            ? undefined
            : `environment: ${model.name} runs in ${model.environments.join(' and ')}, not in "${environment}"`;
      if (reason !== undefined || !model) {
        rejected.push({ index, reason: reason ?? 'model: unknown' });
        continue;
      }
      const { id, version, state, by, strategy, percent, commit, url } = said;
      const key = `api:${id ?? `${version}:${commit ?? ''}`}`;
      await releaseReported(ctx, {
        ...{ model, environment, key, version, state, at, by, source: 'API' },
        ...{ strategy, percent, commit, url },
      });
    }
    return { accepted: items.length - rejected.length, rejected: rejected.toSorted(byIndex) };
  });
}
