/** How far a zone is ahead of UTC at an instant; both in milliseconds. */
export type OffsetAt = (instant: number) => number;

/** The offset before the first transition, then the one after each. */
export function offsetsBetween(transitions: readonly number[], offsets: readonly number[]): OffsetAt {
  return (instant) => {
    let [low, high] = [0, transitions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((transitions[middle] ?? Infinity) <= instant) low = middle + 1;
      else high = middle;
    }
    return offsets[low] ?? 0;
  };
}
