import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { freeFor } from '../../../src/features/duties/queries.ts';
import { promotions } from '../../../src/features/promotions/doors.ts';
import { it } from '../../support/house.ts';

describe('asking for a promotion', () => {
  it('of the version that is live says so, instead of choosing another', async ({ house }) => {
    const { model } = await house.team();
    const door = promotions.actions?.find(({ id }) => id === actions.askForPromotion.id);
    const asked = door?.handle(house.ctx, { id: 'ENGI' }, { modelId: model.id, version: '14' });
    await expect(asked).rejects.toThrow('Version 14 of churn-model is live already.');
  });

  it('names owner, deputy and lead as those who may approve it', async ({ house }) => {
    const { model } = await house.team();
    expect((await freeFor(house.ctx, model, 'deploy.approve', {})).people).toEqual(
      expect.arrayContaining(['OLGA', 'DEPU', 'LEAD']),
    );
  });
});
