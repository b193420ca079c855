import { expect } from 'vitest';
import { factsFor, teamFactsFor } from '../../../src/features/facts/queries.ts';
import { it } from '../../support/house.ts';
it('x', async ({ house }) => {
  const { teamId } = await house.team();
  const warn: unknown[] = [];
  const ctx = { ...house.ctx, log: { ...house.ctx.log, warn: (a: object) => void warn.push(a) } };
  const got = await factsFor(ctx, [{ personId: 'OLGA', since: new Date(0) }]);
  expect(got.missing).toEqual([]);
  const t = await teamFactsFor(ctx, [teamId], new Map([[teamId, new Date(0)]]));
  expect(warn).toEqual([]);
  console.log(JSON.stringify(t.teams.get(teamId)));
});
