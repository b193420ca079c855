export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function table(
  title: string,
  rows: readonly (readonly [what: string, figure: number | string, ratio?: number])[],
): void {
  process.stdout.write(`\n${title}\n`);
  for (const [what, figure, ratio] of rows) {
    const beside = ratio === undefined ? '' : `  (${ratio.toFixed(2)})`;
    process.stdout.write(`  ${what.padEnd(44)} ${String(figure).padStart(10)}${beside}\n`);
  }
}
