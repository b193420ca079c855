import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { aliasMoved, servedVersionSeen } from '../../../src/features/releases/store.ts';
import { approve, reject } from '../../../src/features/approvals/deciding/changes.ts';
import { withdraw } from '../../../src/features/approvals/taking-back/changes.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { requests } from '../../../src/features/approvals/schema.ts';
import { expireNext, verifyNext } from '../../../src/features/approvals/ending/changes.ts';
import { leaveTeam } from '../../../src/features/teams/store.ts';
import type { Standing } from '../../../src/ports.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

async function asked(house: House) {
  const { model, teamId } = await house.team();
  return { model, teamId, rollback: await askFor(house.ctx, { modelId: model.id }, 'ENGI') };
}

async function approved(house: House) {
  const all = await asked(house);
  await press(house.ctx, all.rollback.id, 'OLGA');
  await press(house.ctx, all.rollback.id, 'DEPU');
  return all;
}

const card = async (house: House) => (await house.said('rollback'))[0] ?? '';

describe('asking for a rollback', () => {
  it('stands in the channel with what changes, why, and who may approve', async ({ house }) => {
    await asked(house);
    const said = await card(house);
    expect(said).toContain('*Roll back churn-model* in production – rollback 1');
    expect(said).toContain('*From, live now*\nversion 14');
    expect(said).toContain('*Back to*\nversion 13');
    expect(said).toContain('*Why*\namount keeps drifting since Monday');
    expect(said).toContain(
      '*Waiting for 2 people to approve*\n:white_large_square: the owner or the deputy: not yet\n:white_large_square: one more approver: not yet',
    );
    expect(said).toContain('*May approve*\n<@OLGA> or <@DEPU> or <@LEAD>');
    expect(said).toContain('*How*\nMLflow alias champion, all at once');
    expect(said).toContain('*Last time:* version 13 was not live here before');
    expect(said).toContain('*Open alerts:* none');
    expect(said).toContain('[Approve] [Reject] [Withdraw]');
  });

  it('does not ask the owner who asked', async ({ house }) => {
    const { model } = await house.team();
    await askFor(house.ctx, { modelId: model.id }, 'OLGA');
    const [asks] = await house.heard('rollback');
    expect(asks).toContain('<@OLGA> asks. <@DEPU> or <@LEAD>, please approve or reject.');
    expect(await card(house)).toContain('*May approve*\n<@DEPU> or <@LEAD>');
  });

  it.for([
    ['to the live version', { toVersion: '14' }, 'Version 14 is the live one'],
    ['from a version that is no longer live', { fromVersion: '12' }, 'Version 14 is live now, no longer 12'],
  ] as const)('%s is refused', async ([, change, words], { house }) => {
    const { model } = await house.team();
    await expect(askFor(house.ctx, { modelId: model.id, ...change }, 'ENGI')).rejects.toThrow(words);
  });

  it('twice is refused, naming the one that waits', async ({ house }) => {
    const { model } = await asked(house);
    await expect(askFor(house.ctx, { modelId: model.id }, 'OLGA')).rejects.toThrow(
      'Rollback 1 to version 13 is already waiting',
    );
  });

  it('is for members of the owning team', async ({ house }) => {
    const { model } = await house.team();
    await expect(askFor(house.ctx, { modelId: model.id }, 'STRANGER')).rejects.toThrow('Only members of the team');
  });
});

describe('approving', () => {
  it('is refused to the person who asked, even to the owner', async ({ house }) => {
    const { model } = await house.team();
    const rollback = await askFor(house.ctx, { modelId: model.id }, 'OLGA');
    await expect(press(house.ctx, rollback.id, 'OLGA')).rejects.toThrow('someone else has to approve it');
  });

  it('is refused to whoever is not entitled', async ({ house }) => {
    const { rollback } = await asked(house);
    await expect(press(house.ctx, rollback.id, 'PROD')).rejects.toThrow("Only the model's owner, its deputy");
  });

  it.for(['deactivated', 'guest', 'foreign', 'bot'] as const satisfies readonly Standing[])(
    'is refused to an owner who is %s now',
    async (standing, { house }) => {
      const { rollback } = await asked(house);
      await house.standing('OLGA', standing);
      await expect(press(house.ctx, rollback.id, 'OLGA')).rejects.toThrow(/cannot|do not know/);
      expect(await card(house)).toContain('*Waiting for 2 people to approve*');
    },
  );

  it('is refused to an owner who left the team after it was asked', async ({ house }) => {
    const { rollback, teamId } = await asked(house);
    await leaveTeam(house.ctx, teamId, 'OLGA', 'LEAD');
    await expect(press(house.ctx, rollback.id, 'OLGA')).rejects.toThrow('no longer in the team');
  });

  it('needs two people for tier 1, one of them the owner or the deputy', async ({ house }) => {
    const { rollback } = await asked(house);
    expect((await press(house.ctx, rollback.id, 'LEAD')).state).toBe('requested');
    expect(await card(house)).toContain(
      '*Waiting for one more person to approve*\n:white_large_square: the owner or the deputy: not yet\n:white_check_mark: one more approver: <@LEAD>',
    );
    expect((await press(house.ctx, rollback.id, 'DEPU')).state).toBe('approved');
  });

  it('seats people so that both slots fill, whoever came first', async ({ house }) => {
    const { rollback } = await asked(house);
    await press(house.ctx, rollback.id, 'OLGA');
    expect((await press(house.ctx, rollback.id, 'LEAD')).state).toBe('approved');
  });

  it('counts once a person; a second click is told when the first was', async ({ house }) => {
    const { rollback } = await asked(house);
    await press(house.ctx, rollback.id, 'OLGA');
    house.later(3);
    await expect(press(house.ctx, rollback.id, 'OLGA')).rejects.toThrow(
      'You already approved rollback 1; that was 3 min ago.',
    );
  });

  it('whoever comes after the quorum reads that it is decided', async ({ house }) => {
    const { rollback } = await approved(house);
    await expect(press(house.ctx, rollback.id, 'LEAD')).rejects.toThrow(
      'Rollback 1 was already approved; that was just now.',
    );
  });

  it('does not count the vote of a person who left before the quorum was full', async ({ house }) => {
    const { rollback, teamId } = await asked(house);
    await press(house.ctx, rollback.id, 'OLGA');
    await leaveTeam(house.ctx, teamId, 'OLGA', 'LEAD');
    expect((await press(house.ctx, rollback.id, 'LEAD')).state).toBe('requested');
    expect((await press(house.ctx, rollback.id, 'DEPU')).state).toBe('approved');
  });

  it('with the button of another plan counts nothing', async ({ house }) => {
    const { rollback } = await asked(house);
    await expect(approve(house.ctx, rollback.id, 'f'.repeat(64), 'OLGA')).rejects.toThrow('another plan');
  });

  it('is refused when the alias was moved meanwhile, and the card says so', async ({ house }) => {
    const { rollback, model } = await asked(house);
    await aliasMoved(house.ctx, {
      modelId: model.id,
      environment: 'production',
      version: '15',
      who: 'ci',
      why: 'release',
    });
    await press(house.ctx, rollback.id, 'OLGA');
    expect(await card(house)).toContain('*Not carried out*: the live version changed after this was asked for');
    expect(house.registry.moves).toEqual([]);
  });

  it('is refused after a day, and the card says expired, not rejected', async ({ house }) => {
    const { rollback } = await asked(house);
    house.later(24 * 60 + 1);
    await press(house.ctx, rollback.id, 'OLGA');
    expect(await card(house)).toContain('*Expired* without a decision');
  });
});

