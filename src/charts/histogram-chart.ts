import { BarChart, type BarSeriesOption } from 'echarts/charts';
import { use } from 'echarts/core';
import { type Bin, type Bins, categoryBins, movers, type NumberBin, numberBins, stepOf } from './bins.ts';
import type { Limit } from './breaches.ts';
import { axisText, heading, ink, margin, type Option, render, small, width } from './card.ts';
import {
  emptyWords,
  histogramAlt,
  isOver,
  pointsMoved,
  scoreWords,
  shareWords,
  type Verdict,
} from './histogram-words.ts';
import { box, type Key, legend } from './legend.ts';
import { fitted, plain, shortened, widthOf, withoutEmoji } from './lettering.ts';
import { rangeAround } from './value-axis.ts';
import { figure, percent } from './wording.ts';

use([BarChart]);

export interface HistogramChart {
  readonly title: string;
  readonly bins: Bins;
  /** What the score is called, such as "PSI". */
  readonly method: string;
  /** Null where the two could not be compared. */
  readonly score: number | null;
  readonly limit?: Pick<Limit, 'value' | 'side'>;
  /** Of the feature, written after its edges. */
  readonly unit?: string;
  /** What the two are, such as "reference, October" and "23 Nov". */
  readonly names?: { readonly ref: string; readonly cur: string };
}

interface Drawing {
  readonly title: string;
  readonly verdict: Verdict;
  readonly unit: string;
  readonly names: { readonly ref: string; readonly cur: string };
}

/** How one feature lay in the reference and lies now, as a picture for Slack. The alt text says what moved most. */
export function histogramChart(chart: HistogramChart): { svg: string; alt: string } {
  const title = plain(chart.title);
  const unit = shortened(plain(chart.unit ?? ''), 20);
  const { limit } = chart;
  const verdict = {
    method: plain(chart.method),
    score: Number.isFinite(chart.score) ? chart.score : null,
    limit: limit && Number.isFinite(limit.value) ? limit : undefined,
  };
  const names = { ref: plain(chart.names?.ref ?? 'reference'), cur: plain(chart.names?.cur ?? 'current') };
  const drawing = { title, verdict, unit, names };
  if ('edges' in chart.bins) {
    const { bins, of } = numberBins(chart.bins, unit);
    const svg = drawNumbers(bins, drawing);
    return { svg, alt: histogramAlt(title, verdict, bins, of) };
  }
  const bins = categoryBins(chart.bins, plain);
  return { svg: drawCategories(bins, drawing), alt: histogramAlt(title, verdict, bins, bins.length) };
}

/** The reference is a wide pale bar with an outline, the current one a narrow solid bar inside it: told apart by shape. */
const look = {
  ref: { color: ink.pale, borderColor: ink.outline, borderWidth: 2 },
  cur: { color: ink.line },
};

function frame(bins: readonly Bin[], { title, verdict }: Drawing): Option {
  const empty = emptyWords(bins);
  return { title: heading(title, scoreWords(verdict) + (empty ? `; ${empty}` : ''), isOver(verdict)) };
}

const keys = ({ names }: Drawing): Key[] => [
  { name: names.ref, sign: box(ink.pale, ink.outline) },
  { name: names.cur, sign: box(ink.line) },
];

