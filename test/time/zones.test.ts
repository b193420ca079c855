import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { nodeZones } from '../../src/time/node-zones.ts';
import { pinnedZones } from '../../src/time/pinned-zones.ts';
import { systemZones } from '../../src/time/system-zones.ts';
import { offsetsInTzif } from '../../src/time/tzif.ts';
import type { ZoneSource } from '../../src/time/zone-source.ts';
import { checkZones, isZone, newestFirst, offsetsOf, offsetText, zoneData } from '../../src/time/zones.ts';
import { tzifFile } from './tzif-file.ts';

const at = (text: string) => Date.parse(text);
const pinned = pinnedZones();
const hour = 3_600_000;

describe('zone data', () => {
  it('in use is the newest at hand, and passes its own check', () => {
    expect(checkZones()).toEqual(zoneData());
    expect(zoneData().version >= '2026f').toBe(true);
    expect(zoneData().version >= (systemZones()?.version ?? '')).toBe(true);
    expect(zoneData().version >= (nodeZones()?.version ?? '')).toBe(true);
  });

  it('comes from the first named of two that are as new', () => {
    const copy = (name: string, version: string): ZoneSource => ({ name, version, offsetsOf: () => undefined });
    const order = newestFirst([copy('system', '2026f'), copy('package', '2026f'), copy('Node', '2026g'), undefined]);
    expect(order.map(({ name }) => name)).toEqual(['Node', 'system', 'package']);
  });

  it('that is out of date is refused with what to do', () => {
    const old: ZoneSource = {
      name: 'Node',
      version: '2026c',
      offsetsOf: (zone) => (zone === 'America/Winnipeg' ? () => -6 * hour : pinned.offsetsOf(zone)),
    };
    expect(() => checkZones([old])).toThrow(
      'The time-zone data in use (2026c, from Node) is wrong: on 2026-11-24 America/Winnipeg is at UTC-05:00, but it says UTC-06:00. Run `npm ci`, or install tzdata 2026e or newer.',
    );
  });

  it('that lacks a zone is refused', () => {
    const poor: ZoneSource = { name: 'Node', version: '2027a', offsetsOf: () => undefined };
    expect(() => checkZones([poor])).toThrow('on 2026-07-01 Etc/UTC is at UTC+00:00, but it does not know the zone');
    expect(() => checkZones([])).toThrow('There is no time-zone data');
  });
});

describe('a zone', () => {
  it('is known in any case of letters, and by its former names', () => {
    const names = ['Europe/Berlin', 'europe/berlin', 'Asia/Calcutta', 'US/Pacific', 'UTC', 'Etc/GMT+5'];
    expect(names.filter((name) => !isZone(name))).toEqual([]);
    expect(offsetsOf('asia/calcutta')(0)).toBe(5.5 * hour);
    expect(offsetsOf('Etc/GMT+5')(0)).toBe(-5 * hour);
  });

  it('is not just any text', () => {
    const names = ['', 'Berlin', '+05:30', '../../etc/passwd', 'Europe/', 'toString', '__proto__'];
    expect(names.filter((name) => isZone(name))).toEqual([]);
    expect(() => offsetsOf('Mars/Olympus')).toThrow(
      'I do not know the time zone "Mars/Olympus". Name it like Europe/Berlin.',
    );
  });

  it('has offsets to the second', () => {
    expect(offsetsOf('Europe/Berlin')(at('1890-01-01T00:00Z'))).toBe((53 * 60 + 28) * 1000);
    expect(offsetsOf('America/Havana')(at('1900-01-01T00:00Z'))).toBe(-(5 * 3600 + 29 * 60 + 36) * 1000);
    expect(offsetText(-(5 * 3600 + 29 * 60 + 36) * 1000)).toBe('-05:30');
  });

  it('changes at the very instant', () => {
    const offset = offsetsOf('America/New_York');
    expect([offset(at('2026-03-08T07:00:00Z') - 1), offset(at('2026-03-08T07:00:00Z'))]).toEqual([
      -5 * hour,
      -4 * hour,
    ]);
  });
});

/** Every 30 days or so, at another hour each time. */
const instants = (from: string, to: string) => {
  const [start, end] = [at(from), at(to)];
  return Array.from({ length: Math.floor((end - start) / (731 * hour)) }, (_, i) => start + i * 731 * hour);
};
/** Where two copies differ. */
function disagreements(one: ZoneSource, other: ZoneSource, zones: readonly string[], from: string, to: string) {
  return zones.flatMap((zone) => {
    const [a, b] = [one.offsetsOf(zone), other.offsetsOf(zone)];
    if (a === undefined || b === undefined) return [`${zone} is missing`];
    return instants(from, to).flatMap((instant) =>
      a(instant) === b(instant) ? [] : [`${zone} ${new Date(instant).toISOString()}: ${a(instant)}, ${b(instant)}`],
    );
  });
}
const everywhere = Intl.supportedValuesOf('timeZone');
/** Each kind of rule that goes on for ever: north and south, half an hour, before midnight, none at all. */
const lasting = [
  'America/New_York',
  'Europe/Berlin',
  'Europe/Dublin',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Jerusalem',
  'America/Santiago',
  'America/Nuuk',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Etc/UTC',
];

