import { z } from 'zod';
import { cusum, ewma, ewmaReach, noSums } from '../../../../src/features/drift/detectors/control-charts.ts';
import {
  classicAlarm,
  frourosAlarm,
  frourosCusumAlarm,
  riverAlarms,
} from '../../../../src/features/drift/detectors/page-hinkley.ts';

type Chart = (values: readonly number[], params: unknown) => Record<string, unknown>;

const Ewma = z.strictObject({ mu: z.number(), sigma: z.number(), lambda: z.number(), L: z.number() });
const Cusum = z.strictObject({ mu: z.number(), K: z.number(), H: z.number() });
const River = z.strictObject({
  min_instances: z.number(),
  delta: z.number(),
  threshold: z.number(),
  alpha: z.number(),
});
const Frouros = z.strictObject({
  min_instances: z.number(),
  delta: z.number(),
  lambda: z.number(),
  alpha: z.number(),
});
const FrourosCusum = Frouros.omit({ alpha: true });
const Classic = z.strictObject({ min_instances: z.number().default(1), delta: z.number(), lambda: z.number() });

/** What a series is expected to say, by the vectors' names of methods. */
export const charts: Record<string, Chart> = {
  ewma: (values, params) => {
    const { mu, sigma, lambda, L } = Ewma.parse(params);
    let z = mu;
    const trace = values.map((value, i) => {
      z = ewma(z, value, lambda);
      const reach = ewmaReach(i + 1, sigma, lambda, L);
      return [z, mu - reach, mu + reach] as const;
    });
    const alarms = indexesOf(trace, ([z, low, high]) => z < low || z > high);
    return { ...said(trace, alarms), z_last: trace.at(-1)?.[0] };
  },
  cusum: (values, params) => {
    const { mu, K, H } = Cusum.parse(params);
    let sums = noSums;
    const trace = values.map((value) => {
      sums = cusum(sums, value, mu, K);
      return [sums.up, sums.down] as const;
    });
    return said(
      trace,
      indexesOf(trace, ([up, down]) => up > H || down > H),
    );
  },
  page_hinkley_river: (values, params) => {
    const { min_instances: fewest, delta, threshold: limit, alpha } = River.parse(params);
    const alarms = riverAlarms(values, { fewest, delta, limit, alpha });
    return { alarm_indices0: alarms, alarm_index0: alarms[0] ?? null };
  },
  page_hinkley_frouros: (values, params) => {
    const { min_instances: fewest, delta, lambda: limit, alpha } = Frouros.parse(params);
    return { alarm_index0: frourosAlarm(values, { fewest, delta, limit, alpha }) };
  },
  cusum_running_mean_frouros: (values, params) => {
    const { min_instances: fewest, delta, lambda: limit } = FrourosCusum.parse(params);
    return { alarm_index0: frourosCusumAlarm(values, { fewest, delta, limit }) };
  },
  page_hinkley_classic: (values, params) => {
    const { min_instances: fewest, delta, lambda: limit } = Classic.parse(params);
    const alarm = classicAlarm(values, { fewest, delta, limit });
    return { alarm_index0: alarm?.index ?? null, direction: alarm?.direction ?? null, value: alarm?.value ?? null };
  },
};

function indexesOf<T>(trace: readonly T[], isAlarm: (each: T) => boolean): number[] {
  return trace.flatMap((each, i) => (isAlarm(each) ? [i] : []));
}

function said(trace: readonly (readonly number[])[], alarms: readonly number[]) {
  const at = alarms[0];
  const standing = at === undefined ? trace.at(-1) : trace[at];
  return {
    trace,
    alarm_index0: at ?? null,
    alarm_indices0: alarms,
    trace_at_alarm: at === undefined ? null : standing,
    last: standing,
  };
}
