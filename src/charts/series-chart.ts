import { LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, type GridComponentOption, TitleComponent, type TitleComponentOption } from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { breaches, isBeyond, type Limit, type Point, type Spot } from './breaches.ts';
import { family, needsOtherFont } from './font.ts';
import { altText, beyondSince, crossingWords, dateFormat, figure, limitName, type Story, ticks } from './wording.ts';

use([LineChart, GridComponent, TitleComponent, SVGRenderer]);

export interface SeriesChart {
  readonly title: string;
  readonly points: readonly Point[];
  readonly limit?: Limit;
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

const width = 800;
const height = 360;
const titleSize = 26;
const ink = { text: '#1d2939', quiet: '#667085', grid: '#eaecf0', line: '#2563a6', breach: '#c9281c' };

/** One series as a picture for Slack. The alt text says the same in a sentence. */
export function seriesChart(chart: SeriesChart): { svg: string; alt: string } {
  const title = plain(chart.title);
  const points = chart.points
    .map(({ at, value }) => ({ at, value: value !== null && Number.isFinite(value) ? value : null }))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const limit = chart.limit && { ...chart.limit, label: plain(chart.limit.label) };
  const zone = chart.zone ?? 'UTC';
  const first = points[0]?.at.getTime() ?? 0;
  const last = points.at(-1)?.at.getTime() ?? 0;
  const dated = dateFormat(first, last, zone);
  const story = { points, limit, since: chart.since, unit: chart.unit && plain(chart.unit), dated };
  const range =
    first === last
      ? { from: first - 1, to: last + 1, times: points.length > 0 ? [{ time: first, label: dated(first) }] : [] }
      : { from: first, to: last, times: ticks(first, last, zone) };
  return { svg: draw({ title, ...story, ...range }), alt: altText(title, story) };
}

/** Text that an SVG may hold: one line, no control characters. */
const plain = (text: string) => text.replace(/[\p{C}\s]+/gu, ' ').trim();

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The title cut to the width of the picture, by rough widths of letters in ems. */
function clipped(title: string): string {
  const foreign = needsOtherFont(title);
  let room = (width - 70) / titleSize;
  let kept = '';
  for (const letter of title) {
    room -= foreign ? 1.05 : /[\p{Lu}mw@%]/u.test(letter) ? 0.8 : 0.56;
    if (room < 0) return `${kept.trimEnd()}…`;
    kept += letter;
  }
  return kept;
}

type Option = ComposeOption<LineSeriesOption | GridComponentOption | TitleComponentOption>;

function draw(drawing: Drawing): string {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    instance.setOption(option(drawing));
    return instance.renderToSVGString();
  } finally {
    instance.dispose();
  }
}

function option(drawing: Drawing): Option {
  const { title, points, limit, unit, since, times, from, to } = drawing;
  const last = points.findLast(({ value }) => value !== null);
  const lastText = last ? figure(last.value ?? 0, unit) : '';
  const bad = limit !== undefined && (since ?? beyondSince(points, limit)) !== undefined;
  const labels = new Map(times.map(({ time, label }) => [time, label]));
  const customValues = [...labels.keys()];
  const range = values(points, limit);
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: family },
    title: {
      text: clipped(title),
      subtext: last ? capital(crossingWords(drawing) ?? '') : 'No readings',
      left: 22,
      top: 16,
      itemGap: 8,
      textStyle: { fontSize: titleSize, fontWeight: 600, color: ink.text },
      subtextStyle: { fontSize: 20, color: bad ? ink.breach : ink.quiet, fontWeight: bad ? 600 : 400 },
    },
    grid: {
      left: 26,
      right: 34 + lastText.length * 17,
      top: 98,
      bottom: 18,
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
        customValues,
        formatter: (time: number) => labels.get(time) ?? '',
        fontSize: 19,
        color: ink.quiet,
        margin: 12,
        hideOverlap: true,
      },
    },
    yAxis: {
      type: 'value',
      ...range,
      splitNumber: 3,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { fontSize: 19, color: ink.quiet, margin: 14, formatter: (value: number) => figure(value, unit) },
      splitLine: { lineStyle: { color: ink.grid, width: 1.5 } },
    },
    series: [
      ...(limit ? limitLine(limit, unit, drawing) : []),
      {
        type: 'line',
        data: points.map(({ at, value }) => [at.getTime(), value]),
        showSymbol: false,
        ...stroke(ink.line, points.length > 120 ? 2.5 : 4),
      },
      ...(limit ? breaches(points, limit).map((stretch) => breachLine(stretch, limit)) : []),
      ...lonely(points).map((spot) => dot(spot, limit && isBeyond(spot[1], limit) ? ink.breach : ink.line, 11)),
      ...(last ? [dot([last.at.getTime(), last.value ?? 0], bad ? ink.breach : ink.line, 16, lastText)] : []),
    ],
  };
}

const stroke = (color: string, thickness: number) => ({
  lineStyle: { color, width: thickness, cap: 'round' as const, join: 'round' as const },
  itemStyle: { color },
});

/** The range of the value axis: from nothing where the values come near to it, else just around them. */
function values(points: readonly Point[], limit: Limit | undefined): { min?: number; max?: number; scale: boolean } {
  const all = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (limit) all.push(limit.value);
  if (all.length === 0) return { min: 0, max: 1, scale: false };
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return { scale: low < 0 || (low < high && low > high / 2) };
}

/** The dashed line, and its name on the side with more room, drawn over everything that runs through it. */
function limitLine(limit: Limit, unit: string | undefined, drawing: Drawing): LineSeriesOption[] {
  const measured = drawing.points.flatMap(({ value }) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...measured, limit.value), Math.max(...measured, limit.value)];
  const under = limit.side === 'below' && limit.value - low > 0.15 * (high - low);
  return [
    {
      type: 'line',
      data: [
        [drawing.from, limit.value],
        [drawing.to, limit.value],
      ],
      showSymbol: false,
      lineStyle: { color: ink.quiet, width: 2.5, type: [9, 7] },
      z: 1,
    },
    {
      type: 'line',
      data: [[drawing.from, limit.value]],
      symbol: 'circle',
      symbolSize: 0.01,
      label: {
        show: true,
        formatter: () => limitName(limit, unit),
        position: under ? [8, 8] : [8, -28],
        fontSize: 19,
        color: ink.quiet,
        textBorderColor: '#ffffff',
        textBorderWidth: 5,
      },
      z: 5,
    },
  ];
}

function breachLine(stretch: readonly Spot[], limit: Limit): LineSeriesOption {
  return {
    type: 'line',
    data: stretch.map(([time, value]) => [time, value]),
    showSymbol: false,
    ...stroke(ink.breach, 5.5),
    areaStyle: { origin: limit.value, color: ink.breach, opacity: 0.14 },
    z: 3,
  };
}

function dot([time, value]: Spot, color: string, size: number, text = ''): LineSeriesOption {
  return {
    type: 'line',
    data: [[time, value]],
    symbol: 'circle',
    symbolSize: size,
    itemStyle: { color, borderColor: '#ffffff', borderWidth: size > 12 ? 2.5 : 0 },
    label: {
      show: text !== '',
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

/** Readings between two gaps: a line alone would not show them. */
function lonely(points: readonly Point[]): Spot[] {
  return points.flatMap(({ at, value }, index): Spot[] => {
    const near = [points[index - 1]?.value, points[index + 1]?.value];
    return value !== null && near.every((other) => other === null || other === undefined)
      ? [[at.getTime(), value]]
      : [];
  });
}
