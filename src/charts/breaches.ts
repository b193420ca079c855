export interface Point {
  readonly at: Date;
  /** Null where nothing could be measured: a gap in the line. */
  readonly value: number | null;
}

export interface Limit {
  readonly value: number;
  /** A word or two for the dashed line, such as "limit"; the value is written after it. */
  readonly label: string;
  /** The side that is bad; above unless said. */
  readonly side?: 'above' | 'below';
}

/** Time in milliseconds since the epoch, value in the unit of the series. */
export type Spot = readonly [time: number, value: number];

export const isBeyond = (value: number, { value: limit, side }: Pick<Limit, 'value' | 'side'>) =>
  side === 'below' ? value < limit : value > limit;

/** The stretches of the line beyond the limit, each from the spot where the line crosses it to where it comes back. */
export function breaches(points: readonly Point[], limit: Limit): Spot[][] {
  const stretches: Spot[][] = [];
  let stretch: Spot[] = [];
  let before: Spot | undefined;
  for (const { at, value } of points) {
    const spot: Spot | undefined = value === null ? undefined : [at.getTime(), value];
    if (spot && isBeyond(spot[1], limit)) {
      if (stretch.length === 0 && before) stretch.push(crossing(before, spot, limit.value));
      stretch.push(spot);
    } else if (stretch.length > 0) {
      if (spot && before) stretch.push(crossing(before, spot, limit.value));
      stretches.push(stretch);
      stretch = [];
    }
    before = spot;
  }
  return stretch.length > 0 ? [...stretches, stretch] : stretches;
}

/** Where the straight line between two spots meets the level: t1 + (t2 - t1)(level - v1) / (v2 - v1). */
function crossing([fromTime, from]: Spot, [toTime, to]: Spot, level: number): Spot {
  return [fromTime + ((toTime - fromTime) * (level - from)) / (to - from), level];
}
