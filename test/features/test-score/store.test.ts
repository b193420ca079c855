import { describe, expect } from 'vitest';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { verifyNext } from '../../../src/features/approvals/ending/changes.ts';
import { setWatch } from '../../../src/features/drift/store.ts';
import { servedVersionSeen } from '../../../src/features/releases/store.ts';
import { joinTeam } from '../../../src/features/teams/store.ts';
import { answersOf, proofsOf } from '../../../src/features/test-score/queries.ts';
import { answerScore } from '../../../src/features/test-score/store.ts';
import { askFor, press } from '../../support/asking.ts';
import { it } from '../../support/house.ts';

const answer = { item: 'data.schema', said: 'manual', evidence: 'https://wiki.example/schema', note: '' } as const;

describe('what our own records prove', () => {
  it('is nothing of a new model', async ({ house }) => {
    const { model } = await house.team();
    expect(await proofsOf(house.ctx, model)).toEqual({});
  });

  it('a rollback counts once it was seen to be done', async ({ house }) => {
    const { model } = await house.team();
    const { id } = await askFor(house.ctx, { modelId: model.id }, 'ENGI');
    for (const who of ['OLGA', 'DEPU']) await press(house.ctx, id, who);
    await executeNext(house.ctx);
    expect(await proofsOf(house.ctx, model)).toEqual({});
    house.later(1);
    const seen = { modelId: model.id, environment: 'production', version: '13', at: house.now() };
    await servedVersionSeen(house.ctx, seen);
    await verifyNext(house.ctx);
    expect(await proofsOf(house.ctx, model)).toEqual({
      'infra.rollback': 'rollback 1 was seen to be done on 2026-03-02',
    });
  });

  it('a rule counts as long as it stands', async ({ house }) => {
    const { model } = await house.team();
    const series = { modelId: model.id, environment: 'production', metric: 'accuracy', column: '' };
    await setWatch(house.ctx, series, { direction: 'below', raiseAt: 0.85, clearAt: 0.87 }, 'OLGA');
    expect(await proofsOf(house.ctx, model)).toEqual({ 'monitor.quality': 'rule on accuracy' });
  });
});

describe('answering', () => {
  it('keeps every answer, and the newest counts', async ({ house }) => {
    const { model } = await house.team();
    await answerScore(house.ctx, { ...answer, modelId: model.id }, 'ENGI');
    house.later(5);
    await answerScore(house.ctx, { ...answer, modelId: model.id, said: 'automated' }, 'OLGA');
    expect((await answersOf(house.ctx, model.id)).get('data.schema')).toMatchObject({ said: 'automated', by: 'OLGA' });
    expect((await answersOf(house.elsewhere('T2'), model.id)).size).toBe(0);
  });

  it('needs a link for everything that counts', async ({ house }) => {
    const { model } = await house.team();
    const claim = { ...answer, modelId: model.id, evidence: 'trust me' };
    await expect(answerScore(house.ctx, claim, 'ENGI')).rejects.toThrow('Give a link');
    await answerScore(house.ctx, { ...claim, said: 'not_done' }, 'ENGI');
  });

  it('is for the people who build it: no stakeholder, no guest, nobody else', async ({ house }) => {
    const { model, teamId } = await house.team();
    await joinTeam(house.ctx, teamId, 'PROD', ['stk']);
    await house.standing('ENGI', 'guest');
    for (const who of ['PROD', 'ENGI', 'STRANGER'])
      await expect(answerScore(house.ctx, { ...answer, modelId: model.id }, who)).rejects.toThrow(
        'The people who build churn-model answer this',
      );
  });
});
