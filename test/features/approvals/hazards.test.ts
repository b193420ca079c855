import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { approve, reject } from '../../../src/features/approvals/deciding/changes.ts';
import { ask } from '../../../src/features/approvals/asking/changes.ts';
import { revoke, withdraw } from '../../../src/features/approvals/taking-back/changes.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { planFor } from '../../../src/features/approvals/planning.ts';
import { requestById, votesOn } from '../../../src/features/approvals/queries.ts';
import { requests } from '../../../src/features/approvals/schema.ts';
import { expireNext } from '../../../src/features/approvals/ending/changes.ts';
import { saveGate } from '../../../src/features/gates/changes.ts';
import { evaluate } from '../../../src/features/gates/store.ts';
import { models } from '../../../src/features/models/schema.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { leaveTeam } from '../../../src/features/teams/store.ts';
import { firstBreak } from '../../../src/ledger/chain.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

async function asked(house: House, by = 'ENGI') {
  const { model, teamId } = await house.team();
  const { id } = await askFor(house.ctx, { modelId: model.id }, by);
  return { model, teamId, id };
}
async function approved(house: House) {
  const all = await asked(house);
  await press(house.ctx, all.id, 'OLGA');
  await press(house.ctx, all.id, 'LEAD');
  return all;
}
const state = async (house: House, id: string) => (await requestById(house.ctx, id)).state;
const card = async (house: House) => (await house.said('rollback:')).join('\n');
const digest = async (house: House, id: string) => (await requestById(house.ctx, id)).digest;

describe('votes', () => {
  it('double click: the second is told when the first was, and counts nothing', async ({ house }) => {
    const { id } = await asked(house);
    await press(house.ctx, id, 'OLGA');
    house.later(2);
    await expect(press(house.ctx, id, 'OLGA')).rejects.toThrow('You already approved rollback 1; that was 2 min ago.');
    expect(await votesOn(house.ctx, id)).toHaveLength(1);
    expect(await state(house, id)).toBe('requested');
  });

  it.for([
    ['requested by the owner', 'OLGA'],
    ['requested by the lead', 'LEAD'],
  ] as const)('self-approval: %s, still two others are needed', async ([, by], { house }) => {
    const { id } = await asked(house, by);
    await expect(press(house.ctx, id, by)).rejects.toThrow('someone else has to approve it');
    await press(house.ctx, id, 'DEPU');
    expect(await state(house, id)).toBe('requested');
    await press(house.ctx, id, by === 'OLGA' ? 'LEAD' : 'OLGA');
    expect(await state(house, id)).toBe('approved');
  });

  it.for(['deactivated', 'guest', 'foreign'] as const)(
    'approver became %s between the vote and the quorum: that vote no longer counts',
    async (standing, { house }) => {
      const { id } = await asked(house);
      await press(house.ctx, id, 'OLGA');
      await house.standing('OLGA', standing);
      await press(house.ctx, id, 'LEAD');
      expect(await state(house, id)).toBe('requested');
      await press(house.ctx, id, 'DEPU');
      expect(await state(house, id)).toBe('approved');
    },
  );

  it('approver removed after the quorum, before it is carried out: nothing moves, and why is said', async ({
    house,
  }) => {
    const { id, teamId } = await approved(house);
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
    await executeNext(house.ctx);
    expect(await state(house, id)).toBe('failed');
    expect(await card(house)).toContain('An approver may no longer approve. Ask again.');
    expect(house.registry.moves).toEqual([]);
  });

  it('a new owner counts as owner at once, the old one no longer', async ({ house }) => {
    const { id, model } = await asked(house);
    await house.ctx.db.update(models).set({ ownerId: 'PROD' }).where(eq(models.id, model.id));
    await expect(press(house.ctx, id, 'OLGA')).rejects.toThrow('I did not count your click');
    await press(house.ctx, id, 'PROD');
    await press(house.ctx, id, 'LEAD');
    expect(await state(house, id)).toBe('approved');
  });
});

