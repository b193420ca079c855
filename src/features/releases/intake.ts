import { z } from 'zod';
import { type Context, within } from '../../context.ts';
import { batchOf, byIndex, isAhead, keptText, parseEach, type Rejected } from '../../lib/batch.ts';
import { modelsNamed } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { releaseReported } from './changes.ts';
import { newestFrom } from './queries.ts';
import { releaseStates, strategies } from './schema.ts';

export const Releases = batchOf('releases', 'release');

const Release = z.object({
  model: keptText(200),
  version: z.union([keptText(100), z.number().int().nonnegative()]).transform(String),
  environment: keptText(200).optional(),
  state: z.enum(releaseStates).exclude(['superseded']).default('succeeded'),
  strategy: z.enum(strategies).optional(),
  /** Of the traffic. */
  percent: z.number().int().min(0).max(100).optional(),
  /** The sender's own id of this release: all news of it carry the same. */
  id: keptText(200).optional(),
  by: keptText(200).default('ci'),
  commit: keptText(100).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .optional(),
  at: z.iso
    .datetime({ offset: true })
    .transform((said) => new Date(said))
    .optional(),
});

interface Placed {
  readonly model: Model;
  readonly environment: string;
  readonly at: Date;
  readonly said: z.output<typeof Release>;
}

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
    const placed: Placed[] = [];
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
      if (reason !== undefined || !model) rejected.push({ index, reason: reason ?? 'model: unknown' });
      else placed.push({ model, environment, at, said });
    }
    for (const each of inOrder(placed)) await take(ctx, each);
    return { accepted: items.length - rejected.length, rejected: rejected.toSorted(byIndex) };
  });
}

/** Two deliveries that name the same models lock them in one order; what one says of a model stays in its order. */
function inOrder(placed: readonly Placed[]): Placed[] {
  const placeOf = ({ model, environment }: Placed) => `${model.id} ${environment}`;
  return placed.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : 0));
}

async function take(ctx: Context, { model, environment, at, said }: Placed): Promise<void> {
  const { version, state, by, strategy, percent, commit, url } = said;
  const key = said.id === undefined ? await keyOf(ctx, { model, environment, at, said }) : `api:id:${said.id}`;
  const source = 'API';
  const about = { model, environment, key, version, state, at, by, source, strategy, percent, commit, url };
  await releaseReported(ctx, about);
}

/** Without an id, news belong to the newest release where that is of the same version; else they begin another one. */
async function keyOf(ctx: Context, { model, environment, at, said }: Placed): Promise<string> {
  const start = 'api:at:';
  const newest = await newestFrom(ctx, model.id, environment, start);
  const { version, commit = null } = said;
  const isSame = newest?.version === version && (commit === null || newest.commit === null || newest.commit === commit);
  return newest && isSame ? newest.key : `${start}${at.toISOString()}:${version}:${commit ?? ''}`;
}
