import { toPng } from '../charts/png.ts';
import { seriesChart } from '../charts/series-chart.ts';
import type { Drawing } from './schema.ts';

/** A stored drawing as a picture file, with the sentence that says what it shows. */
export function drawSeries({ title, unit, points, limit, since }: Drawing): { png: Uint8Array; alt: string } {
  const { svg, alt } = seriesChart({
    title,
    unit,
    points: points.map(([at, value]) => ({ at: new Date(at), value })),
    ...(limit && { limit }),
    ...(since !== undefined && { since: new Date(since) }),
  });
  return { png: toPng(svg), alt };
}
