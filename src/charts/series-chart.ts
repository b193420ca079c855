import { LineChart, type LineSeriesOption } from 'echarts/charts';
import { use } from 'echarts/core';
import { breaches, isBeyond, type Limit, type Point, type Spot } from './breaches.ts';
import { axisText, heading, ink, margin, type Option, render } from './card.ts';
import { fitted, plain, shortened, widthOf } from './lettering.ts';
import { legend } from './legend.ts';
import { keysOf, levelsOf, seriesMarks } from './series-marks.ts';
import { altText, type Baseline, beyondSince, type Goal, headline, type Release, type Story } from './series-words.ts';
import { rangeAround } from './value-axis.ts';
import { dateFormat, figure, ticks } from './wording.ts';

use([LineChart]);

export interface SeriesChart {
  readonly title: string;
  readonly points: readonly Point[];
  readonly limit?: Limit;
  /** Where an alert clears, when that is not at the limit. */
  readonly clearAt?: number;
  readonly goal?: Goal;
  readonly baseline?: Baseline;
  readonly releases?: readonly Release[];
  readonly raised?: Date;
  readonly acknowledged?: Date;
  readonly unit?: string;
  /** When the present breach began, as the alert has it; read from the points unless said. */
  readonly since?: Date;
  /** IANA zone of the dates shown; UTC unless said. */
  readonly zone?: string;
}

interface Drawing extends Story {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly times: readonly { time: number; label: string }[];
}

/** One series as a picture for Slack. The alt text says the same in a sentence. */
export function seriesChart(chart: SeriesChart): { svg: string; alt: string } {
  const title = plain(chart.title);
  const zone = chart.zone ?? 'UTC';
  const points = inOrder(chart.points).map(({ at, value }) => ({ at, value: isNumber(value) ? value : null }));
  const first = points[0]?.at.getTime() ?? 0;
  const last = points.at(-1)?.at.getTime() ?? 0;
  const dated = dateFormat(first, last, zone);
  const story = { ...fit(chart), points, dated };
  const range =
    first === last
      ? { from: first - 1, to: last + 1, times: points.length > 0 ? [{ time: first, label: dated(first) }] : [] }
      : { from: first, to: last, times: ticks(first, last, zone) };
  return { svg: draw({ title, ...story, ...range }), alt: altText(title, story) };
}

/** Axes cannot hold the span of larger ones; what says such a number has measured nothing. */
const largest = 1e300;

const isNumber = (value: number | null | undefined): value is number => Math.abs(value ?? Number.NaN) <= largest;

const inOrder = <T extends { readonly at: Date }>(list: readonly T[]) =>
  list.filter(({ at }) => isNumber(at.getTime())).toSorted((a, b) => a.at.getTime() - b.at.getTime());

const known = (date: Date | undefined) => (date && isNumber(date.getTime()) ? date : undefined);

/** Without what cannot be drawn: levels that are no numbers, words too long for their place. */
function fit(chart: SeriesChart): Omit<Story, 'points' | 'dated'> {
  const { limit, goal, baseline, clearAt } = chart;
  return {
    limit: limit && isNumber(limit.value) ? { ...limit, label: shortened(plain(limit.label), 40) } : undefined,
    clearAt: isNumber(clearAt) && clearAt !== limit?.value ? clearAt : undefined,
    goal:
      goal && isNumber(goal.value)
        ? { side: limit?.side ?? 'above', ...goal, label: shortened(plain(goal.label ?? ''), 30) }
        : undefined,
    baseline: baseline && isNumber(baseline.mean) ? baseline : undefined,
    releases: inOrder(chart.releases ?? []).map(({ at, version }) => ({ at, version: shortened(plain(version), 14) })),
    raised: known(chart.raised),
    acknowledged: known(chart.acknowledged),
    since: known(chart.since),
    unit: shortened(plain(chart.unit ?? ''), 20),
  };
}

const longestValue = 190;

