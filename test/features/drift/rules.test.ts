import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { duration, type Settings, step } from '../../../src/features/drift/rules.ts';
import type { Machine } from '../../../src/features/drift/schema.ts';

const Vectors = z.object({
  cases: z.array(z.object({ id: z.string(), kind: z.string(), input: z.unknown(), expected: z.unknown() })),
});
const Fsm = z.object({
  values: z.array(z.number().nullable()),
  params: z.object({
    raise_at: z.number(),
    clear_at: z.number(),
    n: z.number(),
    clear_n: z.number(),
    cooldown: z.number(),
    higher_bad: z.boolean().default(true),
  }),
});
const vectors = Vectors.parse(JSON.parse(readFileSync('test/fixtures/drift-vectors.json', 'utf8')));

it.each(vectors.cases.filter((each) => each.kind === 'alert_fsm'))('alert machine: $id', ({ input, expected }) => {
  const { values, params } = Fsm.parse(input);
  const settings: Settings = {
    direction: params.higher_bad ? 'above' : 'below',
    raiseAt: params.raise_at,
    clearAt: params.clear_at,
    consecutive: params.n,
    clearConsecutive: params.clear_n,
    cooldown: params.cooldown,
  };
  let machine: Machine = { state: 'ok', badStreak: 0, goodStreak: 0, sinceRaise: null };
  const got = values.map((value) => {
    const { next, turn } = step(machine, value, settings);
    machine = next;
    return [next.state, turn];
  });
  expect(got).toEqual(expected);
});

it.each([
  ['30m', 1_800_000],
  ['4h', 14_400_000],
  ['2d', 172_800_000],
])('%s is a length of time', (text, ms) => expect(duration(text)).toBe(ms));

it.each(['', '4', 'h', '-1h', '4 weeks', '1e3h'])(
  '"%s" is no length of time, and the sentence says how to say it',
  (text) => {
    expect(() => duration(text)).toThrow(/Say it like 30m, 4h or 2d/);
  },
);
