import { describe, expect } from 'vitest';
import { delegationsOf, handOver, takeBack } from '../../../src/features/delegations/store.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import { requestById } from '../../../src/features/approvals/queries.ts';
import { keepPerson, leaveTeam } from '../../../src/features/teams/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

const until = '2026-03-06';
const hand = (house: House, by: string, to: string, model?: Model, day = until) =>
  handOver(house.ctx, { to, until: day, model }, by);
const state = async (house: House, id: string) => (await requestById(house.ctx, id)).state;
const card = async (house: House) => (await house.said('rollback:')).join('\n');

/** Tier 1: the owner or the deputy, and one more. Pia is product manager, so nothing of her own counts. */
async function asked(house: House, by = 'ENGI') {
  const { model, teamId } = await house.team();
  const make = async () => (await askFor(house.ctx, { modelId: model.id }, by)).id;
  return { model, teamId, make };
}

describe('whoever stands in', () => {
  it('approves with both names on the card, and only while it lasts', async ({ house }) => {
    const { make } = await asked(house);
    const id = await make();
    await expect(press(house.ctx, id, 'PROD')).rejects.toThrow('I did not count your click');
    await hand(house, 'OLGA', 'PROD');
    await press(house.ctx, id, 'PROD');
    expect(await card(house)).toContain('<@PROD> for <@OLGA>');
    await press(house.ctx, id, 'LEAD');
    expect(await state(house, id)).toBe('approved');
  });

  it('is told what is asked of them and until when, and when it is over', async ({ house }) => {
    await asked(house);
    await hand(house, 'OLGA', 'PROD');
    expect(await house.said('delegation:')).toEqual([
      ':raised_hand: <@OLGA> asks you to approve rollbacks and promotions in their place until <!date^1772841600^{date_short_pretty} at {time}|2026-03-07 00:00 UTC>: all models. Your name stands on the card, with theirs.',
    ]);
    expect(await takeBack(house.ctx, 'OLGA')).toBe(1);
    expect(await house.said('delegation:')).toEqual([':wave: You no longer approve in place of <@OLGA>. Thank you.']);
    const lines = await linesOf(house.ctx.db, 'T1');
    expect(lines.slice(-2).map(({ who, summary }) => [who, summary])).toEqual([
      ['OLGA', 'handed the approvals of all models to <@PROD> until 2026-03-06'],
      ['OLGA', 'took back the approvals from <@PROD>'],
    ]);
  });

  it('no longer counts the minute after the last day, also for a vote that was cast', async ({ house }) => {
    const { make } = await asked(house);
    await hand(house, 'OLGA', 'PROD', undefined, '2026-03-02');
    house.later(14 * 60);
    const id = await make();
    await press(house.ctx, id, 'PROD');
    house.later(61);
    await press(house.ctx, id, 'LEAD');
    expect(await state(house, id)).toBe('requested');
    await expect(press(house.ctx, id, 'PROD')).rejects.toThrow('You already approved');
  });

  it('no longer counts once it is taken back, or once the lender has left the team', async ({ house }) => {
    const { make, teamId } = await asked(house);
    const id = await make();
    await hand(house, 'OLGA', 'PROD');
    await takeBack(house.ctx, 'OLGA');
    await expect(press(house.ctx, id, 'PROD')).rejects.toThrow('I did not count your click');
    await hand(house, 'DEPU', 'PROD');
    await press(house.ctx, id, 'PROD');
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'DEPU', 'LEAD'));
    await press(house.ctx, id, 'LEAD');
    expect(await state(house, id)).toBe('requested');
  });

  it('does not make two of one person: the lender votes, and the stand-in counts for nothing', async ({ house }) => {
    const { make } = await asked(house);
    const id = await make();
    await hand(house, 'OLGA', 'PROD');
    await press(house.ctx, id, 'PROD');
    await press(house.ctx, id, 'OLGA');
    expect(await state(house, id)).toBe('requested');
  });

  it('neither approves their own request by it nor that of the lender', async ({ house }) => {
    const { make } = await asked(house, 'OLGA');
    const id = await make();
    await hand(house, 'OLGA', 'PROD');
    await expect(press(house.ctx, id, 'PROD')).rejects.toThrow('I did not count your click');
    await hand(house, 'DEPU', 'OLGA');
    await expect(press(house.ctx, id, 'OLGA')).rejects.toThrow('someone else has to approve it');
  });

  it('cannot pass it on', async ({ house }) => {
    const { make } = await asked(house);
    const id = await make();
    await hand(house, 'OLGA', 'PROD');
    await keepPerson(house.ctx, { id: 'NEWP', name: 'Noor', zone: 'UTC', standing: 'member' });
    await hand(house, 'PROD', 'NEWP');
    await expect(press(house.ctx, id, 'NEWP')).rejects.toThrow('cannot decide this');
  });
});

describe('approvals are handed over', () => {
  it('for one model only, where another person has the rest', async ({ house }) => {
    const { model, teamId, make } = await asked(house);
    const other = await registerModel(
      house.ctx,
      { name: 'fraud', teamId, ownerId: 'OLGA', deputyId: 'DEPU', channel: 'C1', tier: 2, registryName: 'fraud' },
      'OLGA',
    );
    await keepPerson(house.ctx, { id: 'NEWP', name: 'Noor', zone: 'UTC', standing: 'member' });
    await hand(house, 'OLGA', 'NEWP');
    await hand(house, 'OLGA', 'PROD', model);
    const id = await make();
    await expect(press(house.ctx, id, 'NEWP')).rejects.toThrow('cannot decide this');
    await press(house.ctx, id, 'PROD');
    expect(await card(house)).toContain('<@PROD> for <@OLGA>');
    const { mine } = await delegationsOf(house.ctx, 'OLGA');
    expect(mine.map(({ toId, model }) => [toId, model])).toEqual(
      expect.arrayContaining([
        ['NEWP', undefined],
        ['PROD', 'churn-model'],
      ]),
    );
    expect(other.name).toBe('fraud');
  });

  it('to one person at a time: who had them before is told', async ({ house }) => {
    await asked(house);
    await hand(house, 'OLGA', 'PROD');
    await hand(house, 'OLGA', 'ENGI');
    const { mine } = await delegationsOf(house.ctx, 'OLGA');
    expect(mine.map(({ toId }) => toId)).toEqual(['ENGI']);
    expect((await house.said('delegation:')).join('\n')).toContain('You no longer approve in place of <@OLGA>');
  });

  it.for([
    ['oneself', 'OLGA', until, 'Choose somebody else than yourself.'],
    ['a guest', 'GUES', until, 'Only full members of this workspace approve in your place.'],
    ['a day that is over', 'PROD', '2026-03-01', 'That day is over already.'],
    ['more than 60 days', 'PROD', '2026-06-01', 'At most 60 days ahead.'],
  ] as const)('never to or for %s', async ([, to, day, words], { house }) => {
    await asked(house);
    await keepPerson(house.ctx, { id: 'GUES', name: 'Gus', zone: 'UTC', standing: 'guest' });
    await expect(hand(house, 'OLGA', to, undefined, day)).rejects.toThrow(words);
    expect((await delegationsOf(house.ctx, 'OLGA')).mine).toEqual([]);
  });
});