function draw(drawing: Drawing): string {
  const { points, limit, since, unit, releases, from, to, times } = drawing;
  const last = points.findLast(({ value }) => value !== null);
  const lastText = last ? fitted(figure(last.value ?? 0, unit), 27, longestValue) : '';
  const isBad = limit !== undefined && (since ?? beyondSince(points, limit)) !== undefined;
  const explained = legend(keysOf(drawing));
  const top = explained.bottom + (releases.length > 0 ? 32 : 4);
  const range = rangeAround([...points.flatMap(({ value }) => (value === null ? [] : [value])), ...levelsOf(drawing)]);
  const labels = new Map(times.map(({ time, label }) => [time, label]));
  const customValues = [...labels.keys()];
  const option: Option = {
    title: heading(drawing.title, headline(drawing), isBad),
    grid: {
      left: margin + 2,
      right: 40 + widthOf(lastText, 27),
      top,
      bottom: 22,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'value',
      min: from,
      max: to,
      axisLine: { lineStyle: { color: ink.grid, width: 2 } },
      axisTick: { show: false, customValues },
      splitLine: { show: false },
      axisLabel: {
        ...axisText,
        customValues,
        formatter: (time: number) => labels.get(time) ?? '',
        margin: 12,
        hideOverlap: true,
      },
    },
    yAxis: {
      type: 'value',
      ...range,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...axisText,
        margin: 14,
        formatter: (value: number) => figure(value, unit.length > 4 ? '' : unit, range.interval),
      },
      splitLine: { lineStyle: { color: ink.grid, width: 1.5 } },
    },
    series: [
      {
        type: 'line',
        data: points.map(({ at, value }) => [at.getTime(), value]),
        showSymbol: false,
        ...stroke(ink.line, points.length > 120 ? 2.5 : 4),
      },
      ...(limit ? [breachLine(points, limit)] : []),
      lonelyDots(points, limit),
      ...(last ? [lastDot([last.at.getTime(), last.value ?? 0], isBad ? ink.breach : ink.line, lastText)] : []),
    ],
  };
  return render(top + 260, option, (spot) => [...explained.marks, ...seriesMarks(drawing, range, spot)]);
}

const stroke = (color: string, thickness: number) => ({
  lineStyle: { color, width: thickness, cap: 'round' as const, join: 'round' as const },
  itemStyle: { color },
});

/** All stretches as one line with gaps: a noisy series has thousands of them. */
function breachLine(points: readonly Point[], limit: Limit): LineSeriesOption {
  return {
    type: 'line',
    data: breaches(points, limit).flatMap((stretch) => [
      ...stretch.map((spot) => [...spot]),
      [stretch[0]?.[0] ?? 0, null],
    ]),
    showSymbol: false,
    ...stroke(ink.breach, 5.5),
    areaStyle: { origin: limit.value, color: ink.breach, opacity: 0.14 },
    z: 3,
  };
}

/** Readings between two gaps: a line alone would not show them. */
function lonelyDots(points: readonly Point[], limit: Limit | undefined): LineSeriesOption {
  return {
    type: 'line',
    data: points.flatMap(({ at, value }, index) => {
      const near = [points[index - 1]?.value, points[index + 1]?.value];
      if (value === null || near.some((other) => other !== null && other !== undefined)) return [];
      const color = limit && isBeyond(value, limit) ? ink.breach : ink.line;
      return [{ value: [at.getTime(), value], itemStyle: { color } }];
    }),
    symbol: 'circle',
    symbolSize: 11,
    lineStyle: { width: 0 },
    z: 4,
  };
}

function lastDot([time, value]: Spot, color: string, text: string): LineSeriesOption {
  return {
    type: 'line',
    data: [[time, value]],
    symbol: 'circle',
    symbolSize: 16,
    itemStyle: { color, borderColor: ink.card, borderWidth: 2.5 },
    label: {
      show: true,
      formatter: () => text,
      position: 'right',
      distance: 8,
      fontSize: 27,
      fontWeight: 600,
      color,
    },
    z: 4,
  };
}
