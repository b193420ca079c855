import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { offsetsBetween, type OffsetAt } from './transitions.ts';
import type { ZoneSource } from './zone-source.ts';

const Packed = z.object({ version: z.string(), zones: z.array(z.string()), links: z.array(z.string()) });

/** The data of moment-timezone, and nothing else of it: npm brings it within days of a change, wherever this runs. */
export function pinnedZones(): ZoneSource {
  const file = fileURLToPath(import.meta.resolve('moment-timezone/data/packed/latest.json'));
  const { version, zones, links } = Packed.parse(JSON.parse(readFileSync(file, 'utf8')));
  const packed = new Map(zones.map((zone) => [partsOf(zone)[0].toLowerCase(), zone]));
  const targets = new Map(links.map((link) => partsOf(link)).map(([to, from]) => [from.toLowerCase(), to]));
  return {
    name: 'the package moment-timezone',
    version,
    offsetsOf(zone) {
      const found = packed.get((targets.get(zone.toLowerCase()) ?? zone).toLowerCase());
      return found === undefined ? undefined : unpack(found);
    },
  };
}

function partsOf(line: string): [string, string, string, string, string] {
  const [a = '', b = '', c = '', d = '', e = ''] = line.split('|');
  return [a, b, c, d, e];
}

/** Name | abbreviations | offsets | which offset when | minutes from one transition to the next: numbers to base 60. */
function unpack(zone: string): OffsetAt {
  const [, , minutesWest, order, minutesApart] = partsOf(zone);
  const offsets = minutesWest.split(' ').map((west) => 0 - Math.round(fromBase60(west) * 60_000));
  const transitions: number[] = [];
  for (const minutes of minutesApart === '' ? [] : minutesApart.split(' '))
    transitions.push(Math.round((transitions.at(-1) ?? 0) + fromBase60(minutes) * 60_000));
  return offsetsBetween(
    transitions,
    order.split('').map((digit) => offsets[fromBase60(digit)] ?? 0),
  );
}

const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX';

function fromBase60(text: string): number {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const sum = `${whole}${fraction}`.split('').reduce((total, digit) => total * 60 + digits.indexOf(digit), 0);
  return (text.startsWith('-') ? -sum : sum) / 60 ** fraction.length;
}
