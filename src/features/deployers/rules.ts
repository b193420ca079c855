export interface Settings {
  readonly strategy: 'all_at_once' | 'canary' | 'shadow' | 'blue_green';
  /** Rising shares of the traffic in percent; the last is 100. */
  readonly steps: readonly number[];
  readonly bakeMinutes: number;
}
