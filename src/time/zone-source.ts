import type { OffsetAt } from './transitions.ts';

/** One copy of the time-zone database. */
export interface ZoneSource {
  /** Where it is from, as a person would say it. */
  readonly name: string;
  /** A release such as 2026f; a later one sorts later. */
  readonly version: string;
  /** In any case of letters; nothing if this copy does not know the zone. */
  readonly offsetsOf: (zone: string) => OffsetAt | undefined;
}
