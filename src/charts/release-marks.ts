import { ink, type Mark, margin, small, width, words } from './card.ts';
import { fitted, widthOf } from './lettering.ts';
import { type Release, releaseName } from './series-words.ts';

const mostNames = 6;
const nearest = 5;

/** Upright lines, of which as many are named as find room, the newest first. */
export function releaseMarks(
  releases: readonly Release[],
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
  xOf: (time: number) => number,
): Mark[] {
  const marks: Mark[] = [];
  let free = width - margin;
  let before = Number.POSITIVE_INFINITY;
  let names = 0;
  for (const release of releases.toReversed()) {
    const x = xOf(release.at.getTime());
    if (x < left || x > right || before - x < nearest) continue;
    before = x;
    const text = fitted(releaseName(release), small, 150);
    const long = widthOf(text, small);
    const start = Math.max(margin, Math.min(x - long / 2, width - margin - long));
    const isNamed = names < mostNames && start + long <= free;
    if (isNamed) {
      marks.push(words(text, { x: start, y: top - 31 }));
      free = start - 12;
      names += 1;
    }
    marks.push({
      type: 'line',
      shape: { x1: x, y1: top - 6, x2: x, y2: isNamed ? bottom : top + 8 },
      style: { stroke: ink.release, lineWidth: isNamed ? 2 : 1.5 },
      z: 1,
    });
  }
  return marks;
}
