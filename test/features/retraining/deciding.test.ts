import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { forgetConnection } from '../../../src/features/connections/store.ts';
import {
  approveTraining,
  cancelTraining,
  declineTraining,
  mayCancel,
  mayDecline,
  mayHaveSetUp,
  retrain,
  setUp,
} from '../../../src/features/retraining/changes.ts';
import { retraining } from '../../../src/features/retraining/doors.ts';
import { keepPerson } from '../../../src/features/teams/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { it } from '../../support/house.ts';
import { type Workshop, workshop } from './support.ts';

const stranger = { id: 'STRA', name: 'Sam Stranger', zone: 'UTC', standing: 'member' } as const;
/** Presses the button as the runtime does: first what is asked outside, then the verb. */
async function press(shop: Workshop, address: { id: string }, by: string, value: object): Promise<void> {
  const door = retraining.actions?.find(({ id }) => id === address.id);
  if (!door) throw new Error(`no door for ${address.id}`);
  const who = { id: by, channel: 'C1' };
  await door.prepare(shop.ctx, who, value);
  await door.handle(shop.ctx, who, value);
}
const cancel = (shop: Workshop, runId: string, by = 'ENGI') => press(shop, actions.cancelRetraining, by, { runId });

describe('asking', () => {
  it('twice, or by two people, starts one', async ({ house }) => {
    const shop = await workshop(house);
    await shop.ask();
    await expect(shop.ask()).rejects.toThrow('Training 1 of churn-model is under way already.');
    await expect(shop.ask('DEPU')).rejects.toThrow('Its message stands in the channel.');
    await shop.look();
    await shop.look();
    expect(shop.airflow.runs()).toHaveLength(1);
  });

  it('while one waits for approval says that', async ({ house }) => {
    const shop = await workshop(house, { needsApproval: true });
    await shop.ask();
    await expect(shop.ask('DEPU')).rejects.toThrow('Training 1 of churn-model waits for approval already.');
    expect(await shop.look()).toBe(false);
  });

  it('is for the team that owns the model', async ({ house }) => {
    const shop = await workshop(house);
    await keepPerson(shop.ctx, stranger);
    await expect(shop.ask('STRA')).rejects.toThrow('Only members of the team that owns this model');
    await house.standing('ENGI', 'guest');
    await expect(shop.ask('ENGI')).rejects.toThrow('Only members of the team');
  });

  it('for a model of which nobody said how it is trained says where to say it', async ({ house }) => {
    const { model } = await house.team();
    const ask = { modelId: model.id, reason: 'amount drifts', excluded: [] };
    await expect(retrain(house.ctx, ask, 'OLGA')).rejects.toThrow(
      'Nobody said yet how churn-model is retrained. Say it with `/ml retrain set-up churn-model`.',
    );
  });

  it('for what nobody could approve is refused, and says what to do', async ({ house }) => {
    const shop = await workshop(house, { needsApproval: true });
    for (const gone of ['LEAD', 'DEPU']) await house.standing(gone, 'deactivated');
    await expect(shop.ask('OLGA')).rejects.toThrow('Nobody but you may approve a training of churn-model.');
    expect(await shop.ask('ENGI')).toMatchObject({ state: 'waiting' });
  });
});

describe('approving', () => {
  it('is for somebody else who answers for the model, and then it starts', async ({ house }) => {
    const shop = await workshop(house, { needsApproval: true });
    const { id } = await shop.ask('OLGA');
    expect(await shop.card()).toContain('*Waits for approval* of <@DEPU> or <@LEAD>.');
    await expect(approveTraining(shop.ctx, id, 'OLGA')).rejects.toThrow('somebody else has to approve it');
    await expect(approveTraining(shop.ctx, id, 'ENGI')).rejects.toThrow("Only the model's owner");
    expect(await shop.look()).toBe(false);
    await approveTraining(shop.ctx, id, 'DEPU');
    await expect(approveTraining(shop.ctx, id, 'LEAD')).rejects.toThrow('does not wait for approval any more');
    expect(await shop.card()).toContain('*Approved by*\n<@DEPU>');
    expect(await shop.look()).toBe(true);
    expect(await shop.now()).toMatchObject({ state: 'queued', approvedBy: 'DEPU' });
  });

  it('is not for somebody who left meanwhile', async ({ house }) => {
    const shop = await workshop(house, { needsApproval: true });
    const { id } = await shop.ask('OLGA');
    await house.standing('DEPU', 'deactivated');
    await expect(approveTraining(shop.ctx, id, 'DEPU')).rejects.toThrow("Only the model's owner");
  });

  it('may be declined with a reason, by who might approve; then another may be asked for', async ({ house }) => {
    const shop = await workshop(house, { needsApproval: true });
    const { id } = await shop.ask('ENGI');
    await expect(mayDecline(shop.ctx, id, 'ENGI')).rejects.toThrow('somebody else');
    await declineTraining(shop.ctx, id, 'the feed is still broken', 'LEAD');
    expect(await shop.card()).toContain('*Declined* by <@LEAD>: the feed is still broken.');
    await expect(approveTraining(shop.ctx, id, 'DEPU')).rejects.toThrow('does not wait');
    await shop.ask('ENGI');
    expect(shop.airflow.runs()).toEqual([]);
  });
});