describe('buttons', () => {
  it('on an old card answer with what became of it, for every end', async ({ house }) => {
    const { id, model } = await asked(house);
    const old = await digest(house, id);
    await withdraw(house.ctx, id, 'ENGI');
    house.later(5);
    await expect(approve(house.ctx, id, old, 'OLGA')).rejects.toThrow(
      'Rollback 1 was already withdrawn by <@ENGI>; that was 5 min ago.',
    );
    await expect(reject(house.ctx, id, 'not like this', 'OLGA')).rejects.toThrow('already withdrawn');
    await expect(revoke(house.ctx, id, 'OLGA')).rejects.toThrow('already withdrawn');
    const next = await askFor(house.ctx, { modelId: model.id, retryOf: id }, 'ENGI');
    expect(await requestById(house.ctx, next.id)).toMatchObject({ retryOf: id, state: 'requested', number: 2 });
  });

  it('edited by hand: another digest counts nothing', async ({ house }) => {
    const { id } = await asked(house);
    await expect(approve(house.ctx, id, 'f'.repeat(64), 'OLGA')).rejects.toThrow('belongs to another plan');
    expect(await votesOn(house.ctx, id)).toEqual([]);
  });

  it('pressed in another workspace find nothing', async ({ house }) => {
    const { id } = await asked(house);
    await expect(approve(house.elsewhere('T2'), id, await digest(house, id), 'OLGA')).rejects.toThrow('gone');
    expect(await votesOn(house.ctx, id)).toEqual([]);
  });
});

describe('the world moves on', () => {
  it('version changed: the vote makes it stale, and the card offers to ask again', async ({ house }) => {
    const { id, model } = await asked(house);
    await aliasMoved(house.ctx, {
      modelId: model.id,
      environment: 'production',
      version: '15',
      who: 'ci',
      why: 'release',
    });
    await press(house.ctx, id, 'OLGA');
    expect(await state(house, id)).toBe('stale');
    expect(await votesOn(house.ctx, id)).toEqual([]);
    expect(await card(house)).toContain('the live version changed after this was asked for');
    expect(await card(house)).toContain('Ask again with what stands now.');
  });

  it('version changed and changed back: still stale, for it was another time', async ({ house }) => {
    const { id, model } = await approved(house);
    for (const version of ['15', '14'])
      await aliasMoved(house.ctx, { modelId: model.id, environment: 'production', version, who: 'ci', why: 'release' });
    await executeNext(house.ctx);
    expect(await state(house, id)).toBe('stale');
    expect(house.registry.moves).toEqual([]);
  });

  it('tier edited while pending: what was asked of the approvers stays', async ({ house }) => {
    const { id, model } = await asked(house);
    await house.ctx.db.update(models).set({ tier: 3 }).where(eq(models.id, model.id));
    await press(house.ctx, id, 'OLGA');
    expect(await state(house, id)).toBe('requested');
    await press(house.ctx, id, 'LEAD');
    expect(await state(house, id)).toBe('approved');
  });

  it('gate changed between approval and execution: stale, and nothing is promoted', async ({ house }) => {
    const { model } = await house.team();
    const place = { modelId: model.id, environment: 'production' };
    house.registry.facts.set('15', { auc: 0.9 });
    await saveGate(house.ctx, place, 'auc >= 0.8', undefined, 'OLGA');
    await evaluate(house.ctx, { ...place, version: '15' }, 'ENGI');
    const { id } = await askFor(house.ctx, { modelId: model.id, kind: 'promotion', toVersion: '15' }, 'ENGI');
    await press(house.ctx, id, 'OLGA');
    await press(house.ctx, id, 'LEAD');
    expect(await state(house, id)).toBe('approved');
    house.registry.facts.set('15', { auc: 0.5 });
    house.later(1);
    await evaluate(house.ctx, { ...place, version: '15' }, 'ENGI');
    await executeNext(house.ctx);
    expect(await state(house, id)).toBe('stale');
    expect((await house.said('promotion:')).join('\n')).toContain('the gate says something else now');
    expect(house.registry.moves).toEqual([]);
  });
});

