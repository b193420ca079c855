import { z } from 'zod';
import { type Context, within } from '../../context.ts';
import { batchOf, byIndex, isAhead, parseEach } from '../../lib/batch.ts';
import { modelsNamed } from '../models/queries.ts';
import { type Outcome, takeReport } from './intake.ts';
import type { Finding } from './schema.ts';

const name = z.string().trim().min(1).max(200);
const PostedFinding = z.object({
  column: z.string().max(200).default(''),
  method: name,
  label: name.optional(),
  base: name.optional(),
  score: z.number().nullable(),
  limit: z.number().nullable().default(null),
  direction: z.enum(['above', 'below']).default('above'),
  drifted: z.boolean().optional(),
});

/** What a tool judged over one window. Without `drifted` a score beyond its limit has drifted. */
export const PostedReport = z.object({
  model: name.optional(),
  environment: name.optional(),
  at: z.iso
    .datetime({ offset: true, error: 'Write it like 2026-01-31T00:00:00Z.' })
    .transform((text) => new Date(text))
    .optional(),
  rows: z.int().min(0).optional(),
  drifted: z.boolean().optional(),
  findings: z.array(PostedFinding).max(1000).default([]),
  measures: z
    .array(z.object({ metric: name, column: z.string().max(200).default(''), value: z.number() }))
    .max(1000)
    .default([]),
});
export type PostedReport = z.infer<typeof PostedReport>;

export function findingsOf({ findings }: PostedReport): Finding[] {
  return findings.map(({ label, base, drifted, ...each }) => ({
    ...each,
    label: label ?? each.method,
    drifted: drifted ?? isBeyond(each),
    ...(base !== undefined && { base }),
  }));
}

function isBeyond({ score, limit, direction }: Pick<Finding, 'score' | 'limit' | 'direction'>): boolean {
  if (score === null || limit === null) return false;
  return direction === 'above' ? score > limit : score < limit;
}

export const Verdicts = batchOf('verdicts', 'verdict');

/** Verdicts of any tool, one a window and model, in our own words. */
export function takeVerdicts(ctx: Context, items: readonly unknown[]): Promise<Outcome> {
  return within(ctx, async (ctx) => {
    const { good, rejected } = parseEach(PostedReport, items, 'verdict');
    const models = await modelsNamed(
      ctx,
      good.flatMap(({ said }) => said.model ?? []),
    );
    for (const { index, said } of good) {
      const model = models.get(said.model?.toLowerCase() ?? '');
      const at = said.at ?? ctx.now();
      if (!model) {
        const reason = said.model ? `no model is registered under the name "${said.model}"` : 'is missing';
        rejected.push({ index, reason: `model: ${reason}` });
      } else if (isAhead(at, ctx.now())) {
        rejected.push({ index, reason: 'at: lies in the future' });
      } else {
        const { environment = model.environment, rows, drifted, measures } = said;
        await takeReport(ctx, {
          model,
          environment,
          at,
          source: 'API',
          findings: findingsOf(said),
          measures,
          ...(rows !== undefined && { rows }),
          ...(drifted !== undefined && { datasetDrifted: drifted }),
        });
      }
    }
    return {
      accepted: items.length - rejected.length,
      rejected: rejected.toSorted(byIndex),
    };
  });
}
