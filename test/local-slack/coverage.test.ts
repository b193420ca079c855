import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { blockShapes } from '../../src/local-slack/blocks/limits.ts';
import { methods } from '../../src/local-slack/methods/methods.ts';

const readme = await readFile(new URL('../../src/local-slack/README.md', import.meta.url), 'utf8');

/** The first cells of the table under a heading. */
function rows(heading: string): string[] {
  const [, after = ''] = readme.split(`## ${heading}\n`);
  const [table = ''] = after.split('\n## ');
  return [...table.matchAll(/^\| `([^`]+)` +\| (?:covered|partly: .+) *\|$/gm)].map(([, name = '']) => name);
}

test('the README lists exactly the methods there are', () => {
  expect(rows('Web API').toSorted((one, other) => one.localeCompare(other))).toEqual(
    Object.keys(methods).toSorted((one, other) => one.localeCompare(other)),
  );
});

test('the README lists exactly the blocks there are', () => {
  expect(rows('Blocks').toSorted((one, other) => one.localeCompare(other))).toEqual(
    Object.keys(blockShapes).toSorted((one, other) => one.localeCompare(other)),
  );
});
