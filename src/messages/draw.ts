import { durationsChart } from '../charts/durations-chart.ts';
import { histogramChart } from '../charts/histogram-chart.ts';
import { toPng } from '../charts/png.ts';
import { seriesChart } from '../charts/series-chart.ts';
import type { Drawing, SeriesDrawing } from './schema.ts';

/** A stored drawing as a picture file, with the sentence that says what it shows. */
export function drawn(drawing: Drawing): { png: Uint8Array; alt: string } {
  const { svg, alt } = chartOf(drawing);
  return { png: toPng(svg), alt };
}

function chartOf(drawing: Drawing): { svg: string; alt: string } {
  if (drawing.kind === 'durations') return durationsChart(drawing);
  return drawing.kind === 'histogram' ? histogramChart(drawing) : seriesChart(seriesOf(drawing));
}

function seriesOf({ points, since, releases, raised, ...same }: SeriesDrawing) {
  return {
    ...same,
    points: points.map(([at, value]) => ({ at: new Date(at), value })),
    ...(since !== undefined && { since: new Date(since) }),
    ...(raised !== undefined && { raised: new Date(raised) }),
    ...(releases && { releases: releases.map(({ at, version }) => ({ at: new Date(at), version })) }),
  };
}
