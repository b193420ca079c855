/** A small generator with a seed (mulberry32), so that every demo starts from the same history. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const threshold = 0.1;
const label = 'Wasserstein distance (normed)';

/** Scores of one window: quiet ones well under the limit, drifting ones well over it on the first two columns. */
export function scores(columns: readonly string[], drifting: boolean, random: () => number): Record<string, number> {
  return Object.fromEntries(
    columns.map((column, i) => {
      const quiet = 0.02 + random() * 0.045;
      const moved = i === 0 ? 0.38 + random() * 0.1 : 0.18 + random() * 0.06;
      return [column, Number((drifting && i < 2 ? moved : quiet).toFixed(4))];
    }),
  );
}

/** The same window as Evidently 0.7 writes it with `json()`. */
export function evidentlyReport(of: Record<string, number>): string {
  const columns = Object.entries(of);
  const drifted = columns.filter(([, score]) => score >= threshold).length;
  const type = 'evidently:metric_v2:ValueDrift';
  return JSON.stringify({
    metrics: [
      {
        id: 'share',
        metric_name: 'DriftedColumnsCount(drift_share=0.5)',
        config: { type: 'evidently:metric_v2:DriftedColumnsCount', drift_share: 0.5 },
        value: { count: drifted, share: drifted / columns.length },
      },
      ...columns.map(([column, value]) => ({
        id: column,
        metric_name: `ValueDrift(column=${column},method=${label},threshold=${threshold})`,
        config: { type, column, method: label, threshold },
        value,
      })),
    ],
    tests: [],
  });
}
