import { ink, type Mark, margin, type Pixel, small, width, words } from './card.ts';
import { fitted, widthOf, withoutEmoji } from './lettering.ts';

/** What the legend explains: a sign and its words, or words alone. */
export interface Key {
  readonly name: string;
  /** Draws the sign with its left edge and middle here. */
  readonly sign?: (at: Pixel) => Mark;
}

export const box =
  (fill: string, outline = fill) =>
  ({ x, y }: Pixel): Mark => ({
    type: 'rect',
    shape: { x: x + 1, y: y - 9, width: 20, height: 18 },
    style: { fill, stroke: outline, lineWidth: 2 },
  });

export const line =
  (fill: string) =>
  ({ x, y }: Pixel): Mark => ({ type: 'rect', shape: { x, y: y - 1.5, width: 22, height: 3 }, style: { fill } });

export const triangle = ({ x, y }: Pixel): Mark => ({
  type: 'polygon',
  shape: {
    points: [
      [x + 11, y - 9],
      [x + 21, y + 8],
      [x + 1, y + 8],
    ],
  },
  style: { fill: ink.breach, stroke: ink.card, lineWidth: 2 },
  z: 5,
});

export const disc = ({ x, y }: Pixel): Mark => ({
  type: 'circle',
  shape: { cx: x + 11, cy: y, r: 8 },
  style: { fill: ink.text, stroke: ink.card, lineWidth: 2 },
  z: 5,
});

const top = 96;
const rowHeight = 29;
const longest = 330;

/** Rows below the heading, and where they end. */
export function legend(keys: readonly Key[]): { marks: Mark[]; bottom: number } {
  let [x, y] = [margin, top];
  const marks = keys.flatMap(({ name, sign }) => {
    const text = fitted(withoutEmoji(name), small, longest);
    const indent = sign ? 31 : 0;
    const long = indent + widthOf(text, small);
    if (x > margin && x + long > width - margin) [x, y] = [margin, y + rowHeight];
    const from = x;
    x += long + 22;
    return [...(sign ? [sign({ x: from, y: y + 9 })] : []), words(text, { x: from + indent, y })];
  });
  return { marks, bottom: keys.length === 0 ? top : y + rowHeight };
}
