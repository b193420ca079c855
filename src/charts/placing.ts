import type { Pixel } from './card.ts';

export interface Box extends Pixel {
  readonly width: number;
  readonly height: number;
}

/** Of the places that touch nothing taken, the one over the fewest of these spots; the first of equals. */
export function roomiest(places: readonly Box[], taken: readonly Box[], spots: readonly Pixel[]): Box | undefined {
  let best: { box: Box; covered: number } | undefined;
  for (const box of places) {
    if (taken.some((other) => touch(box, other))) continue;
    const covered = spots.filter((spot) => holds(box, spot)).length;
    if (!best || covered < best.covered) best = { box, covered };
  }
  return best?.box;
}

const touch = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const holds = ({ x, y, width, height }: Box, spot: Pixel) =>
  spot.x >= x && spot.x <= x + width && spot.y >= y && spot.y <= y + height;

const step = 6;

/** Spots along a line, one every few pixels; null where the line has a gap. */
export function along(line: readonly (Pixel | null)[]): Pixel[] {
  return line.flatMap((to, index) => {
    const from = line[index - 1];
    if (!to || !from) return to ? [to] : [];
    const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step));
    return Array.from({ length: count }, (_, part) => ({
      x: from.x + ((to.x - from.x) * (part + 1)) / count,
      y: from.y + ((to.y - from.y) * (part + 1)) / count,
    }));
  });
}
