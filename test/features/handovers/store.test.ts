import { describe, expect } from 'vitest';
import { handovers } from '../../../src/features/handovers/doors.ts';
import { expireNext, withdrawNext } from '../../../src/features/handovers/changes.ts';
import { accept, acceptAll, choose, decline, offer } from '../../../src/features/handovers/store.ts';
import { offeredTo } from '../../../src/features/handovers/queries.ts';
import { modelById } from '../../../src/features/models/queries.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import { joinTeam, keepPerson, leaveTeam } from '../../../src/features/teams/store.ts';
import { setAway } from '../../../src/features/teams/away/changes.ts';
import { linesAbout } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';

const plan = (house: House) => () =>
  Promise.resolve({ dueAt: new Date(house.now().getTime() + 2 * 86_400_000), day: '2026-03-02' });
const askAll = (house: House) => work(house, 'handovers.ask');
const asked = async (house: House, who: string) => (await offeredTo(house.ctx, who)).map(({ model }) => model.name);
const firstOffer = async (house: House, who: string) => (await offeredTo(house.ctx, who))[0]?.handover.id ?? '';
/** One of the doors' own workers, until it rests. */
const work = async (house: House, name: string) => {
  const worker = handovers.workers?.find((each) => each.name === name);
  while (await house.visit((ctx) => worker?.work(ctx) ?? Promise.resolve(false)));
};

const withOlgaGone = async (house: House) => {
  const { model, teamId } = await house.team();
  await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
  await askAll(house);
  return { model, teamId };
};
const anotherModel = (house: House, teamId: string, name: string) =>
  house.visit((ctx) =>
    registerModel(
      ctx,
      { name, teamId, ownerId: 'OLGA', deputyId: 'DEPU', channel: 'C1', tier: 2, registryName: name },
      'OLGA',
    ),
  );

