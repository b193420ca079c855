import { describe, expect } from 'vitest';
import { dropOldHistograms, freezeLatest, takeHistograms } from '../../../src/features/distributions/store.ts';
import { latestWindow, referencesOf } from '../../../src/features/distributions/queries.ts';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import { type House, it } from '../../support/house.ts';

const edges = [0, 1, 2, 3, 4];
const usual = [100, 200, 200, 100];
const moved = [300, 200, 80, 20];

const feature = (column: string, counts: readonly number[], more: object = {}) => ({
  model: 'churn-model',
  column,
  edges,
  counts,
  ...more,
});

/** One window of so many features; the named ones have moved. */
async function window(house: House, features: number, ...names: string[]) {
  house.later(60);
  const all = Array.from({ length: features }, (_, i) => `f${i}`);
  const at = house.now().toISOString();
  return await takeHistograms(
    house.ctx,
    all.map((column) => feature(column, names.includes(column) ? moved : usual, { at })),
  );
}

describe('histograms of features', () => {
  it('the first ones are frozen as the reference; after that every window is compared with it', async ({ house }) => {
    const { model } = await house.team();
    expect(await window(house, 3)).toMatchObject({ accepted: 3, frozen: 3, drifted: 0 });
    expect(await window(house, 3, 'f1')).toMatchObject({ accepted: 3, frozen: 0, drifted: 1 });
    const known = await referencesOf(house.ctx, model.id, 'production', ['f1']);
    expect(known.get('f1')).toMatchObject({ rows: 600, shape: { edges, counts: usual } });
  });

  it('one bad feature out of 500 makes one message that says which, how far and since when', async ({ house }) => {
    await house.team();
    await window(house, 500);
    await window(house, 500, 'f7');
    expect(await house.said('alert')).toEqual([]);
    await window(house, 500, 'f7');
    const [card, ...more] = await house.said('alert');
    expect(more).toEqual([]);
    expect(card).toContain('*f7*: PSI is 0.764, limit 0.2\n_2 bad windows in a row');
    expect((await house.heard('alert'))[0]).toMatch(
      /^Drift alert 1: churn-model has drifted in production since .*: f7 0\.764 \(limit 0\.2\)\. <@OLGA>, please acknowledge it or roll back\.$/,
    );
  });

  it('the worst feature is shown beside its reference, below the card, and brought up to date', async ({ house }) => {
    await house.team();
    await window(house, 3);
    await window(house, 3, 'f1');
    await window(house, 3, 'f1');
    await window(house, 3, 'f1');
    const [shown, ...more] = await house.said('lies');
    expect(more).toEqual([]);
    expect(shown).toContain('How *f1* lies now beside its reference: PSI 0.764');
    expect(shown).toContain('The reference is the window that ended');
    expect(await house.said('history')).toEqual([]);
    for (let i = 0; i < 2; i += 1) await window(house, 3, 'f1', 'f2');
    expect(await house.said('history')).toEqual([':heavy_plus_sign: Now drifting too: f2 0.764 (limit 0.2).']);
  });

  it('another feature in each window is noise and raises nothing', async ({ house }) => {
    await house.team();
    await window(house, 20);
    for (const name of ['f1', 'f2', 'f3', 'f4']) await window(house, 20, name);
    expect(await openAlerts(house.ctx)).toEqual([]);
  });

  it('the same window in several requests is one window', async ({ house }) => {
    await house.team();
    await window(house, 4);
    for (let i = 0; i < 2; i += 1) {
      house.later(60);
      const at = house.now().toISOString();
      await takeHistograms(house.ctx, [feature('f0', usual, { at }), feature('f1', usual, { at })]);
      await takeHistograms(house.ctx, [feature('f2', moved, { at }), feature('f3', usual, { at })]);
      await takeHistograms(house.ctx, [feature('f2', moved, { at })]);
    }
    const [card] = await house.said('alert');
    expect(card).toContain('*f2*: PSI is 0.764, limit 0.2\n_2 bad windows in a row');
  });

  it('too few rows are kept but not judged', async ({ house }) => {
    await house.team();
    await window(house, 1);
    for (let i = 0; i < 3; i += 1) {
      house.later(60);
      await takeHistograms(house.ctx, [feature('f0', [90, 9, 0, 0])]);
    }
    expect(await openAlerts(house.ctx)).toEqual([]);
  });

  it('missing values raise by themselves, also when nothing else is left of the feature', async ({ house }) => {
    await house.team();
    await window(house, 1);
    for (let i = 0; i < 2; i += 1) {
      house.later(60);
      await takeHistograms(house.ctx, [feature('f0', [0, 0, 0, 0], { nulls: 600 })]);
    }
    expect((await house.said('alert'))[0]).toContain('*f0*: Share of missing values, more than in the reference is 1');
  });

  it('a small shift is an early warning first, and the card has it once', async ({ house }) => {
    await house.team();
    await window(house, 1);
    const small = [160, 230, 150, 60];
    for (let i = 0; i < 2; i += 1) {
      house.later(60);
      await takeHistograms(house.ctx, [feature('f0', small)]);
    }
    expect(await openAlerts(house.ctx)).toMatchObject([{ severity: 'warning', shownAt: null }]);
    for (let i = 0; i < 2; i += 1) await window(house, 1, 'f0');
    const [card, ...more] = await house.said('alert');
    expect(more).toEqual([]);
    expect(card?.match(/PSI is/g)).toHaveLength(1);
  });

  it('categories are compared by their names, new ones too', async ({ house }) => {
    await house.team();
    const post = (categories: Record<string, number>) => {
      house.later(60);
      return takeHistograms(house.ctx, [{ model: 'churn-model', column: 'plan', categories }]);
    };
    await post({ free: 500, pro: 300 });
    await post({ free: 300, pro: 300, '<!channel>': 200 });
    await post({ free: 300, pro: 300, '<!channel>': 200 });
    expect((await house.said('alert'))[0]).toContain('*plan*: PSI is');
  });

  it('a new reference ends the alert after two windows, and the old one is kept', async ({ house }) => {
    const { model } = await house.team();
    await window(house, 2);
    await window(house, 2, 'f1');
    await window(house, 2, 'f1');
    expect(await openAlerts(house.ctx)).toHaveLength(1);
    expect(await freezeLatest(house.ctx, model, 'production', 'OLGA')).toBe(2);
    await window(house, 2, 'f1');
    await window(house, 2, 'f1');
    expect(await openAlerts(house.ctx)).toEqual([]);
  });

  it('old ones go after 30 days, the reference stays', async ({ house }) => {
    const { model } = await house.team();
    await window(house, 2);
    house.later(31 * 24 * 60);
    await dropOldHistograms(house.ctx);
    expect(await latestWindow(house.ctx, model.id, 'production')).toEqual([]);
    expect((await referencesOf(house.ctx, model.id, 'production', ['f0'])).size).toBe(1);
  });

  it.for([
    [{ counts: [1, 2] }, 'edges: has to be one more than the 2 counts'],
    [{ edges: [0, 2, 1, 3, 4] }, 'edges.2: the edges have to rise from each one to the next'],
    [{ edges: [0, 1, 1, 3, 4] }, 'edges.2: the edges have to rise from each one to the next'],
    [{ counts: [1, -2, 3, 4] }, /^counts\.1: /],
    [{ counts: [1, null, 3, 4] }, /^counts\.1: /],
    [{ edges: undefined }, 'edges: is missing'],
    [{ counts: undefined }, 'counts: is missing'],
    [{ categories: { a: 1 } }, 'categories: say either edges and counts, or categories'],
    [{ model: 'chrun' }, 'model: no model is registered under the name "chrun"'],
    [{ at: '2031-01-01T00:00:00Z' }, 'at: lies in the future'],
    [{ at: 'yesterday' }, /^at: /],
    [{ column: '' }, /^column: /],
    [{ nulls: -1 }, /^nulls: /],
  ] as const)('%j is refused with its reason, and the others are kept', async ([bad, reason], { house }) => {
    await house.team();
    const { accepted, rejected } = await takeHistograms(house.ctx, [
      feature('f0', usual),
      { ...feature('f1', usual), ...bad },
    ]);
    expect(accepted).toBe(1);
    expect(rejected).toEqual([
      { index: 1, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
    ]);
  });

  it('a feature that becomes categories is refused, in words', async ({ house }) => {
    await house.team();
    await window(house, 1);
    const { rejected } = await takeHistograms(house.ctx, [
      { model: 'churn-model', column: 'f0', categories: { a: 300 } },
    ]);
    expect(rejected).toEqual([{ index: 0, reason: 'column: the reference of f0 has counts between edges' }]);
  });
});
