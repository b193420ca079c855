import { expect, it } from 'vitest';
import { startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { pinnedZones } from '../../src/time/pinned-zones.ts';
import type { ZoneSource } from '../../src/time/zone-source.ts';

const hour = 3_600_000;

it('time-zone data that is wrong stops the start with a line that says what to do, before anything is called', async () => {
  const pinned = pinnedZones();
  const old: ZoneSource = {
    name: 'Node',
    version: '2026c',
    offsetsOf: (zone) => (zone === 'America/Winnipeg' ? () => -6 * hour : pinned.offsetsOf(zone)),
  };
  const lines: string[] = [];
  const note = (_: object, text: string) => void lines.push(text);
  const config = readConfig({
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
  });
  const started = startApp(config, { info: note, warn: note, error: note }, { zoneSources: [old] });
  await expect(started).rejects.toThrow(/^The time-zone data in use .* is wrong: .* Run `npm ci`, or install tzdata/);
  expect(lines).toEqual([]);
});
