import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { offsetsInTzif } from './tzif.ts';
import type { ZoneSource } from './zone-source.ts';

/**
 * The operating system's files, which its own updates keep fresh. They count only with their list, tzdata.zi: it says
 * how old they are and which names there are.
 */
export function systemZones(folder = '/usr/share/zoneinfo'): ZoneSource | undefined {
  const list = contentOf(join(folder, 'tzdata.zi'))?.toString('utf8') ?? '';
  const version = /^# version (\d{4}[a-z]+)/.exec(list)?.[1];
  if (version === undefined) return undefined;
  const found = [...list.matchAll(/^(?:Z|L \S+) (\S+)/gm)].map(([, name = '']) => name);
  const names = new Map(found.map((name) => [name.toLowerCase(), name]));
  return {
    name: 'the operating system',
    version,
    offsetsOf(zone) {
      const name = names.get(zone.toLowerCase());
      const bytes = name === undefined ? undefined : contentOf(join(folder, name));
      return bytes && offsetsInTzif(bytes);
    },
  };
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
