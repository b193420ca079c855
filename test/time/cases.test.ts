import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cases } from './cases.ts';

const script = fileURLToPath(new URL('replay.ts', import.meta.url));
const Report = z.object({ newYear: z.string(), found: z.record(z.string(), z.array(z.string())) });

describe.each([
  ['UTC', '2026-01-01T00:00:00.000Z'],
  ['America/New_York', '2026-01-01T05:00:00.000Z'],
  ['Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
])('in a process whose zone is %s', (zone, newYear) => {
  const { found, newYear: itsNewYear } = Report.parse(
    JSON.parse(execFileSync(process.execPath, [script], { env: { ...process.env, TZ: zone }, encoding: 'utf8' })),
  );

  it('the year begins when that zone says so', () => expect(itsNewYear).toBe(newYear));

  it.each(cases.map(({ id, title }) => [id, title]))('%s: %s', (id) => expect(found[id]).toEqual([]));

  it('no case is left out', () => expect(Object.keys(found)).toEqual(cases.map(({ id }) => id)));
});