describe('after the owner left', () => {
  it('the deputy is asked, then the lead, then the others, and then nobody is asked twice', async ({ house }) => {
    await withOlgaGone(house);
    for (const next of ['DEPU', 'LEAD', 'ENGI', 'PROD']) {
      expect(await asked(house, next)).toEqual(['churn-model']);
      await house.visit((ctx) => firstOffer(house, next).then((id) => decline(ctx, id, next)));
      await askAll(house);
    }
    expect(await house.said('handover-nobody')).toEqual([expect.stringContaining('everybody in its team was asked')]);
  });

  it('who is new in the team is asked the next day, without a second word in the channel', async ({ house }) => {
    const { teamId } = await withOlgaGone(house);
    for (const next of ['DEPU', 'LEAD', 'ENGI', 'PROD']) {
      await house.visit((ctx) => firstOffer(house, next).then((id) => decline(ctx, id, next)));
      await askAll(house);
    }
    house.later(25 * 60);
    await house.visit(expireNext);
    await askAll(house);
    expect(await house.said('handover-nobody')).toHaveLength(1);
    await house.visit((ctx) => keepPerson(ctx, { id: 'NEWB', name: 'New', zone: 'UTC', standing: 'member' }));
    await house.visit((ctx) => joinTeam(ctx, teamId, 'NEWB', ['mle'], 'LEAD'));
    house.later(25 * 60);
    await house.visit(expireNext);
    await askAll(house);
    expect(await asked(house, 'NEWB')).toEqual(['churn-model']);
  });

  it('silence of two working days asks the next one; the old card says so', async ({ house }) => {
    await withOlgaGone(house);
    house.later(2 * 24 * 60);
    expect(await house.visit(expireNext)).toBe(true);
    await askAll(house);
    expect(await asked(house, 'LEAD')).toEqual(['churn-model']);
    expect((await house.said('handover:')).join()).toContain('Nobody answered in time; somebody else is asked');
  });

  it('a deputy who is away is passed over while somebody else is there', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => setAway(ctx, 'DEPU', '2026-03-01', '2026-03-20', ''));
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
    await askAll(house);
    expect(await asked(house, 'LEAD')).toEqual(['churn-model']);
  });

  it('everything one person is asked stands on one card, and can be accepted at once', async ({ house }) => {
    const { teamId, model } = await house.team();
    const other = await anotherModel(house, teamId, 'fraud-model');
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
    await askAll(house);
    const [card, ...more] = await house.said('handover:');
    expect(more).toEqual([]);
    expect(card).toContain('2 models need a new owner');
    expect(card).toContain('[Accept all 2]');
    const [first] = await offeredTo(house.ctx, 'DEPU');
    const cardId = first?.handover.cardId ?? '';
    await expect(house.visit((ctx) => acceptAll(ctx, cardId, 'ENGI'))).rejects.toThrow('offered to somebody else');
    await house.visit((ctx) => acceptAll(ctx, cardId, 'DEPU'));
    for (const { id } of [model, other])
      expect(await modelById(house.ctx, id)).toMatchObject({ ownerId: 'DEPU', deputyId: null });
    expect((await house.said('handover:'))[0]).not.toContain('[Accept');
    await expect(house.visit((ctx) => acceptAll(ctx, cardId, 'DEPU'))).rejects.toThrow('settled already');
  });

  it('a card of 40 models stays within what Slack takes', async ({ house }) => {
    const { teamId } = await house.team();
    for (let i = 0; i < 39; i += 1) await anotherModel(house, teamId, `model-${i}`);
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
    await askAll(house);
    expect((await house.said('handover:'))[0]).toContain('and 28 more, which follow');
  });

  it('the change of owner is in the ledger with its person', async ({ house }) => {
    const { model } = await withOlgaGone(house);
    const id = await firstOffer(house, 'DEPU');
    await house.visit((ctx) => accept(ctx, id, 'DEPU'));
    const lines = await linesAbout(
      house.ctx,
      { modelId: model.id, subject: `model:${model.id}` },
      new Date(0),
      house.now(),
    );
    expect(lines.map(({ what, who }) => `${what} by ${who}`)).toEqual(
      expect.arrayContaining(['handover.asked by pitcrew', 'handover.accepted by DEPU']),
    );
  });

  it('the owner comes back: nothing is taken over, and the card says why', async ({ house }) => {
    const { teamId } = await withOlgaGone(house);
    const id = await firstOffer(house, 'DEPU');
    await house.visit((ctx) => joinTeam(ctx, teamId, 'OLGA', ['ds'], 'LEAD'));
    await expect(house.visit((ctx) => accept(ctx, id, 'DEPU'))).rejects.toThrow('The owner is back');
    expect(await house.visit(withdrawNext)).toBe(true);
    expect((await house.said('handover:'))[0]).toContain('No longer needed');
    expect(await house.visit(withdrawNext)).toBe(false);
    await askAll(house);
    expect(await house.said('handover:')).toHaveLength(1);
  });

  it('an account that is deactivated counts as left, and accepts nothing', async ({ house }) => {
    await house.team();
    await house.standing('OLGA', 'deactivated');
    await askAll(house);
    const id = await firstOffer(house, 'DEPU');
    await house.standing('DEPU', 'guest');
    await expect(house.visit((ctx) => accept(ctx, id, 'DEPU'))).rejects.toThrow('guest');
  });

  it('people without a role yet are asked, stakeholders only if they deputise', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => joinTeam(ctx, teamId, 'DEPU', ['stk'], 'LEAD'));
    await house.visit((ctx) => joinTeam(ctx, teamId, 'PROD', ['stk'], 'LEAD'));
    await house.visit((ctx) => joinTeam(ctx, teamId, 'ENGI', [], 'LEAD'));
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
    await askAll(house);
    for (const next of ['DEPU', 'LEAD', 'ENGI']) {
      expect(await asked(house, next)).toEqual(['churn-model']);
      await house.visit((ctx) => firstOffer(house, next).then((id) => decline(ctx, id, next)));
      await askAll(house);
    }
    expect(await asked(house, 'PROD')).toEqual([]);
  });

  it('somebody of the team cannot help themselves while others are asked', async ({ house }) => {
    const { model } = await withOlgaGone(house);
    await expect(house.visit((ctx) => offer(ctx, model.id, 'PROD', 'PROD'))).rejects.toThrow('Only the owner');
    await expect(house.visit((ctx) => offer(ctx, model.id, 'ENGI', 'OLGA'))).rejects.toThrow('Only the owner');
    await expect(house.visit((ctx) => offer(ctx, model.id, 'ENGI', 'DEPU'))).resolves.toMatchObject({
      askedId: 'ENGI',
    });
  });

  it('who was chosen instead has two working days as well', async ({ house }) => {
    await withOlgaGone(house);
    const id = await firstOffer(house, 'DEPU');
    const chosen = await house.visit((ctx) => choose(ctx, { id, to: 'ENGI', by: 'DEPU' }, plan(house)));
    expect(chosen).toMatchObject({ askedId: 'ENGI', dueAt: new Date('2026-03-04T09:00:00Z') });
  });
});

describe('a reminder', () => {
  it('comes once, a day later, in working hours, and thanks once it is answered', async ({ house }) => {
    house.later(9 * 60);
    await withOlgaGone(house);
    const reminders = async () => {
      await work(house, 'handovers.remind');
      return await house.said('handover-reminder');
    };
    house.later(23 * 60);
    expect(await reminders()).toEqual([]);
    house.later(2 * 60);
    expect(await reminders()).toEqual([]);
    house.later(14 * 60);
    expect(await reminders()).toEqual([expect.stringContaining('still waits for your word')]);
    house.later(60);
    expect(await reminders()).toHaveLength(1);
    const id = await firstOffer(house, 'DEPU');
    await house.visit((ctx) => accept(ctx, id, 'DEPU'));
    expect(await house.said('handover-reminder')).toEqual([expect.stringContaining('All of this is answered')]);
  });
});
