import { nodeZones } from './node-zones.ts';
import type { ZoneSource } from './zone-source.ts';
import { isZone, offsetsOf } from './zones.ts';

const day = 86_400_000;
/** A change of the clocks lasts for weeks at least, so that one look a day finds it. */
const daysAhead = 366;

export interface ZoneDifference {
  readonly zone: string;
  /** When it is first seen to differ. */
  readonly at: Date;
  /** From UTC, in milliseconds: by the data in use, and by the other copy where that one knows the zone. */
  readonly offset: number;
  readonly otherOffset: number | undefined;
}

/** Which of these zones Node's own copy of the data, which is behind Intl, sees otherwise within the coming year. */
export function zonesThatDiffer(
  zones: readonly string[],
  at: Date,
  other: Pick<ZoneSource, 'offsetsOf'> | undefined = nodeZones(),
): ZoneDifference[] {
  if (other === undefined) return [];
  return [...new Set(zones)].filter(isZone).flatMap((zone) => {
    const ours = offsetsOf(zone);
    const theirs = other.offsetsOf(zone);
    for (let ahead = 0; ahead <= daysAhead; ahead += 1) {
      const instant = at.getTime() + ahead * day;
      const [offset, otherOffset] = [ours(instant), theirs?.(instant)];
      if (offset !== otherOffset) return [{ zone, at: new Date(instant), offset, otherOffset }];
    }
    return [];
  });
}