/** A slot for each bin whatever its width, with the edges between them. */
function drawNumbers(bins: readonly NumberBin[], drawing: Drawing): string {
  const edges = bins.flatMap(({ from, to }, i) => (i === 0 ? [from, to] : [to]));
  const step = stepOf(bins);
  const names = edges.map((edge) => figure(edge, drawing.unit.length > 4 ? '' : drawing.unit, step));
  const slot = (width - 130) / Math.max(1, bins.length);
  const every = Math.ceil((Math.max(0, ...names.map((name) => widthOf(name, small))) + 14) / slot);
  const customValues = edges.map((_, i) => i).filter((i) => i % every === 0);
  const moved = spaced(
    (emptyWords(bins) ? [] : movers(bins, 3)).map((bin) => bins.indexOf(bin)),
    Math.ceil(62 / slot),
  );
  const explained = legend([...keys(drawing), ...(moved.length > 0 ? [{ name: '± in percentage points' }] : [])]);
  const top = explained.bottom + 22;
  const option: Option = {
    ...frame(bins, drawing),
    grid: { left: margin + 2, right: 44, top, bottom: 22, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: [
      { type: 'category', show: false, data: bins.map((_, i) => i) },
      { type: 'category', show: false, data: bins.map((_, i) => i) },
      {
        type: 'value',
        position: 'bottom',
        min: 0,
        max: Math.max(1, bins.length),
        axisLine: { lineStyle: { color: ink.outline, width: 2 }, onZero: false },
        axisTick: { customValues, length: 6, lineStyle: { color: ink.outline, width: 2 } },
        splitLine: { show: false },
        axisLabel: { ...axisText, customValues, margin: 12, formatter: (at: number) => names[at] ?? '' },
      },
    ],
    yAxis: {
      type: 'value',
      ...rangeAround([0, ...bins.flatMap(({ ref, cur }) => [ref, cur])]),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...axisText, margin: 14, formatter: percent },
      splitLine: { lineStyle: { color: ink.grid, width: 1.5 } },
    },
    series: bars(bins, (bin, i) => (moved.includes(i) ? pointsMoved(bin) : ''), {
      position: 'top',
      axis: 'xAxisIndex',
      ref: '86%',
      cur: '48%',
    }),
  };
  return render(top + 283, option, () => explained.marks);
}

/** Without those too near to one named before them. */
function spaced(places: readonly number[], apart: number): number[] {
  return places.filter((place, i) => places.slice(0, i).every((other) => Math.abs(other - place) >= apart));
}

const rowHeight = 38;
const longestName = 250;

/** A row for each category with its name in front and both shares behind. */
function drawCategories(bins: readonly Bin[], drawing: Drawing): string {
  const most = movers(bins, 3);
  const explained = legend(keys(drawing));
  const top = explained.bottom + 10;
  const option: Option = {
    ...frame(bins, drawing),
    grid: {
      left: margin + 2,
      right: 150,
      top,
      bottom: 18,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: [
      {
        type: 'category',
        inverse: true,
        data: bins.map(({ name }) => fitted(withoutEmoji(name) || '(emoji)', small, longestName)),
        axisLine: { lineStyle: { color: ink.outline, width: 2 } },
        axisTick: { show: false },
        axisLabel: { ...axisText, color: ink.text, margin: 12, interval: 0 },
      },
      { type: 'category', inverse: true, show: false, data: bins.map((_, i) => i) },
    ],
    series: bars(bins, shareWords, { position: 'right', axis: 'yAxisIndex', ref: 28, cur: 14 }, (bin) =>
      most.includes(bin),
    ),
  };
  return render(top + 22 + rowHeight * Math.max(1, bins.length), option, () => explained.marks);
}

interface Bars {
  readonly position: 'top' | 'right';
  readonly axis: 'xAxisIndex' | 'yAxisIndex';
  readonly ref: number | string;
  readonly cur: number | string;
}

/** Both bars of each bin; the note stands at the longer one. */
function bars(
  bins: readonly Bin[],
  noteOf: (bin: Bin, index: number) => string,
  { position, axis, ref, cur }: Bars,
  isHeavy: (bin: Bin) => boolean = () => true,
): BarSeriesOption[] {
  return (['ref', 'cur'] as const).map((side) => ({
    type: 'bar',
    barWidth: side === 'ref' ? ref : cur,
    barMaxWidth: side === 'ref' ? 180 : 100,
    // Each on an axis of its own, so that one lies in the middle of the other.
    [axis]: side === 'ref' ? 0 : 1,
    itemStyle: look[side],
    z: side === 'ref' ? 2 : 3,
    data: bins.map((bin, index) => {
      const note = (side === 'cur') === bin.cur >= bin.ref ? noteOf(bin, index) : '';
      return {
        value: bin[side],
        label: {
          show: note !== '',
          formatter: () => note,
          position,
          distance: 8,
          fontSize: small,
          fontWeight: isHeavy(bin) ? 600 : 400,
          color: ink.text,
          textBorderColor: ink.card,
          textBorderWidth: 4,
        },
      };
    }),
  }));
}