describe('time', () => {
  it('expiry racing an approval: at the very instant it is over, the database says', async ({ house }) => {
    const { id } = await asked(house);
    await press(house.ctx, id, 'OLGA');
    house.later(24 * 60);
    await press(house.ctx, id, 'LEAD');
    expect(await state(house, id)).toBe('expired');
    expect((await votesOn(house.ctx, id)).map(({ personId }) => personId)).toEqual(['OLGA']);
    expect(await expireNext(house.ctx)).toBe(false);
  });

  it('a minute before, the same vote decides', async ({ house }) => {
    const { id } = await asked(house);
    await press(house.ctx, id, 'OLGA');
    house.later(24 * 60 - 1);
    await press(house.ctx, id, 'LEAD');
    expect(await state(house, id)).toBe('approved');
  });

  it('a rejection that comes late is no rejection: it expired', async ({ house }) => {
    const { id } = await asked(house);
    house.later(24 * 60);
    await reject(house.ctx, id, 'not like this', 'OLGA');
    expect(await state(house, id)).toBe('expired');
    expect(await card(house)).toContain('*Expired* without a decision');
    expect(await card(house)).not.toContain('Rejected');
  });

  it('sweeper before the voter: who comes late reads that it expired', async ({ house }) => {
    const { id } = await asked(house);
    house.later(24 * 60);
    expect(await expireNext(house.ctx)).toBe(true);
    await expect(press(house.ctx, id, 'OLGA')).rejects.toThrow('Rollback 1 was already');
  });
});

describe('who asks', () => {
  it('a policy that can never be met is refused, with the way out', async ({ house }) => {
    const { model } = await house.team();
    for (const who of ['DEPU', 'LEAD']) await house.standing(who, 'deactivated');
    const words = 'Nobody besides you could approve this as the owner or the deputy and as one more approver';
    await expect(askFor(house.ctx, { modelId: model.id }, 'OLGA')).rejects.toThrow(words);
  });

  it('a newer request of the same person takes the place of the older, and only theirs', async ({ house }) => {
    const { id, model } = await asked(house);
    const again = (by: string) => askFor(house.ctx, { modelId: model.id, toVersion: '12', replace: true }, by);
    await expect(again('PROD')).rejects.toThrow('Rollback 1 to version 13 is already waiting.');
    const newer = await again('ENGI');
    expect(await state(house, id)).toBe('superseded');
    expect(await state(house, newer.id)).toBe('requested');
    expect(await card(house)).toContain('*Replaced* by a newer request of <@ENGI>.');
  });

  it('an approval is taken back by who gave it, and then nothing moves', async ({ house }) => {
    const { id } = await approved(house);
    await expect(revoke(house.ctx, id, 'ENGI')).rejects.toThrow('Only who approved it, the owner or the lead');
    await revoke(house.ctx, id, 'LEAD');
    expect(await executeNext(house.ctx)).toBe(false);
    expect(house.registry.moves).toEqual([]);
    expect(await state(house, id)).toBe('revoked');
  });

  it('no plan is changed once it stands: the database refuses it', async ({ house }) => {
    const { id } = await asked(house);
    const edit = house.visit((ctx) => ctx.db.update(requests).set({ toVersion: '9' }).where(eq(requests.id, id)));
    await expect(edit).rejects.toMatchObject({ cause: { message: 'what a request asks for does not change' } });
    const jump = house.visit((ctx) => ctx.db.update(requests).set({ state: 'done' }).where(eq(requests.id, id)));
    await expect(jump).rejects.toMatchObject({ cause: { message: 'a request does not go from requested to done' } });
    expect(await requestById(house.ctx, id)).toMatchObject({ toVersion: '13', state: 'requested' });
  });

  it('every step of it stands in the ledger with a name, in an unbroken chain', async ({ house }) => {
    const { id } = await approved(house);
    await executeNext(house.ctx);
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ subject }) => subject === `rollback:${id}`);
    expect(lines.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'ENGI rollback.requested',
      'OLGA rollback.requested',
      'LEAD rollback.requested',
      'quorum rollback.approved',
      'executor rollback.executing',
      'executor rollback.moved',
    ]);
    expect(firstBreak(await linesOf(house.ctx.db, 'T1'))).toBeUndefined();
  });

  it('a reason of a word is refused at its input', async ({ house }) => {
    const { model } = await house.team();
    const place = { kind: 'rollback', environment: 'production', toVersion: '13' } as const;
    const plan = await planFor(house.ctx, model, place);
    const input = { ...place, modelId: model.id, fromVersion: '14', reason: 'bad' };
    await expect(ask(house.ctx, input, plan, 'ENGI')).rejects.toMatchObject({ field: 'reason' });
  });
});
