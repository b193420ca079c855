import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import type { Model } from '../../../src/features/models/schema.ts';
import { aliasMoved, servedVersionSeen } from '../../../src/features/releases/store.ts';
import { executeNext } from '../../../src/features/rollbacks/executor.ts';
import { rollbacks } from '../../../src/features/rollbacks/schema.ts';
import { approve, reject, request, withdraw } from '../../../src/features/rollbacks/changes.ts';
import { expireNext, verifyNext } from '../../../src/features/rollbacks/store.ts';
import { leaveTeam } from '../../../src/features/teams/store.ts';
import type { Standing } from '../../../src/ports.ts';
import { type House, it } from '../../support/house.ts';

const back = (model: Model) => ({
  modelId: model.id,
  fromVersion: '14',
  toVersion: '13',
  reason: 'amount keeps drifting since Monday',
});

async function asked(house: House) {
  const { model, teamId } = await house.team();
  return { model, teamId, rollback: await request(house.ctx, back(model), 'ENGI') };
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
    expect(said).toContain("<@OLGA> or <@DEPU> or the team's lead");
    expect(said).toContain('[Approve] [Reject] [Withdraw]');
  });

  it('does not ask the owner who asked', async ({ house }) => {
    const { model } = await house.team();
    await request(house.ctx, back(model), 'OLGA');
    const [asks] = await house.heard('rollback');
    expect(asks).toContain("<@OLGA> asks. <@DEPU> or the team's lead, please approve or reject.");
    expect(await card(house)).toContain("*May approve*\n<@DEPU> or the team's lead");
  });

  it.for([
    ['to the live version', { toVersion: '14' }, 'Version 14 is the live one'],
    ['from a version that is no longer live', { fromVersion: '12' }, 'Version 14 is live now, no longer 12'],
  ] as const)('%s is refused', async ([, change, words], { house }) => {
    const { model } = await house.team();
    await expect(request(house.ctx, { ...back(model), ...change }, 'ENGI')).rejects.toThrow(words);
  });

  it('twice is refused, naming the one that waits', async ({ house }) => {
    const { model } = await asked(house);
    await expect(request(house.ctx, back(model), 'OLGA')).rejects.toThrow(
      'Rollback 1 to version 13 is already waiting',
    );
  });

  it('is for members of the owning team', async ({ house }) => {
    const { model } = await house.team();
    await expect(request(house.ctx, back(model), 'STRANGER')).rejects.toThrow('Only members of the team');
  });
});

describe('approving', () => {
  it('is refused to the person who asked, even to the owner', async ({ house }) => {
    const { model } = await house.team();
    const rollback = await request(house.ctx, back(model), 'OLGA');
    await expect(approve(house.ctx, rollback.id, 'OLGA')).rejects.toThrow('someone else has to approve it');
  });

  it('is refused to whoever is not entitled', async ({ house }) => {
    const { rollback } = await asked(house);
    await expect(approve(house.ctx, rollback.id, 'PROD')).rejects.toThrow("Only the model's owner, its deputy");
  });

  it.for(['deactivated', 'guest', 'foreign', 'bot'] as const satisfies readonly Standing[])(
    'is refused to an owner who is %s now',
    async (standing, { house }) => {
      const { rollback } = await asked(house);
      await house.standing('OLGA', standing);
      await expect(approve(house.ctx, rollback.id, 'OLGA')).rejects.toThrow(/cannot|do not know/);
      expect(await card(house)).toContain('*Waiting for a second person*');
    },
  );

  it('is refused to an owner who left the team after it was asked', async ({ house }) => {
    const { rollback, teamId } = await asked(house);
    await leaveTeam(house.ctx, teamId, 'OLGA', 'LEAD');
    await expect(approve(house.ctx, rollback.id, 'OLGA')).rejects.toThrow('no longer in the team');
  });

  it('counts once; the second person reads who was first', async ({ house }) => {
    const { rollback } = await asked(house);
    await approve(house.ctx, rollback.id, 'OLGA');
    await expect(approve(house.ctx, rollback.id, 'DEPU')).rejects.toThrow(
      'Rollback 1 was already approved; that was just now.',
    );
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
    await approve(house.ctx, rollback.id, 'OLGA');
    expect(await card(house)).toContain('*Not carried out*: the live version changed after this was asked for');
    expect(house.registry.moves).toEqual([]);
  });

  it('is refused after a day, and the card says expired, not rejected', async ({ house }) => {
    const { rollback } = await asked(house);
    house.later(24 * 60 + 1);
    await approve(house.ctx, rollback.id, 'OLGA');
    expect(await card(house)).toContain('*Expired* without a decision');
  });
});

describe('an approved rollback', () => {
  it('moves the alias once, says only that, and says rolled back when serving is seen', async ({ house }) => {
    const { rollback, model } = await asked(house);
    await approve(house.ctx, rollback.id, 'OLGA');
    expect(await executeNext(house.ctx)).toBe(true);
    expect(await executeNext(house.ctx)).toBe(false);
    expect(house.registry.moves).toEqual(['13']);
    expect(house.registry.tags.map((tag) => tag.split(':')[0])).toEqual(['14', '13']);
    expect(await card(house)).toContain('*Alias moved* to version 13, approved by <@OLGA>');

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
    const { rollback } = await asked(house);
    await approve(house.ctx, rollback.id, 'OLGA');
    house.registry.aliases.set('churn-model/champion', '15');
    await executeNext(house.ctx);
    expect(house.registry.moves).toEqual([]);
    expect(await card(house)).toContain('MLflow says champion points to version 15, the approver saw version 14');
  });

  it('is taken up again when its executor died, and the alias is not moved twice', async ({ house }) => {
    const { rollback } = await asked(house);
    await approve(house.ctx, rollback.id, 'OLGA');
    house.registry.aliases.set('churn-model/champion', '13');
    await house.ctx.db
      .update(rollbacks)
      .set({ state: 'executing', fence: 1, leaseUntil: house.now() })
      .where(eq(rollbacks.id, rollback.id));
    expect(await executeNext(house.ctx)).toBe(false);
    house.later(1);
    expect(await executeNext(house.ctx)).toBe(true);
    expect(house.registry.moves).toEqual([]);
    expect(await card(house)).toContain('*Alias moved* to version 13');
  });

  it('that the registry refuses has failed, with what it said and what to do', async ({ house }) => {
    const { rollback } = await asked(house);
    await approve(house.ctx, rollback.id, 'OLGA');
    house.registry.setAlias = () => Promise.reject(new Error('MLflow says there is no version 13.'));
    await executeNext(house.ctx);
    expect(await card(house)).toContain('*Failed*, approved by <@OLGA>. MLflow says there is no version 13.');
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
