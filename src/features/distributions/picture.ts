import type { Context } from '../../context.ts';
import { announce, draw } from '../../messages/announce.ts';
import type { HistogramDrawing } from '../../messages/schema.ts';
import { alignCategories, alignEdges } from '../drift/detectors/alignment.ts';
import { histogramMethod } from '../drift/detectors/methods.ts';
import { liveAlert } from '../drift/queries.ts';
import { worstFirst } from '../drift/rules.ts';
import type { Finding, Watch } from '../drift/schema.ts';
import type { Model } from '../models/schema.ts';
import type { Histogram, Reference } from './schema.ts';
import { pictureMessage } from './views.ts';

type Lies = Pick<Histogram, 'column' | 'shape' | 'rows' | 'nulls'>;

/**
 * Below the card of the alert: how the worst feature lies now, beside its reference. One message an alert, brought up
 * to date with each window.
 */
export async function showWorst(
  ctx: Context,
  watch: Watch,
  model: Model,
  at: Date,
  pairs: readonly { readonly ref: Reference; readonly cur: Lies }[],
): Promise<void> {
  const alert = await liveAlert(ctx, watch);
  const item = alert?.items.find(({ watchId, clearedAt }) => watchId === watch.id && !clearedAt);
  if (!alert?.shownAt || !item || new Date(item.lastWindow).getTime() !== at.getTime()) return;
  const worst = worstFirst(item.findings.filter(({ method }) => histogramMethod(method)))[0];
  const pair = worst && pairs.find(({ cur }) => cur.column === worst.column);
  if (!worst || !pair) return;
  const drawing = drawingOf(worst, pair.ref, pair.cur, at);
  const key = `lies:${alert.id}:${worst.column}:${at.getTime()}`;
  await draw(ctx, key, drawing);
  await announce(
    ctx,
    `lies:alert:${alert.id}`,
    { channel: model.channel, thread: `alert:${alert.id}` },
    pictureMessage(worst, pair.ref, key),
  );
}

function drawingOf(worst: Finding, ref: Reference, cur: Lies, at: Date): HistogramDrawing {
  const day = (instant: Date) => instant.toISOString().slice(0, 10);
  const bins =
    'counts' in ref.shape && 'counts' in cur.shape
      ? alignEdges(ref.shape, cur.shape)
      : alignCategories(
          'categories' in ref.shape ? ref.shape.categories : {},
          'categories' in cur.shape ? cur.shape.categories : {},
        );
  return {
    kind: 'histogram',
    title: worst.column,
    bins,
    method: worst.label,
    score: worst.score,
    ...(worst.limit !== null && { limit: { value: worst.limit, side: worst.direction } }),
    names: { ref: `reference, ${day(ref.at)}`, cur: day(at) },
  };
}
