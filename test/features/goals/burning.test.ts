import { expect } from 'vitest';
import { callNext } from '../../../src/features/drift/calls.ts';
import { takeReadings } from '../../../src/features/drift/intake.ts';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import { watchBudgets } from '../../../src/features/goals/burning.ts';
import { setGoal } from '../../../src/features/goals/store.ts';
import { type House, it } from '../../support/house.ts';

async function serving(house: House) {
  const { model } = await house.team();
  const wording = { metric: 'requests', column: '', name: 'Answers in time', kind: 'uptime', unit: '' } as const;
  const target = { measure: 'events', direction: 'at_least', target: 99.9, limit: null, periodDays: 30 } as const;
  await setGoal(house.ctx, model.id, { ...wording, ...target }, 'PROD');
  const minutes = async (count: number, good: number) => {
    for (let i = 0; i < count; i += 1) {
      house.later(1);
      const at = house.now().toISOString();
      await takeReadings(house.ctx, [{ model: model.name, metric: 'requests', good, total: 1000, at }]);
      await watchBudgets(house.ctx);
    }
  };
  return { minutes };
}

it('a budget that burns 14.4 times too fast over an hour and over five minutes is an alert, and ends with the fire', async ({
  house,
}) => {
  const { minutes } = await serving(house);
  await minutes(10, 1000);
  expect(await openAlerts(house.ctx)).toEqual([]);
  await minutes(6, 900);
  const [card] = await house.said('alert');
  expect(card).toContain('*Burn rate of Answers in time* is 37.5, limit 14.4');
  expect(card).toContain('600 of 16000 were bad in the last 1h, and 99.9 % have to be good');
  house.later(31);
  await minutes(4, 1000);
  const [alert] = await openAlerts(house.ctx);
  const page = alert?.items.find(({ severity }) => severity === 'critical');
  expect(page?.clearedAt).toBeDefined();
});

it('a budget that only burns slowly is a warning: nobody is called', async ({ house }) => {
  const { minutes } = await serving(house);
  await minutes(30, 998);
  while (await callNext(house.ctx));
  expect(await openAlerts(house.ctx)).toMatchObject([{ severity: 'warning' }]);
  expect(await house.said('alert')).toEqual([]);
});