describe('canceling', () => {
  it('stops the run there, and says who did', async ({ house }) => {
    const shop = await workshop(house);
    const { id } = await shop.ask();
    await shop.look();
    await cancel(shop, id);
    expect(shop.airflow.runs()).toMatchObject([{ state: 'failed' }]);
    expect(await shop.card()).toContain('*Canceled* by <@ENGI>.');
    expect(await shop.look()).toBe(false);
    await expect(cancel(shop, id)).rejects.toThrow('Training 1 is over already.');
    const lines = await linesOf(house.ctx.db, 'T1');
    expect(lines.at(-1)).toMatchObject({ what: 'training.canceled', who: 'ENGI' });
  });

  it('before it was started starts nothing', async ({ house }) => {
    const shop = await workshop(house);
    const { id } = await shop.ask();
    await cancel(shop, id);
    expect(await shop.look()).toBe(false);
    expect(shop.airflow.runs()).toEqual([]);
  });

  it('is for the team only: nothing is stopped by anybody else', async ({ house }) => {
    const shop = await workshop(house);
    await keepPerson(shop.ctx, stranger);
    const { id } = await shop.ask();
    await shop.look();
    await expect(cancel(shop, id, 'STRA')).rejects.toThrow('Only members of the team');
    expect(shop.airflow.runs()).toMatchObject([{ state: 'queued' }]);
  });

  it('while the tool is down is said, and the run stays as it is', async ({ house }) => {
    const shop = await workshop(house);
    const { id } = await shop.ask();
    await shop.look();
    shop.airflow.fault({ kind: '503', times: 3 });
    await expect(cancel(shop, id)).rejects.toThrow('Airflow answered with status 503.');
    expect(await shop.now()).toMatchObject({ state: 'queued' });
  });

  it('what is over there already is said, and the success stands', async ({ house }) => {
    const shop = await workshop(house);
    const { id } = await shop.ask();
    await shop.look();
    shop.airflow.finish(`pitcrew-${id}`, 'success', { said: { version: '15' } });
    await expect(cancel(shop, id)).rejects.toThrow('Training 1 is over in Airflow already.');
    await shop.look();
    expect(await shop.now()).toMatchObject({ state: 'succeeded', candidate: '15' });
    expect(shop.airflow.runs()).toMatchObject([{ state: 'success' }]);
  });

  it('what cannot be stopped any more says so', async ({ house }) => {
    const shop = await workshop(house);
    const { id } = await shop.ask();
    await shop.look();
    await forgetConnection(shop.ctx, shop.connection.id, 'OLGA');
    expect(await mayCancel(shop.ctx, id, 'ENGI')).toMatchObject({ state: 'queued' });
    await cancelTraining(shop.ctx, id, 'ENGI');
    expect(await shop.card()).toContain('because that connection was forgotten. Please stop it there.');
  });
});

describe('saying how it is trained', () => {
  it('over what somebody else saved meanwhile is refused', async ({ house }) => {
    const shop = await workshop(house);
    await shop.change({ everyDays: 30 });
    const before = await mayHaveSetUp(shop.ctx, shop.model, 'OLGA');
    if (!before) throw new Error('it was set up');
    await expect(setUp(shop.ctx, { ...before, everyDays: 1 }, 1, 'OLGA')).rejects.toThrow('Somebody else changed this');
    expect(await mayHaveSetUp(shop.ctx, shop.model, 'OLGA')).toMatchObject({ everyDays: 30, revision: 2 });
    expect((await linesOf(house.ctx.db, 'T1')).at(-1)?.summary).toBe(
      'set up how it is retrained: train in Airflow. It starts by itself 30 days after the last one, in working hours, at most once in 7 days, at once, without approval.',
    );
  });

  it.for([
    [{ params: 'model churn' }, 'Line 1 is not "name = value".'],
    [{ connectionId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' }, 'This connection was forgotten.'],
  ] as const)('with %j is refused under its input', async ([more, words], { house }) => {
    const shop = await workshop(house);
    await expect(shop.change(more)).rejects.toThrow(words);
  });
});
