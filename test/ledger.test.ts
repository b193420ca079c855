import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { firstBreak } from '../src/ledger/chain.ts';
import { linesOf, record } from '../src/ledger/ledger.ts';
import { it } from './support/house.ts';

const line = (summary: string) => ({
  who: 'OLGA',
  what: 'test.done',
  subject: 'test:1',
  summary,
  data: { b: 1, a: [2] },
});

it('lines follow from each other, and a changed one is found', async ({ house }) => {
  await house.visit(async (ctx) => ['one', 'two', 'three'].forEach((each) => record(ctx, line(each))));
  const lines = await linesOf(house.ctx.db, 'T1');
  expect(lines.map((each) => [each.seq, each.summary])).toEqual([
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ]);
  expect(firstBreak(lines)).toBeUndefined();
  expect(firstBreak(lines.map((each) => (each.seq === 2 ? { ...each, summary: 'nothing' } : each)))?.seq).toBe(2);
  expect(firstBreak(lines.filter((each) => each.seq !== 2))?.seq).toBe(3);
});

it('a change that fails leaves no line', async ({ house }) => {
  await expect(
    house.visit((ctx) => {
      record(ctx, line('never'));
      return Promise.reject(new Error('no'));
    }),
  ).rejects.toThrow('no');
  expect(await linesOf(house.ctx.db, 'T1')).toEqual([]);
});

it.for(['update ledger set summary = $$x$$', 'delete from ledger', 'truncate ledger'])(
  'the database refuses: %s',
  async (statement, { house }) => {
    await house.visit((ctx) => Promise.resolve(record(ctx, line('one'))));
    await expect(house.visit((ctx) => ctx.db.execute(sql.raw(statement)))).rejects.toThrow('Failed query');
    expect(await linesOf(house.ctx.db, 'T1')).toHaveLength(1);
  },
);
