import { type Children, html } from './html.ts';
import type { Chart, Part } from './types.ts';

const size = { width: 480, height: 200, left: 36, bottom: 22, top: 10 };
const shades = [
  '#1264a3',
  '#e8912d',
  '#2bac76',
  '#cd2553',
  '#7c3085',
  '#3a9fbf',
  '#8d6e00',
  '#5b5b5b',
  '#d46a9f',
  '#69803c',
  '#a0522d',
  '#4a55c7',
];
const shade = (index: number): string => shades[index % shades.length] ?? '#1264a3';

interface Line {
  name: string;
  values: number[];
}

function linesOf({ series = [], axis_config: axis }: Chart): Line[] {
  return series.map(({ name, data }) => ({
    name,
    values: (axis?.categories ?? []).map((category) => data.find(({ label }) => label === category)?.value ?? 0),
  }));
}

function xy(chart: Chart): Children {
  const lines = linesOf(chart);
  const categories = chart.axis_config?.categories ?? [];
  const all = lines.flatMap(({ values }) => values);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const inner = { width: size.width - size.left, height: size.height - size.top - size.bottom };
  const y = (value: number): number => size.top + inner.height * (1 - (value - low) / (high - low || 1));
  const step = inner.width / Math.max(1, categories.length);
  const x = (index: number): number => size.left + step * (index + 0.5);
  const bar = step / (lines.length + 1);
  const path = (values: number[]): string =>
    values.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join(' ');
  return html`<svg viewBox=${`0 0 ${size.width} ${size.height}`} aria-hidden="true" class="chart-drawing">
    ${[low, (low + high) / 2, high].map(
      (value) => html`<line class="chart-grid" x1=${size.left} x2=${size.width} y1=${y(value)} y2=${y(value)} />
        <text class="chart-word" x=${size.left - 6} y=${y(value) + 4} text-anchor="end">${Number(value.toPrecision(3))}</text>`,
    )}
    ${lines.map(({ values }, nth) =>
      chart.type === 'bar'
        ? values.map(
            (value, index) => html`<rect
              x=${x(index) - step / 2 + bar * (nth + 0.5)}
              y=${Math.min(y(value), y(0))}
              width=${bar}
              height=${Math.abs(y(value) - y(0))}
              fill=${shade(nth)}
            />`,
          )
        : html`${chart.type === 'area' ? html`<path d=${`${path(values)} L${x(values.length - 1)} ${y(0)} L${x(0)} ${y(0)} Z`} fill=${shade(nth)} opacity="0.2" />` : ''}
            <path d=${path(values)} fill="none" stroke=${shade(nth)} stroke-width="2.5" />`,
    )}
    ${categories.map((category, index) => html`<text class="chart-word" x=${x(index)} y=${size.height - 6} text-anchor="middle">${category}</text>`)}
  </svg>`;
}

function slice(from: number, to: number): string {
  const point = (turn: number): string =>
    `${100 + 90 * Math.sin(turn * 2 * Math.PI)} ${100 - 90 * Math.cos(turn * 2 * Math.PI)}`;
  const end = to - from >= 1 ? to - 1e-4 : to;
  return `M100 100 L${point(from)} A90 90 0 ${end - from > 0.5 ? 1 : 0} 1 ${point(end)} Z`;
}

function pie({ segments = [] }: Chart): Children {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  let at = 0;
  return html`<svg viewBox="0 0 200 200" aria-hidden="true" class="chart-pie">
    ${segments.map(({ value }, index) => {
      const from = at;
      at += value / total;
      return html`<path d=${slice(from, at)} fill=${shade(index)} />`;
    })}
  </svg>`;
}

/** The numbers in words: what the drawing shows to those who do not see it. */
function inWords(chart: Chart): string {
  if (chart.type === 'pie') return (chart.segments ?? []).map(({ label, value }) => `${label} ${value}`).join(', ');
  const categories = chart.axis_config?.categories ?? [];
  return linesOf(chart)
    .map(({ name, values }) => `${name}: ${values.map((value, index) => `${categories[index]} ${value}`).join(', ')}`)
    .join('; ');
}

export function chart(block: Part): Children {
  const { chart: drawn } = block;
  if (!drawn) return '';
  const names =
    drawn.type === 'pie'
      ? (drawn.segments ?? []).map(({ label }) => label)
      : (drawn.series ?? []).map(({ name }) => name);
  const title = typeof block.title === 'string' ? block.title : '';
  return html`<div class="chart" role="img" aria-label=${`${title}. ${inWords(drawn)}`}>
    <div class="card-title" aria-hidden="true">${title}</div>
    ${drawn.type === 'pie' ? pie(drawn) : xy(drawn)}
    <ul class="chart-names" aria-hidden="true">
      ${names.map((name, index) => html`<li><span class="chart-key" style=${`background: ${shade(index)}`}></span>${name}</li>`)}
    </ul>
  </div>`;
}
