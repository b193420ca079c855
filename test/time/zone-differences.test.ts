import { describe, expect, it } from 'vitest';
import { nodeZones } from '../../src/time/node-zones.ts';
import { zonesThatDiffer } from '../../src/time/zone-differences.ts';
import { offsetsOf } from '../../src/time/zones.ts';

const hour = 3_600_000;
const at = new Date('2026-11-24T12:00:00Z');
/** A copy that knows nothing of what Winnipeg decided in 2026, and not of Inuvik at all. */
const old = {
  offsetsOf: (zone: string) => {
    if (zone === 'America/Inuvik') return undefined;
    return zone === 'America/Winnipeg' ? offsetsOf('America/Chicago') : offsetsOf(zone);
  },
};

describe('zones that an older copy sees otherwise', () => {
  it('are named with both offsets, and others are not', () => {
    expect(zonesThatDiffer(['Europe/Berlin', 'America/Winnipeg', 'Asia/Kolkata'], at, old)).toEqual([
      { zone: 'America/Winnipeg', at, offset: -5 * hour, otherOffset: -6 * hour },
    ]);
  });

  it('are found months before they do differ', () => {
    const june = new Date('2026-06-01T12:00:00Z');
    const [found] = zonesThatDiffer(['America/Winnipeg'], june, old);
    expect(found?.at.toISOString()).toBe('2026-11-01T12:00:00.000Z');
  });

  it('are not looked for later than a year', () => {
    const later = { offsetsOf: () => (instant: number) => (instant < Date.parse('2027-12-02') ? 0 : hour) };
    expect(zonesThatDiffer(['UTC'], new Date('2026-11-30'), later)).toEqual([]);
    expect(zonesThatDiffer(['UTC'], new Date('2026-12-10'), later)).toHaveLength(1);
  });

  it('are those, too, that it does not know; what nobody knows is no zone', () => {
    const found = zonesThatDiffer(['America/Inuvik', 'Mars/Olympus', 'America/Inuvik'], at, old);
    expect(found).toEqual([{ zone: 'America/Inuvik', at, offset: -6 * hour, otherOffset: undefined }]);
  });

  it('by Node are those that its release says wrongly', () => {
    const isOld = (nodeZones()?.version ?? '') < '2026e';
    expect(zonesThatDiffer(['America/Winnipeg', 'Europe/Berlin', 'UTC'], at).map(({ zone }) => zone)).toEqual(
      isOld ? ['America/Winnipeg'] : [],
    );
  });
});
