import { describe, expect } from 'vitest';
import { lookAgain, noticeNext } from '../../../src/features/departures/store.ts';
import { askNext } from '../../../src/features/handovers/changes.ts';
import { offeredTo } from '../../../src/features/handovers/queries.ts';
import { accept } from '../../../src/features/handovers/store.ts';
import { editModel, registerModel } from '../../../src/features/models/store.ts';
import { modelById } from '../../../src/features/models/queries.ts';
import { editTeam, joinTeam, leaveTeam } from '../../../src/features/teams/store.ts';
import { setAway } from '../../../src/features/teams/away/changes.ts';
import { teamById } from '../../../src/features/teams/queries.ts';
import { messages } from '../../../src/messages/schema.ts';
import { type House, it } from '../../support/house.ts';

const notice = async (house: House) => {
  while (await house.visit(noticeNext));
  const plan = () => Promise.resolve({ dueAt: new Date(house.now().getTime() + 86_400_000), day: '2026-03-02' });
  while (await house.visit((ctx) => askNext(ctx, plan)));
  house.later(2);
  await look(house);
};
const look = async (house: House) => {
  while (await house.visit(lookAgain));
};
const cards = async (house: House) =>
  (await house.ctx.db.select().from(messages)).filter(({ key }) => key.startsWith('departure:'));

const start = async (house: House) => {
  const found = await house.team();
  await house.visit((ctx) =>
    registerModel(
      ctx,
      {
        name: 'fraud-model',
        teamId: found.teamId,
        ownerId: 'ENGI',
        deputyId: 'OLGA',
        channel: 'C1',
        tier: 2,
        registryName: 'fraud-model',
      },
      'ENGI',
    ),
  );
  return found;
};

describe('when somebody leaves, the lead reads on one card', () => {
  it('what they owned and deputised, and what became of it', async ({ house }) => {
    const { teamId } = await start(house);
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
    await notice(house);
    const [card] = await cards(house);
    expect(card).toMatchObject({ channel: 'LEAD' });
    const [said] = await house.said('departure');
    expect(said).toContain('1 model needs an owner, 1 model needs a deputy');
    expect(said).toContain('churn-model: :hourglass_flowing_sand: <@DEPU> is asked');
    expect(JSON.stringify(card?.wanted)).toContain('Choose a deputy');

    const [offered] = await offeredTo(house.ctx, 'DEPU');
    house.later(1);
    await house.visit((ctx) => accept(ctx, offered?.handover.id ?? '', 'DEPU'));
    await look(house);
    expect((await house.said('departure'))[0]).toContain('churn-model: :white_check_mark: <@DEPU>');

    const fraud = await house.visit((ctx) => modelById(ctx, fraudIn(card)));
    await house.visit((ctx) => editModel(ctx, fraud.id, fraud.revision, { ...fraud, deputyId: 'LEAD' }, 'ENGI'));
    house.later(2);
    await look(house);
    const [after] = await house.said('departure');
    expect(after).toContain('Every model they held has a new holder');
    house.later(2);
    expect(await house.visit(lookAgain)).toBe(false);
  });

  it('once for each time they leave, however often we look', async ({ house }) => {
    const { teamId } = await start(house);
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
    await notice(house);
    await notice(house);
    expect(await cards(house)).toHaveLength(1);
    await house.visit((ctx) => joinTeam(ctx, teamId, 'OLGA', ['ds'], 'LEAD'));
    house.later(2);
    await look(house);
    expect((await house.said('departure'))[0]).toContain('is back in *Retention*');
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
    await notice(house);
    expect(await cards(house)).toHaveLength(2);
  });

  it('also of somebody who owned no model, for their duties; of a stakeholder nothing', async ({ house }) => {
    const { teamId } = await start(house);
    await house.visit((ctx) => joinTeam(ctx, teamId, 'PROD', ['stk'], 'LEAD'));
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'PROD', 'LEAD'));
    await notice(house);
    expect(await cards(house)).toEqual([]);
    await house.visit((ctx) => joinTeam(ctx, teamId, 'PROD', ['pm'], 'LEAD'));
    house.later(1);
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'PROD', 'LEAD'));
    await notice(house);
    const [said] = await house.said('departure');
    expect(said).toContain('They owned no model');
    expect(said).toContain('[Show open duties]');
  });
});

describe('when the lead is gone', () => {
  const leadGone = async (house: House) => {
    const { teamId } = await start(house);
    await house.standing('LEAD', 'deactivated');
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'LEAD', 'pitcrew'));
    return teamId;
  };

  it('a deputy hears that the team needs one, until it has one', async ({ house }) => {
    const teamId = await leadGone(house);
    await notice(house);
    const [card] = await cards(house);
    expect(card?.channel).toMatch(/DEPU|OLGA/);
    expect((await house.said('departure'))[0]).toContain('The team needs a lead');
    const team = await teamById(house.ctx, teamId);
    await house.visit((ctx) => editTeam(ctx, teamId, team.revision, { ...team, leadId: 'DEPU' }, 'DEPU'));
    house.later(2);
    await look(house);
    expect((await house.said('departure'))[0]).not.toContain('The team needs a lead');
  });

  it('somebody who is there hears it rather than somebody who is away', async ({ house }) => {
    const teamId = await leadGone(house);
    for (const id of ['DEPU', 'OLGA', 'PROD'])
      await house.visit((ctx) => setAway(ctx, id, '2026-03-01', '2026-03-09', ''));
    await notice(house);
    expect((await cards(house))[0]).toMatchObject({ channel: 'ENGI' });
    expect(teamId).toBeTruthy();
  });

  it('and everybody else, too, the channel reads it', async ({ house }) => {
    const teamId = await leadGone(house);
    for (const id of ['DEPU', 'OLGA', 'PROD', 'ENGI'])
      await house.visit((ctx) => leaveTeam(ctx, teamId, id, 'pitcrew'));
    await notice(house);
    expect((await cards(house)).map(({ channel }) => channel)).toContain('C1');
  });
});

/** The model that the button of the card edits. */
function fraudIn(card: { wanted: { blocks: readonly unknown[] } } | undefined): string {
  const [, id] = /modelId\\":\\"([0-9a-f-]{36})/.exec(JSON.stringify(card?.wanted)) ?? [];
  return id ?? '';
}
