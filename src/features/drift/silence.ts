import type { Watch } from './schema.ts';

const mostGaps = 8;
const enoughGaps = 4;
const shortestMs = 3_600_000;

type Silence = Pick<Watch, 'gaps' | 'lastWindow' | 'expectSeconds' | 'lateSeconds'>;

/** The last gaps between windows, with the one to this window. */
export function withGap({ gaps, lastWindow }: Silence, at: Date): { gaps: readonly number[] } {
  if (!lastWindow) return { gaps };
  const gap = Math.round((at.getTime() - lastWindow.getTime()) / 1000);
  return { gaps: [...gaps, gap].slice(-mostGaps) };
}

/**
 * When the next window is overdue: after the expected time, or three times the usual gap (the median of the last 8,
 * known after 4), an hour at least. Null while it is not known.
 */
export function silenceAfter({ gaps, lastWindow, expectSeconds, lateSeconds }: Silence): Date | null {
  if (!lastWindow || expectSeconds === 0) return null;
  if (expectSeconds === null && gaps.length < enoughGaps) return null;
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const expected = expectSeconds === null ? Math.max(3 * usual * 1000, shortestMs) : expectSeconds * 1000;
  return new Date(lastWindow.getTime() + expected + lateSeconds * 1000);
}
