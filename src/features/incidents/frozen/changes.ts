import type { Context } from '../../../context.ts';
import { draw } from '../../../messages/announce.ts';
import { seriesBehind } from '../../drift/evidence/queries.ts';
import { modelById } from '../../models/queries.ts';
import { familyOf } from '../queries.ts';
import type { Incident } from '../schema.ts';
import { frozenKey, momentWords } from './rules.ts';
import { frozenSeries, type Moment } from './schema.ts';

const mostSeries = 3;

/** Its own alert, or that of one on the same model that was merged into it. */
async function alertBehind(ctx: Context, { id, modelId, alertId }: Incident): Promise<string | null> {
  if (alertId !== null) return alertId;
  const all = await familyOf(ctx, id);
  return all.find((each) => each.modelId === modelId && each.alertId !== null)?.alertId ?? null;
}

/** Keeps the measures behind it as they are now, numbers and picture: what is read later changes neither. */
export async function freeze(ctx: Context, incident: Incident, moment: Moment): Promise<void> {
  const model = await modelById(ctx, incident.modelId);
  const found = await seriesBehind(ctx, model, await alertBehind(ctx, incident), mostSeries);
  for (const [place, series] of found.entries()) {
    const row = { incidentId: incident.id, moment, round: incident.reopenCount, place };
    await ctx.db
      .insert(frozenSeries)
      .values({ workspace: ctx.workspace, ...row, takenAt: ctx.now(), series })
      .onConflictDoNothing();
    const { title, points, limit, baseline, releases, raised, since } = series;
    await draw(ctx, frozenKey(row), {
      title: `${momentWords[moment]}: ${title}`,
      unit: '',
      points,
      ...(limit && { limit: { value: limit.value, label: 'limit', side: limit.side } }),
      ...(limit?.clearAt != null && { clearAt: limit.clearAt }),
      ...(!limit && baseline && { baseline: { mean: baseline.mean, sigma: baseline.sigma } }),
      releases,
      ...(raised !== null && { raised }),
      ...(since !== null && { since }),
    });
  }
}