describe('two copies of the data', () => {
  it('agree about the last years, the package and Node', () => {
    const node = nodeZones();
    expect(node && disagreements(pinned, node, everywhere, '2015-01-01', '2026-01-01')).toEqual([]);
  });

  const system = systemZones();
  it.skipIf(system === undefined)(
    'agree about the last years and the rules to come, the package and the system',
    () => {
      expect(system && disagreements(pinned, system, everywhere, '2015-01-01', '2025-01-01')).toEqual([]);
      expect(system && disagreements(pinned, system, lasting, '2027-01-01', '2200-01-01')).toEqual([]);
    },
  );
});

describe('a compiled zone', () => {
  const berlin = tzifFile([3208, 7200, 3600], [['1893-03-31T23:06:32Z', 2]], 'CET-1CEST,M3.5.0,M10.5.0/3');
  const offsets = (bytes: Buffer, ...times: string[]) =>
    times.map((time) => (offsetsInTzif(bytes)?.(at(time)) ?? NaN) / hour);

  it('goes on for ever by its last line', () => {
    expect(offsets(berlin, '1893-01-01T00:00Z', '1893-04-01T00:00Z')).toEqual([3208 / 3600, 1]);
    expect(offsets(berlin, '2026-03-29T00:59:59Z', '2026-03-29T01:00Z')).toEqual([1, 2]);
    expect(offsets(berlin, '2099-10-25T00:59:59Z', '2099-10-25T01:00Z')).toEqual([2, 1]);
  });

  it('may have summer over the new year, names in brackets and odd offsets', () => {
    const chatham = tzifFile([45_900], [], '<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45');
    expect(offsets(chatham, '2026-01-01T00:00Z', '2026-07-01T00:00Z')).toEqual([13.75, 12.75]);
    expect(offsets(chatham, '2026-09-26T13:59:59Z', '2026-09-26T14:00Z')).toEqual([12.75, 13.75]);
  });

  it('may change before the day begins, or name the day of the year', () => {
    const nuuk = tzifFile([-7200], [], '<-02>2<-01>,M3.5.0/-1,M10.5.0/0');
    expect(offsets(nuuk, '2026-03-29T00:59:59Z', '2026-03-29T01:00Z')).toEqual([-2, -1]);
    const byDay = tzifFile([0], [], 'AAA0BBB,J60/0,300/0');
    expect(offsets(byDay, '2024-02-29T23:59Z', '2024-03-01T00:00Z', '2024-10-26T22:59Z', '2024-10-26T23:00Z')).toEqual([
      0, 1, 1, 0,
    ]);
    expect(offsets(byDay, '2026-02-28T23:59Z', '2026-03-01T00:00Z')).toEqual([0, 1]);
  });

  it('may stay as it is', () => {
    const kathmandu = tzifFile([20_700], [['1985-12-31T18:30:00Z', 0]], '<+0545>-5:45');
    expect(offsets(kathmandu, '1970-01-01T00:00Z', '2090-01-01T00:00Z')).toEqual([5.75, 5.75]);
  });

  it('is read only if it is one', () => {
    expect(offsetsInTzif(Buffer.from('# no zone'))).toBeUndefined();
    expect(offsetsInTzif(Buffer.alloc(200))).toBeUndefined();
    expect(offsetsInTzif(berlin.subarray(0, 60))).toBeUndefined();
  });

  it('of the system counts only with a list that says how old it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zones-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'Europe'));
    writeFileSync(join(folder, 'Europe/Berlin'), berlin);
    expect(systemZones(folder)).toBeUndefined();
    writeFileSync(
      join(folder, 'tzdata.zi'),
      '# version 2027a\nR ...\nZ Europe/Berlin 0:53:28 - LMT 1893 Ap\nZ Europe/Paris 0 - X\n',
    );
    const zones = systemZones(folder);
    expect(zones?.version).toBe('2027a');
    expect(zones?.offsetsOf('europe/berlin')?.(at('2026-07-01T00:00Z'))).toBe(2 * hour);
    expect(zones?.offsetsOf('Europe/Paris')).toBeUndefined();
    expect(existsSync(join(folder, 'tzdata.zi'))).toBe(true);
    expect(zones?.offsetsOf('tzdata.zi')).toBeUndefined();
  });
});