describe('an approved rollback', () => {
  it('moves the alias once, says only that, and says rolled back when serving is seen', async ({ house }) => {
    const { model } = await approved(house);
    expect(await executeNext(house.ctx)).toBe(true);
    expect(await executeNext(house.ctx)).toBe(false);
    expect(house.registry.moves).toEqual(['13']);
    expect(house.registry.tags.map((tag) => tag.split(':')[0])).toEqual(['14', '13']);
    expect(await card(house)).toContain('*Alias moved* to version 13, approved by <@OLGA> and <@DEPU>');

    const seen = { modelId: model.id, environment: 'production', at: house.now() };
    expect(await verifyNext(house.ctx)).toBe(false);
    house.later(1);
    await servedVersionSeen(house.ctx, { ...seen, version: '14', at: house.now() });
    expect(await verifyNext(house.ctx)).toBe(false);
    house.later(1);
    await servedVersionSeen(house.ctx, { ...seen, version: '13', at: house.now() });
    expect(await verifyNext(house.ctx)).toBe(true);
    expect(await card(house)).toContain('*Rolled back*: serving was seen to serve version 13');
  });

  it('moves nothing when somebody moved the alias in the registry itself', async ({ house }) => {
    await approved(house);
    house.registry.aliases.set('churn-model/champion', '15');
    await executeNext(house.ctx);
    expect(house.registry.moves).toEqual([]);
    expect(await card(house)).toContain('MLflow says champion points to version 15, the approver saw version 14');
  });

  it('is taken up again when its executor died, and the alias is not moved twice', async ({ house }) => {
    const { rollback } = await approved(house);
    house.registry.aliases.set('churn-model/champion', '13');
    await house.ctx.db
      .update(requests)
      .set({ state: 'executing', fence: 1, leaseUntil: house.now() })
      .where(eq(requests.id, rollback.id));
    expect(await executeNext(house.ctx)).toBe(false);
    house.later(1);
    expect(await executeNext(house.ctx)).toBe(true);
    expect(house.registry.moves).toEqual([]);
    expect(await card(house)).toContain('*Alias moved* to version 13');
  });

  it('that the registry refuses has failed, with what it said and what to do', async ({ house }) => {
    await approved(house);
    house.registry.setAlias = () => Promise.reject(new Error('MLflow says there is no version 13.'));
    await executeNext(house.ctx);
    expect(await card(house)).toContain(
      '*Failed*, approved by <@OLGA> and <@DEPU>. MLflow says there is no version 13.',
    );
    expect(await card(house)).toContain('[Roll back] [Declare incident]');
  });
});

describe('a request', () => {
  it('can be rejected with a reason by someone else', async ({ house }) => {
    const { rollback } = await asked(house);
    await reject(house.ctx, rollback.id, 'the feed is being repaired', 'DEPU');
    expect(await card(house)).toContain('*Rejected* by <@DEPU>: the feed is being repaired');
  });

  it('can be withdrawn by the person who asked, and by nobody else', async ({ house }) => {
    const { rollback } = await asked(house);
    await expect(withdraw(house.ctx, rollback.id, 'OLGA')).rejects.toThrow('Only the person who asked');
    await withdraw(house.ctx, rollback.id, 'ENGI');
    expect(await card(house)).toContain('*Withdrawn* by <@ENGI>');
  });

  it('expires by itself after a day', async ({ house }) => {
    await asked(house);
    expect(await expireNext(house.ctx)).toBe(false);
    house.later(24 * 60 + 1);
    expect(await expireNext(house.ctx)).toBe(true);
    expect(await card(house)).toContain('*Expired*');
  });
});
