import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { features } from '../src/features/index.ts';
import { manifestFiles } from '../src/manifest.ts';

const schema: unknown = JSON.parse(readFileSync('test/fixtures/manifest.schema.2.0.0.json', 'utf8'));

it.each(Object.entries(manifestFiles()))(
  'manifests/%s is what the doors say: `npm run manifests` writes it',
  (name, text) => {
    expect(readFileSync(`manifests/${name}`, 'utf8')).toBe(text);
  },
);

it.each(Object.entries(manifestFiles()))('Slack takes manifests/%s', (_, text) => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const valid = ajv.validate(schema as object, JSON.parse(text));
  expect(ajv.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

it('every event that a door waits for is subscribed to', () => {
  const waited = features.flatMap((feature) => feature.events ?? []).map((door) => door.type);
  for (const type of waited) expect(manifestFiles()['socket.json']).toContain(`"${type}"`);
});
