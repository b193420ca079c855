import { Refusal } from '../lib/refusal.ts';
import { nodeZones } from './node-zones.ts';
import { pinnedZones } from './pinned-zones.ts';
import { systemZones } from './system-zones.ts';
import type { OffsetAt } from './transitions.ts';
import type { ZoneSource } from './zone-source.ts';

/** Newest first; the later ones serve only for zones that the newest does not know. */
export function newestFirst(sources: readonly (ZoneSource | undefined)[]): readonly ZoneSource[] {
  return sources.filter((source) => source !== undefined).toSorted((a, b) => b.version.localeCompare(a.version, 'en'));
}

let sources: readonly ZoneSource[] | undefined;

function known(): readonly ZoneSource[] {
  sources ??= newestFirst([systemZones(), pinnedZones(), nodeZones()]);
  return sources;
}

const offsets = new Map<string, OffsetAt>();

function lookUp(zone: string): OffsetAt | undefined {
  const key = zone.toLowerCase();
  const cached = offsets.get(key);
  if (cached !== undefined) return cached;
  // Intl would also take "+05:30", which is an offset and no zone.
  if (!/^[a-z]/.test(key)) return undefined;
  for (const source of known()) {
    const found = source.offsetsOf(zone);
    if (found === undefined) continue;
    offsets.set(key, found);
    return found;
  }
  return undefined;
}

export function isZone(zone: string): boolean {
  return lookUp(zone) !== undefined;
}

export function offsetsOf(zone: string): OffsetAt {
  const found = lookUp(zone);
  if (found === undefined)
    throw new Refusal(`I do not know the time zone "${zone}". Name it like Europe/Berlin.`, { field: 'zone' });
  return found;
}

export interface ZoneData {
  /** The release of the time-zone database, such as 2026f. */
  readonly version: string;
  readonly source: string;
}

/** Which copy of the time-zone database is in use. */
export function zoneData(): ZoneData {
  const [{ version, name } = { version: 'none', name: 'nowhere' }] = known();
  return { version, source: name };
}

/** Offsets that changed lately, or that only a careful reader gets right. None of them can change any more. */
const canaries = [
  { zone: 'Etc/UTC', at: '2026-07-01T12:00Z', offset: '+00:00', since: '2000a' },
  { zone: 'America/New_York', at: '2026-07-01T12:00Z', offset: '-04:00', since: '2007a' },
  { zone: 'Asia/Kathmandu', at: '2026-07-01T12:00Z', offset: '+05:45', since: '2000a' },
  { zone: 'Australia/Lord_Howe', at: '2026-07-01T12:00Z', offset: '+10:30', since: '2000a' },
  { zone: 'Pacific/Apia', at: '2026-01-01T12:00Z', offset: '+13:00', since: '2021b' },
  { zone: 'America/Vancouver', at: '2026-11-24T12:00Z', offset: '-07:00', since: '2026b' },
  { zone: 'America/Edmonton', at: '2026-11-24T12:00Z', offset: '-06:00', since: '2026c' },
  { zone: 'Africa/Casablanca', at: '2026-11-24T12:00Z', offset: '+00:00', since: '2026c' },
  { zone: 'Africa/El_Aaiun', at: '2026-11-24T12:00Z', offset: '+00:00', since: '2026c' },
  { zone: 'America/Inuvik', at: '2026-11-24T12:00Z', offset: '-06:00', since: '2026e' },
  { zone: 'America/Winnipeg', at: '2026-11-24T12:00Z', offset: '-05:00', since: '2026e' },
  { zone: 'America/Havana', at: '2026-11-24T12:00Z', offset: '-04:00', since: '2026f' },
];

/** At start: which data is in use, or why nobody should be called by it. */
export function checkZones(candidates = known()): ZoneData {
  const [source] = candidates;
  if (source === undefined) throw new Error('There is no time-zone data: run `npm ci`, which brings some.');
  for (const { zone, at, offset, since } of canaries) {
    const found = source.offsetsOf(zone)?.(Date.parse(at));
    const shown = found === undefined ? 'does not know the zone' : `says UTC${offsetText(found)}`;
    if (shown === `says UTC${offset}`) continue;
    throw new Error(
      `The time-zone data in use (${source.version}, from ${source.name}) is wrong: on ${at.slice(0, 10)} ${zone} is at UTC${offset}, but it ${shown}. Run \`npm ci\`, or install tzdata ${since} or newer.`,
    );
  }
  return { version: source.version, source: source.name };
}

/** +05:45. */
export function offsetText(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
