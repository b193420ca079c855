import { expect } from 'vitest';
import { raiseBlocker, takeBlocker } from '../../../src/features/blockers/changes.ts';
import { needOf } from '../../../src/features/blockers/needs.ts';
import { openBlockersBy, openBlockersOf } from '../../../src/features/blockers/queries.ts';
import { blockerLine } from '../../../src/features/blockers/views.ts';
import { it } from '../../support/house.ts';

it('a role that is needed is asked, and takes it', async ({ house }) => {
  const { model, teamId } = await house.team();
  const input = { what: 'The feed is late', need: needOf('role:ops'), severity: 'stopped', modelId: model.id } as const;
  const { id, askedId } = await house.visit((ctx) => raiseBlocker(ctx, input, 'OLGA'));
  expect(askedId).toBe('ENGI');
  await house.visit((ctx) => takeBlocker(ctx, id, 'ENGI'));
  const [open] = await openBlockersOf(house.ctx, [teamId]);
  expect(open).toMatchObject({ id, takenBy: 'ENGI', raisedBy: 'OLGA', modelId: model.id });
  expect(open && blockerLine(open, house.now()).mrkdwn).toBe(
    ':no_entry: stopped for 0 h, on churn-model: *1* The feed is late – Retention needs somebody for DevOps and infrastructure; somebody is on it.',
  );
  expect(await openBlockersBy(house.ctx, ['OLGA'])).toEqual([open]);
});
