import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { ask } from '../../../src/features/approvals/asking/changes.ts';
import { remindNext, review } from '../../../src/features/approvals/reviewing/changes.ts';
import { revoke } from '../../../src/features/approvals/taking-back/changes.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { planFor } from '../../../src/features/approvals/planning.ts';
import { brokenBy, requestById } from '../../../src/features/approvals/queries.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { liveVersions } from '../../../src/features/releases/schema.ts';
import { mayBreakGlass } from '../../../src/features/rollbacks/rules.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

const place = { kind: 'rollback', environment: 'production', fromVersion: '14', toVersion: '13' } as const;

async function incident(house: House, model: Model): Promise<string> {
  const about = { title: 'Scores are off', summary: '', severity: 'sev1', version: '14', evidence: '' } as const;
  const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now() }, 'ENGI');
  return incident.id;
}

/** Enzo is on call, the model hurts people, and nobody who could approve is awake. */
async function broken(house: House) {
  const { model } = await house.team();
  const incidentId = await incident(house, model);
  return { model, ...(await again(house, model, incidentId)) };
}
async function again(house: House, model: Model, incidentId: string) {
  const plan = await planFor(house.ctx, model, place);
  const input = { ...place, modelId: model.id, reason: 'everybody is declined since 3', incidentId };
  return { id: (await ask(house.ctx, input, plan, 'ENGI')).id, incidentId };
}
const said = async (house: House) => (await house.said('rollback:')).join('\n');

describe('a rollback without approval', () => {
  it('is carried out at once, loudly, and somebody else has to look back at it within a day', async ({ house }) => {
    const { id } = await broken(house);
    expect(await said(house)).toContain('*Done without approval* by <@ENGI> in an open incident.');
    await executeNext(house.ctx);
    expect(house.registry.moves).toEqual(['13']);
    expect(await requestById(house.ctx, id)).toMatchObject({ state: 'moved', reviewVerdict: null });
    expect(await said(house)).toContain('[Look back]');
    expect((await linesOf(house.ctx.db, 'T1')).map(({ summary }) => summary)).toContainEqual(
      expect.stringContaining('goes back without approval, for an incident,'),
    );
  });

  it('takes the place of a request that still waits for people', async ({ house }) => {
    const { model } = await house.team();
    const waiting = await askFor(house.ctx, { modelId: model.id }, 'PROD');
    await again(house, model, await incident(house, model));
    expect(await requestById(house.ctx, waiting.id)).toMatchObject({ state: 'superseded' });
  });

  it('is looked back at by another approver, never by who did it', async ({ house }) => {
    const { id } = await broken(house);
    const look = (by: string) => review(house.ctx, id, 'disputed', 'Lea was awake; call her', by);
    await expect(look('ENGI')).rejects.toThrow('You did it yourself, so somebody else has to look back at it.');
    await expect(look('PROD')).rejects.toThrow('I did not count your click');
    await look('LEAD');
    expect(await said(house)).toContain('<@LEAD> looked at it and disagrees: Lea was awake; call her');
    await expect(look('OLGA')).rejects.toThrow('<@LEAD> looked back at it already.');
  });

  it('is asked about after 4, 12 and 24 hours, and never again', async ({ house }) => {
    await broken(house);
    const reminders = async () => (await house.said('rollback:')).filter((text) => text.includes('*Look back*')).length;
    for (const [hours, sofar] of [
      [3.9, 0],
      [0.2, 1],
      [7, 1],
      [1, 2],
      [11, 2],
      [1, 3],
      [24, 3],
    ] as const) {
      house.later(hours * 60);
      while (await remindNext(house.ctx));
      expect(await reminders()).toBe(sofar);
    }
    expect(await said(house)).toContain('Until somebody does, they cannot do it again.');
  });

  it('is not asked about any more once somebody looked', async ({ house }) => {
    const { id } = await broken(house);
    await review(house.ctx, id, 'acknowledged', 'right so', 'OLGA');
    house.later(25 * 60);
    expect(await remindNext(house.ctx)).toBe(false);
  });

  it.for([
    ['failed', () => Promise.reject(new Refusal('MLflow does not answer.'))],
    ['stale', () => Promise.resolve('15')],
  ] as const)(
    'that ends %s can be looked back at, too: else nobody could do it again',
    async ([end, reads], { house }) => {
      const { id } = await broken(house);
      house.registry.aliasVersion = reads;
      await executeNext(house.ctx);
      expect(await requestById(house.ctx, id)).toMatchObject({ state: end });
      expect(await said(house)).toContain('[Look back]');
      await review(house.ctx, id, 'acknowledged', 'right so', 'OLGA');
      expect(await said(house)).not.toContain('[Look back]');
    },
  );

  it('that is taken back in time, by who leads, moves nothing', async ({ house }) => {
    const { id } = await broken(house);
    await expect(revoke(house.ctx, id, 'PROD')).rejects.toThrow('Only who approved it, the owner or the lead');
    await revoke(house.ctx, id, 'LEAD');
    expect(await executeNext(house.ctx)).toBe(false);
    expect(house.registry.moves).toEqual([]);
    expect(await said(house)).toContain('[Look back]');
  });

  it('is never a promotion: new versions wait for people', async ({ house }) => {
    const { model } = await house.team();
    const incidentId = await incident(house, model);
    const promotion = { modelId: model.id, kind: 'promotion', toVersion: '15', incidentId } as const;
    await expect(askFor(house.ctx, promotion, 'ENGI')).rejects.toThrow('Only a rollback can be done without approval');
  });

  it('waits for another that is approved already: one change of a model at a time', async ({ house }) => {
    const { model } = await house.team();
    const { id } = await askFor(house.ctx, { modelId: model.id }, 'PROD');
    for (const who of ['OLGA', 'LEAD']) await press(house.ctx, id, who);
    const words = 'Rollback 1 to version 13 is approved and not over yet.';
    await expect(again(house, model, await incident(house, model))).rejects.toThrow(words);
  });

  it('is for who is on call or leads, not again before it was looked back at, and twice a week', async ({ house }) => {
    const { id, model, incidentId } = await broken(house);
    const may = async (isOnCall = true) =>
      mayBreakGlass({ isOnCall, before: await brokenBy(house.ctx, 'ENGI') }, house.now());
    await expect(may(false)).rejects.toThrow('Only who is on call for this model now, or leads its team');
    await expect(may()).rejects.toThrow('nobody has looked back at it yet');
    await executeNext(house.ctx);
    await review(house.ctx, id, 'acknowledged', 'right so', 'OLGA');
    await may();
    await house.ctx.db.update(liveVersions).set({ version: '14' }).where(eq(liveVersions.modelId, model.id));
    const second = await again(house, model, incidentId);
    await review(house.ctx, second.id, 'acknowledged', 'once more', 'OLGA');
    await expect(may()).rejects.toThrow('2 times this week');
    house.later(8 * 24 * 60);
    await may();
  });
});
