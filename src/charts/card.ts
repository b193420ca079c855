import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import {
  GraphicComponent,
  type GraphicComponentOption,
  GridComponent,
  type GridComponentOption,
  TitleComponent,
  type TitleComponentOption,
} from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { family } from './font.ts';
import { capital } from '../lib/capital.ts';
import { fitted, withoutEmoji } from './lettering.ts';

use([GraphicComponent, GridComponent, TitleComponent, SVGRenderer]);

export const width = 800;
/** The smallest letters, in pixels of a picture that a phone shows at less than half its size. */
export const small = 20;
export const margin = 26;

export const ink = {
  text: '#1d2939',
  quiet: '#596579',
  grid: '#e4e8ee',
  card: '#ffffff',
  border: '#cfd6e0',
  line: '#2563a6',
  breach: '#c9281c',
  goal: '#0b7a68',
  pale: '#dfe6ee',
  band: '#edf1f6',
  base: '#98a2b3',
  outline: '#7a8699',
  release: '#9aa4b5',
};

export type Option = ComposeOption<
  BarSeriesOption | LineSeriesOption | GraphicComponentOption | GridComponentOption | TitleComponentOption
>;
export type Mark = GraphicComponentOption;
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/**
 * A white card with a border and round corners: on Slack's dark page it looks meant. Tried against one set of mid-tone
 * inks on a transparent ground for both pages, which reach a contrast of 4.1 at best (the root of 17, white against
 * #1a1d21), too little for small letters, and leave no ground to rim words with.
 */
const card = (height: number): Mark => ({
  type: 'rect',
  shape: { x: 1, y: 1, width: width - 2, height: height - 2, r: 18 },
  style: { fill: ink.card, stroke: ink.border, lineWidth: 2 },
  z: -3,
});

/** `marks` are drawn where the axes have put a value, in pixels. */
export function render(
  height: number,
  option: Option,
  marks: (spot: (x: number, y: number) => Pixel) => readonly Mark[],
): string {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    instance.setOption({ animation: false, textStyle: { fontFamily: family }, ...option });
    const drawn = marks((left, top) => {
      const [x = 0, y = 0] = instance.convertToPixel({ gridIndex: 0 }, [left, top]);
      return { x, y };
    });
    instance.setOption({ graphic: [card(height), ...drawn] });
    return instance.renderToSVGString();
  } finally {
    instance.dispose();
  }
}

const titleSize = 26;
const subtitleSize = 20;

export function heading(title: string, subtitle: string, isBad: boolean): TitleComponentOption {
  return {
    text: fitted(withoutEmoji(title), titleSize, width - 2 * margin),
    subtext: fitted(capital(withoutEmoji(subtitle)), subtitleSize, width - 2 * margin),
    left: margin - 5,
    top: 18,
    itemGap: 8,
    textStyle: { fontSize: titleSize, fontWeight: 600, color: ink.text },
    subtextStyle: {
      fontSize: subtitleSize,
      color: isBad ? ink.breach : ink.quiet,
      fontWeight: isBad ? 600 : 400,
    },
  };
}

export const axisText = { fontSize: small, color: ink.quiet };

/** Words with a white rim, legible over whatever runs through them; `y` is their upper edge. */
export function words(text: string, { x, y }: Pixel, fill: string = ink.quiet): Mark {
  return {
    type: 'text',
    x,
    y,
    style: {
      text: withoutEmoji(text),
      fill,
      fontSize: small,
      fontFamily: family,
      stroke: ink.card,
      lineWidth: 5,
      verticalAlign: 'top',
    },
    z: 6,
  };
}
