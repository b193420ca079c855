import { ink, type Mark, type Pixel, small, words } from './card.ts';
import { box, disc, type Key, line, triangle } from './legend.ts';
import { widthOf } from './lettering.ts';
import { along, type Box, roomiest } from './placing.ts';
import { releaseMarks } from './release-marks.ts';
import { baselineName, clearName, goalName, halfBand, limitName, type Story } from './series-words.ts';
import type { Range } from './value-axis.ts';

interface Level {
  readonly value: number;
  readonly name: string;
  readonly color: string;
  readonly thickness: number;
  /** Lengths of dash and gap; none for a whole line. */
  readonly dash?: number[];
  /** Which side of its line the name would rather stand on. */
  readonly under?: boolean;
}

interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Framed = Story & { readonly from: number; readonly to: number };
type Place = (time: number, value: number) => Pixel;

/** The values of a picture's levels, which its axis has to reach. */
export function levelsOf(story: Story): number[] {
  const { baseline, goal, points } = story;
  const half = baseline ? halfBand(baseline) : 0;
  const edges = baseline ? [baseline.mean, baseline.mean + half, baseline.mean - half] : [];
  // A band that would reach below nothing is cut there when no reading ever is.
  const isPositive = (baseline?.mean ?? 0) >= 0 && points.every(({ value }) => value === null || value >= 0);
  return [
    ...levels(story).map(({ value }) => value),
    ...(goal ? [goal.value] : []),
    ...edges.map((edge) => (isPositive ? Math.max(0, edge) : edge)),
  ];
}

function levels({ limit, clearAt, unit }: Story): Level[] {
  return [
    ...(limit
      ? [
          {
            value: limit.value,
            name: limitName(limit, unit),
            color: ink.quiet,
            thickness: 2.5,
            dash: [9, 7],
            under: limit.side === 'below',
          },
        ]
      : []),
    ...(clearAt === undefined
      ? []
      : [{ value: clearAt, name: clearName(clearAt, unit), color: ink.quiet, thickness: 2, dash: [2, 6] }]),
  ];
}

/** Everything around the line itself: levels, releases and what happened to the alert, with their names. */
export function seriesMarks(story: Framed, range: Range, spot: Place): Mark[] {
  const [low, high] = [spot(story.from, range.min), spot(story.to, range.max)];
  const plot = { left: low.x, right: high.x, top: high.y, bottom: low.y };
  const across = levels(story).map((level) => ({ ...level, y: spot(story.from, level.value).y }));
  const readings = along(story.points.map(({ at, value }) => (value === null ? null : spot(at.getTime(), value))));
  const others = [...across.map(({ y }) => y), ...(story.goal ? [spot(story.from, story.goal.value).y] : [])];
  const lines = others.flatMap((y) => along([plot.left, plot.right].map((x) => ({ x, y }))));
  const taken: Box[] = [];
  const names = across.flatMap((level) => {
    const place = roomiest(besideLevel(level, plot), taken, [...readings, ...lines]);
    if (!place) return [];
    taken.push(place);
    return [words(level.name, place, level.color)];
  });
  return [
    ...usual(story, range, spot, plot),
    ...(story.goal ? [goalLine(spot(story.from, story.goal.value).y, plot)] : []),
    ...across.map((level) => stretched(level, plot)),
    ...releaseMarks(story.releases, plot, (time) => spot(time, range.min).x),
    ...eventMarks(story, (time) => ({ x: spot(time, range.min).x, y: plot.bottom })),
    ...names,
  ];
}

const lineHeight = 24;

function besideLevel({ name, y, under }: Level & { readonly y: number }, { left, right, top, bottom }: Plot): Box[] {
  const long = widthOf(name, small);
  const upper = y - lineHeight - 3;
  const rows = (under ? [y + 5, upper] : [upper, y + 5]).filter((row) => row >= top - 8 && row + lineHeight <= bottom);
  const free = right - left - long - 20;
  const columns = [0, 0.25, 0.5, 0.75, 1].map((part) => left + 8 + part * free);
  return columns.flatMap((x) => rows.map((row) => ({ x, y: row, width: long, height: lineHeight })));
}

const stretched = (
  { y, color, thickness, dash }: Pick<Level, 'color' | 'thickness' | 'dash'> & { readonly y: number },
  { left, right }: Pick<Plot, 'left' | 'right'>,
): Mark => ({
  type: 'line',
  shape: { x1: left, y1: y, x2: right, y2: y },
  style: { stroke: color, lineWidth: thickness, ...(dash && { lineDash: dash }) },
  z: 1,
});

const goalLine = (y: number, plot: Plot) => stretched({ y, color: ink.goal, thickness: 2.5 }, plot);

/** The baseline as a band, or a line alone. */
function usual(story: Framed, { min, max }: Range, spot: Place, { left, right }: Plot): Mark[] {
  const { baseline, from } = story;
  if (!baseline) return [];
  const half = halfBand(baseline);
  const [upper, middle, lower] = [
    Math.min(max, baseline.mean + half),
    baseline.mean,
    Math.max(min, baseline.mean - half),
  ].map((value) => spot(from, value).y);
  return [
    {
      type: 'rect',
      shape: { x: left, y: upper ?? 0, width: right - left, height: (lower ?? 0) - (upper ?? 0) },
      style: { fill: ink.band },
      z: -1,
    },
    stretched({ y: middle ?? 0, color: ink.base, thickness: 1.5 }, { left, right }),
  ];
}

function eventsOf({ raised, acknowledged, from, to }: Framed) {
  return [
    { name: 'raised', time: raised?.getTime() ?? Number.NaN, sign: triangle },
    { name: 'acknowledged', time: acknowledged?.getTime() ?? Number.NaN, sign: disc },
  ].filter(({ time }) => time >= from && time <= to);
}

/** On the axis, where the alert was raised and acknowledged. */
function eventMarks(story: Framed, spot: (time: number) => Pixel): Mark[] {
  return eventsOf(story).map(({ time, sign }) => {
    const { x, y } = spot(time);
    return sign({ x: x - 11, y: y - 8 });
  });
}

/** What is named outside of the plot: these lie where the readings are. */
export function keysOf(story: Framed): Key[] {
  const { goal, baseline, unit } = story;
  const sign = baseline && halfBand(baseline) > 0 ? box(ink.band, ink.base) : line(ink.base);
  return [
    ...(goal ? [{ name: goalName(goal, unit), sign: line(ink.goal) }] : []),
    ...(baseline ? [{ name: baselineName(baseline, unit), sign }] : []),
    ...eventsOf(story),
  ];
}
