import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { glyphOf } from '../../src/local-slack/page/emoji.ts';

it('every emoji that the app writes is drawn by the page', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' });
  const own = files.filter((file) => file.endsWith('.ts') && !file.startsWith('local-slack'));
  const names = own.flatMap((file) => [...readFileSync(`src/${file}`, 'utf8').matchAll(/[`' ]:([a-z_]+):[`' ]/g)]);
  const written = new Set(names.map(([, name = '']) => name));
  expect(written).toContain('rotating_light');
  expect([...written].filter((name) => glyphOf(name) === undefined)).toEqual([]);
});
