import { describe, expect } from 'vitest';
import { approveTraining, declineTraining } from '../../../src/features/retraining/changes.ts';
import { startByPolicy, startScheduled } from '../../../src/features/retraining/store.ts';
import { it } from '../../support/house.ts';
import { workshop } from './support.ts';

const day = 24 * 60;
const always = () => true;

describe('on an alert', () => {
  it('it starts once, without what is known to be bad', async ({ house }) => {
    const shop = await workshop(house, { onAlert: true, params: 'skip = {excluded}' });
    await shop.windows(0.02, 0.3, 0.5);
    expect(await startByPolicy(shop.ctx)).toBe(true);
    expect(await startByPolicy(shop.ctx)).toBe(false);
    expect(await shop.all()).toMatchObject([
      { askedBy: 'policy', reason: 'drift alert 1 was raised', state: 'approved' },
    ]);
    const card = await shop.card();
    expect(card).toContain('*Asked by*\nthe policy of churn-model');
    expect(card).toContain('*Left out of the data*');
    await shop.look();
    expect(shop.airflow.runs()[0]?.conf).toEqual({ skip: '2026-03-02T11:00Z/2026-03-02T12:00Z' });
  });

  it('it starts at most once in so many days, and after them while the alert still stands', async ({ house }) => {
    const shop = await workshop(house, { onAlert: true, atMostDays: 3 });
    await shop.ask();
    await shop.look();
    shop.airflow.finish(`pitcrew-${(await shop.now()).id}`, 'failed');
    await shop.look();
    await shop.windows(0.02, 0.3, 0.5);
    expect(await startByPolicy(shop.ctx)).toBe(false);
    house.later(2 * day);
    expect(await startByPolicy(shop.ctx)).toBe(false);
    house.later(1 * day);
    expect(await startByPolicy(shop.ctx)).toBe(true);
    expect(await startByPolicy(shop.ctx)).toBe(false);
  });

  it('it waits until the one that is under way is over', async ({ house }) => {
    const shop = await workshop(house, { onAlert: true });
    await shop.ask();
    await shop.windows(0.02, 0.3, 0.5);
    expect(await startByPolicy(shop.ctx)).toBe(false);
    expect(await shop.all()).toHaveLength(1);
  });

  it('nothing starts for an alert that is older than the policy, or where the policy does not say so', async ({
    house,
  }) => {
    const shop = await workshop(house);
    await shop.windows(0.02, 0.3, 0.5);
    expect(await startByPolicy(shop.ctx)).toBe(false);
    house.later(1);
    await shop.change({ onAlert: true });
    expect(await startByPolicy(shop.ctx)).toBe(false);
  });

  it('with approval it asks once, and anybody who answers for the model approves', async ({ house }) => {
    const shop = await workshop(house, { onAlert: true, needsApproval: true });
    await shop.windows(0.02, 0.3, 0.5);
    await startByPolicy(shop.ctx);
    const { id } = await shop.now();
    expect(await shop.card()).toContain('*Waits for approval* of <@OLGA> or <@DEPU> or <@LEAD>.');
    await declineTraining(shop.ctx, id, 'the feed is still broken', 'OLGA');
    house.later(30 * day);
    expect(await startByPolicy(shop.ctx)).toBe(false);
    expect(await shop.all()).toHaveLength(1);
  });
});

describe('on a schedule', () => {
  it('it starts so many days after the last one, in working hours only', async ({ house }) => {
    const shop = await workshop(house, { everyDays: 7, atMostDays: 1 });
    await startScheduled(shop.ctx, always);
    house.later(7 * day);
    await startScheduled(shop.ctx, () => false);
    expect(await shop.all()).toEqual([]);
    await startScheduled(shop.ctx, always);
    await startScheduled(shop.ctx, always);
    expect(await shop.all()).toMatchObject([{ askedBy: 'policy', reason: '7 days passed since the last one' }]);
    await shop.look();
    shop.airflow.finish(`pitcrew-${(await shop.now()).id}`, 'failed');
    await shop.look();
    house.later(6 * day);
    await startScheduled(shop.ctx, always);
    expect(await shop.all()).toHaveLength(1);
    house.later(1 * day);
    await startScheduled(shop.ctx, always);
    expect(await shop.all()).toHaveLength(2);
  });

  it('what was declined is not asked for again an hour later', async ({ house }) => {
    const shop = await workshop(house, { everyDays: 7, atMostDays: 1, needsApproval: true });
    house.later(7 * day);
    await startScheduled(shop.ctx, always);
    await declineTraining(shop.ctx, (await shop.now()).id, 'not this week', 'OLGA');
    house.later(60);
    await startScheduled(shop.ctx, always);
    expect(await shop.all()).toHaveLength(1);
    house.later(7 * day);
    await startScheduled(shop.ctx, always);
    expect(await approveTraining(shop.ctx, (await shop.now()).id, 'OLGA')).toMatchObject({ state: 'approved' });
  });
});
