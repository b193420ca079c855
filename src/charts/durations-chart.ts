import { axisText, heading, ink, type Mark, margin, type Option, render } from './card.ts';
import { plain } from './lettering.ts';

/** In minutes; `median`: null where the values are too few to be summed up. */
interface DurationRow {
  readonly name: string;
  readonly values: readonly number[];
  readonly median: number | null;
}
interface Drawing {
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly DurationRow[];
}

const rowHeight = 44;
const top = 110;
/** Where the axis is lettered. */
const marked: readonly (readonly [minutes: number, name: string])[] = [
  [1, '1 min'],
  [10, '10 min'],
  [60, '1 h'],
  [360, '6 h'],
  [1440, '1 day'],
  [10_080, '1 week'],
  [43_200, '30 days'],
];

/** A dot for every incident, on a logarithmic axis: durations are skewed, and one long incident must not flatten the rest. */
export function durationsChart({ title, subtitle, rows }: Drawing): { svg: string; alt: string } {
  const shown = rows.filter(({ values }) => values.length > 0);
  const longest = Math.max(60, ...shown.flatMap(({ values }) => values));
  const max = Math.log10(longest * 1.6);
  const ticks = marked.filter(([minutes]) => Math.log10(minutes) <= max);
  const option: Option = {
    title: heading(plain(title), plain(subtitle), false),
    grid: { left: margin, right: 40, top, bottom: 26, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'value',
      min: -0.15,
      max,
      axisLine: { show: false },
      axisTick: { customValues: ticks.map(([minutes]) => Math.log10(minutes)), lineStyle: { color: ink.outline } },
      splitLine: { show: false },
      axisLabel: {
        ...axisText,
        margin: 12,
        hideOverlap: true,
        customValues: ticks.map(([minutes]) => Math.log10(minutes)),
        formatter: (at: number) => nameAt(at),
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: shown.map(({ name }) => plain(name)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.outline, width: 2 } },
      axisLabel: { ...axisText, color: ink.text, margin: 12 },
    },
  };
  const svg = render(top + shown.length * rowHeight + 70, option, (spot) =>
    shown.flatMap(({ values, median }, row) => [
      ...values.map((value) => dot(spot(place(value), row))),
      ...(median === null ? [] : [bar(spot(place(median), row))]),
    ]),
  );
  return { svg, alt: durationsAlt(title, shown) };
}

/** What took less than a minute stands at the edge. */
const place = (minutes: number) => Math.log10(Math.max(0.75, minutes));

const nameAt = (at: number) => marked.find(([minutes]) => Math.abs(Math.log10(minutes) - at) < 1e-6)?.[1] ?? '';

const dot = ({ x, y }: { x: number; y: number }): Mark => ({
  type: 'circle',
  shape: { cx: x, cy: y, r: 7 },
  style: { fill: ink.line, opacity: 0.45 },
  z: 4,
});

/** The median, told apart from the dots by its shape. */
const bar = ({ x, y }: { x: number; y: number }): Mark => ({
  type: 'rect',
  shape: { x: x - 2.5, y: y - 16, width: 5, height: 32, r: 2 },
  style: { fill: ink.text },
  z: 5,
});

function durationWords(minutes: number): string {
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/** The picture in words, for who cannot see it. */
export function durationsAlt(title: string, rows: readonly DurationRow[]): string {
  const said = rows.map(({ name, values, median }) => {
    const ends = [Math.min(...values), Math.max(...values)].map(durationWords);
    const middle = median === null ? '' : `, median ${durationWords(median)}`;
    return `${name}: ${values.length} from ${ends[0]} to ${ends[1]}${middle}`;
  });
  return `Dots on a logarithmic axis. ${plain(title)}. ${said.join('; ')}.`;
}
