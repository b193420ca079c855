import { tzOffset } from '@date-fns/tz';
import type { ZoneSource } from './zone-source.ts';

/** What Node was built with; a small build has none. */
export function nodeZones(): ZoneSource | undefined {
  const version = process.versions.tz;
  if (version === undefined) return undefined;
  return {
    name: 'Node',
    version,
    offsetsOf(zone) {
      const offsetAt = (instant: number) => Math.round(tzOffset(zone, new Date(instant)) * 60_000);
      return Number.isNaN(offsetAt(0)) ? undefined : offsetAt;
    },
  };
}
