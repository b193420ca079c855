const bars = '▁▂▃▄▅▆▇█';

/** The course of numbers in one line of text, oldest first; the newest of each stretch where there are too many. */
export function sparkline(values: readonly number[], most = 20): string {
  const step = Math.max(1, values.length / most);
  const shown = Array.from({ length: Math.min(values.length, most) }, (_, index) => {
    return values[values.length - 1 - Math.floor(index * step)] ?? 0;
  }).reverse();
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  return shown.map((value) => bars[high === low ? 3 : Math.round(((value - low) / (high - low)) * 7)]).join('');
}
