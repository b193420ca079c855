const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Burn rates over two windows at once, for an objective of 30 days: the table of the SRE workbook, "Alerting on SLOs".
 * `burn` spends `budget` of the whole error budget within the long window.
 */
export const burnAlerts = [
  { severity: 'page', long: '1h', short: '5m', longMs: hourMs, shortMs: 5 * minuteMs, burn: 14.4, budget: 0.02 },
  { severity: 'page', long: '6h', short: '30m', longMs: 6 * hourMs, shortMs: 30 * minuteMs, burn: 6, budget: 0.05 },
  { severity: 'ticket', long: '1d', short: '2h', longMs: dayMs, shortMs: 2 * hourMs, burn: 3, budget: 0.1 },
  { severity: 'ticket', long: '3d', short: '6h', longMs: 3 * dayMs, shortMs: 6 * hourMs, burn: 1, budget: 0.1 },
] as const;
export type BurnAlert = (typeof burnAlerts)[number];
export type BurnWindow = BurnAlert['long'] | BurnAlert['short'];

export interface Count {
  readonly bad: number;
  readonly total: number;
}

/** The share of requests that may fail: 1 - target, for a target such as 0.999. */
export function errorBudget(target: number): number {
  return 1 - target;
}

/** How many times faster than allowed the budget is spent; null without traffic, when nothing is known. */
export function burnRate({ bad, total }: Count, target: number): number | null {
  return total === 0 ? null : bad / total / errorBudget(target);
}

/** The share of the budget that is left over the whole period; below 0 when it is overspent, null without traffic. */
export function budgetLeft(period: Count, target: number): number | null {
  const burned = burnRate(period, target);
  return burned === null ? null : 1 - burned;
}

/**
 * The most urgent row of the table both of whose windows burn faster than its rate. Under `fewestBad` bad requests in
 * the long window nothing is said: with little traffic a single failure looks like a fire.
 */
export function burning(
  counts: Readonly<Record<BurnWindow, Count>>,
  target: number,
  fewestBad = 1,
): BurnAlert | undefined {
  return burnAlerts.find(({ long, short, burn }) => {
    const rates = [burnRate(counts[long], target), burnRate(counts[short], target)];
    return counts[long].bad >= fewestBad && rates.every((rate) => rate !== null && rate > burn);
  });
}
