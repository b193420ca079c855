import { describe, expect } from 'vitest';
import { datasetNamed, feedsOf } from '../../../src/features/datasets/queries.ts';
import { editDataset, takeTrouble } from '../../../src/features/datasets/changes.ts';
import { dropOldLooks, noticeLate } from '../../../src/features/datasets/store.ts';
import { takeReadings } from '../../../src/features/drift/intake.ts';
import { setWatch } from '../../../src/features/drift/store.ts';
import { it } from '../../support/house.ts';
import { look, nothing, owned } from './orders.ts';

describe('a data set', () => {
  it("that nobody owns and nothing eats is nobody's trouble", async ({ house }) => {
    await house.team();
    await look(house, 0, { checks: { of: 2, failed: [{ name: 'not_null', column: 'id' }] }, status: 'bad' });
    expect(await house.said('dataset')).toEqual([]);
    expect((await datasetNamed(house.ctx, 'orders')).state).toBe('bad');
  });

  it('that gets no new rows is noticed by the clock, told once to who holds the duty, with the models that eat it', async ({
    house,
  }) => {
    await owned(house, { maxAgeHours: 24 });
    expect(await noticeLate(house.ctx)).toBe(false);
    house.later(24 * 60 + 5);
    expect(await noticeLate(house.ctx)).toBe(true);
    expect(await noticeLate(house.ctx)).toBe(false);
    expect(await house.heard('dataset')).toEqual([
      'Data in trouble: orders: no new rows for 24 h, limit 24 h. churn-model eats it. <@PROD>, please look after it.',
    ]);
    await look(house, 3);
    expect(await house.heard('dataset')).toEqual([
      expect.stringMatching(/^orders is well again since .* churn-model eats it\.$/),
    ]);
  });

  it('that becomes late at night is told in the morning, unless a critical model eats it', async ({ house }) => {
    await owned(house, { maxAgeHours: 12, eaters: [] });
    house.later(12 * 60 + 1);
    while (await noticeLate(house.ctx));
    expect(await house.said('dataset')).toEqual([]);
    house.later(12 * 60);
    while (await noticeLate(house.ctx));
    expect(await house.heard('dataset')).toEqual([expect.stringContaining('no new rows for 24 h')]);
  });

  it('has a card of its own for every trouble', async ({ house }) => {
    await owned(house, { maxAgeHours: 24 });
    for (let i = 0; i < 2; i += 1) {
      house.later(25 * 60);
      await noticeLate(house.ctx);
      await look(house, 1);
    }
    expect(await house.said('dataset')).toHaveLength(2);
  });

  it('warns and fails at the limits of its tool', async ({ house }) => {
    await owned(house);
    await look(house, 1, { latest: { warnAfterMs: 12 * 3_600_000, errorAfterMs: 24 * 3_600_000 } });
    house.later(12 * 60 + 1);
    await noticeLate(house.ctx);
    expect((await house.said('dataset'))[0]).toContain(
      ':warning: *Data in trouble: orders* in warehouse\n• no new rows for 12 h',
    );
    house.later(12 * 60);
    await noticeLate(house.ctx);
    expect((await house.said('dataset'))[0]).toContain(
      ':red_circle: *Data in trouble: orders* in warehouse\n• no new rows for 24 h',
    );
  });

  it('is late after three times its usual gap, where nobody set a limit', async ({ house }) => {
    await owned(house);
    for (let i = 0; i < 8; i += 1) await look(house, 6);
    house.later(17 * 60);
    expect(await noticeLate(house.ctx)).toBe(false);
    house.later(61);
    await noticeLate(house.ctx);
    expect((await house.said('dataset'))[0]).toContain('no new rows for 18 h, limit 18 h');
  });

  it('with few rows counts from the second look in a row, against what is usual', async ({ house }) => {
    await owned(house);
    for (let i = 0; i < 8; i += 1) await look(house, 6, { rows: 10_000 + i });
    await look(house, 6, { rows: 300 });
    expect(await house.said('dataset')).toEqual([]);
    await look(house, 6, { rows: 310 });
    expect((await house.said('dataset'))[0]).toContain('• 310 rows, usually about 10,004');
  });

  it('with missing values says which columns, the worst first', async ({ house }) => {
    await owned(house, { maxNullPercent: 5 });
    const columns = [
      { name: 'email <!channel>', nullShare: 0.124 },
      { name: 'age', nullShare: 0.2 },
      { name: 'id', nullShare: 0 },
    ];
    await look(house, 1, { columns });
    await look(house, 1, { columns });
    expect((await house.said('dataset'))[0]).toContain(
      '• missing: 20 % of age, 12.4 % of email &lt;!channel&gt;; limit 5 %',
    );
  });

  it('whose checks fail says which', async ({ house }) => {
    await owned(house);
    const failed = ['a', 'b', 'c', 'd'].map((column) => ({ name: 'not_null', column }));
    await look(house, 1, { checks: { of: 14, failed }, status: 'bad' });
    expect((await house.said('dataset'))[0]).toContain(
      '• 4 of 14 checks failed: not_null of a, not_null of b, not_null of c and 1 more',
    );
  });

  it('keeps what one tool said of it when another says something else', async ({ house }) => {
    await owned(house);
    await look(house, 1, { rows: 500, columns: [{ name: 'age', nullShare: 0.1 }] });
    await look(house, 1, { checks: { of: 3, failed: [] } });
    expect(await datasetNamed(house.ctx, 'orders')).toMatchObject({ rows: 500, seen: { columns: [{ name: 'age' }] } });
  });

  it('an older look changes nothing but the history', async ({ house }) => {
    await owned(house);
    await look(house, 5, { rows: 500 });
    await look(house, 0, { at: new Date(house.now().getTime() - 3_600_000), rows: 1 });
    expect((await datasetNamed(house.ctx, 'orders')).rows).toBe(500);
  });

  it('is taken by one person; the second reads who has it', async ({ house }) => {
    const { id } = await owned(house, { maxAgeHours: 24 });
    await expect(takeTrouble(house.ctx, { datasetId: id, trouble: 1 }, 'OLGA')).rejects.toThrow(
      'This trouble of orders is over. Nothing to do.',
    );
    house.later(25 * 60);
    await noticeLate(house.ctx);
    await takeTrouble(house.ctx, { datasetId: id, trouble: 1 }, 'DEPU');
    expect((await house.said('dataset'))[0]).toContain('<@DEPU> is on it');
    await expect(takeTrouble(house.ctx, { datasetId: id, trouble: 1 }, 'OLGA')).rejects.toThrow(
      '<@DEPU> is on it already.',
    );
  });

  it('is shown on the alerts of a model that eats it', async ({ house }) => {
    const { model } = await owned(house, { maxAgeHours: 24 });
    house.later(25 * 60);
    await noticeLate(house.ctx);
    const name = { modelId: model.id, environment: 'production', metric: 'auc', column: '' };
    await setWatch(house.ctx, name, { raiseAt: 0.8, clearAt: 0.8, direction: 'below', minRows: 0 }, 'OLGA');
    for (let i = 0; i < 2; i += 1) {
      house.later(60);
      await takeReadings(house.ctx, [{ model: model.name, metric: 'auc', value: 0.5, at: house.now().toISOString() }]);
    }
    expect((await house.said('alert'))[0]).toContain(
      '*It eats data in trouble:*\n• orders: no new rows for 25 h, limit 24 h',
    );
    expect(await feedsOf(house.ctx, model.id)).toMatchObject([{ name: 'orders', state: 'bad' }]);
  });

  it('edited by two people at once: the second is told, and nothing is lost', async ({ house }) => {
    const { id, teamId } = await owned(house);
    const { revision } = await datasetNamed(house.ctx, 'orders');
    const edit = { ...nothing, teamId, eaters: ['Churn-Model'] };
    await editDataset(house.ctx, id, revision, { ...edit, maxAgeHours: 3 }, 'OLGA');
    expect(await editDataset(house.ctx, id, revision, edit, 'DEPU')).toBeUndefined();
    const now = await datasetNamed(house.ctx, 'orders');
    await expect(editDataset(house.ctx, id, now.revision, { ...edit, eaters: ['chrun'] }, 'DEPU')).rejects.toThrow(
      'No model is registered under "chrun".',
    );
  });

  it('an unknown name gets the nearest', async ({ house }) => {
    await owned(house);
    await expect(datasetNamed(house.ctx, 'ordres')).rejects.toThrow(
      'I know no data set "ordres". Did you mean orders?',
    );
  });

  it('forgets looks after 90 days', async ({ house }) => {
    await owned(house);
    house.later(91 * 24 * 60);
    await dropOldLooks(house.ctx);
    await look(house, 0, { rows: 5 });
    expect((await datasetNamed(house.ctx, 'orders')).rows).toBe(5);
  });
});
