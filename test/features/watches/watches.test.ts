import { describe, expect } from 'vitest';
import { takeReadings } from '../../../src/features/drift/intake.ts';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import { judgeNextDue } from '../../../src/features/drift/store.ts';
import { sendPictures, setGoal } from '../../../src/features/goals/store.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { chosenReference, pastWindows, watchesOf } from '../../../src/features/watches/queries.ts';
import { type Asked, draftOf, replay } from '../../../src/features/watches/rules.ts';
import { retireWatch, saveWatch } from '../../../src/features/watches/store.ts';
import { previewWords } from '../../../src/features/watches/views.ts';
import { pictures } from '../../../src/messages/schema.ts';
import { type House, it } from '../../support/house.ts';

const asked: Asked = {
  what: 'm:accuracy',
  column: '',
  way: 'cusum',
  direction: 'below',
  limit: undefined,
  windows: 2,
  rows: 0,
  severity: 'high',
  lateHours: undefined,
};

/** Daily values around 0.9, a little up and down; the same ones every time. */
const quiet = (days: number) => Array.from({ length: days }, (_, i) => 0.9 + ((i * 7) % 5) * 0.002 - 0.004);

async function post(house: House, model: Model, values: readonly number[]): Promise<void> {
  for (const value of values) {
    house.later(24 * 60);
    await takeReadings(house.ctx, [{ model: model.name, metric: 'accuracy', value, at: house.now().toISOString() }]);
  }
}

async function saved(house: House, model: Model, more: Partial<Asked> = {}) {
  const draft = draftOf({ ...asked, ...more });
  const reference = await chosenReference(house.ctx, model, draft, 'first');
  return await saveWatch(house.ctx, model, draft, reference, undefined, 'OLGA');
}

describe('before a rule is saved', () => {
  it('it says in words what it does and what it would have done', async ({ house }) => {
    const { model } = await house.team();
    await post(house, model, [...quiet(40), ...Array.from({ length: 8 }, () => 0.87), ...quiet(20)]);
    const draft = draftOf(asked);
    const reference = await chosenReference(house.ctx, model, draft, 'first');
    const done = replay(draft, await pastWindows(house.ctx, model, draft, reference));
    expect(done.raises).toHaveLength(1);
    const words = previewWords(draft, reference, done).map(({ mrkdwn }) => mrkdwn);
    expect(words[0]).toBe(
      '*Alert: raise when the lasting shift of accuracy (CUSUM, in standard deviations) is above 4 in 2 windows in a row; clear after 2 windows in a row at or under 3.2.*\nIt calls the owner, then the deputy, then the lead, in working hours.',
    );
    expect(words[1]).toContain('Normal is the mean 0.9 (σ 0.00293) of 28 windows from');
    expect(words[2]).toContain('*In the last 90 days it would have raised 1 alert*');
  });

  it('it says so where it would have stayed quiet, and where there is nothing to judge', async ({ house }) => {
    const { model } = await house.team();
    const draft = draftOf({ ...asked, way: 'threshold', limit: 0.5 });
    const nothing = replay(draft, await pastWindows(house.ctx, model, draft, null));
    expect(previewWords(draft, null, nothing).at(-1)?.mrkdwn).toContain('there was nothing that it could judge');
    await post(house, model, quiet(5));
    const still = replay(draft, await pastWindows(house.ctx, model, draft, null));
    expect(previewWords(draft, null, still).at(-1)?.mrkdwn).toContain('little to judge*: 5 windows');
  });

  it.for([
    [{ way: 'threshold' }, 'limit', 'Say the limit.'],
    [{ way: 'threshold', limit: 1, direction: 'both' }, 'direction', 'A fixed limit has one bad side'],
    [{ limit: -1 }, 'limit', ''],
    [{ limit: 1e9 }, 'limit', ''],
    [{ way: 'tea leaves' }, 'method', ''],
    [{ what: 'h:nonsense' }, 'what', 'I do not know this way'],
    [{ what: 'h:psi', limit: 0 }, 'limit', 'above 0'],
  ] as const)('%j makes no rule: the input %s says why', ([more, field, words]) => {
    expect(() => draftOf({ ...asked, ...more })).toThrow(
      expect.objectContaining({ field, message: expect.stringContaining(words) }),
    );
  });
});

describe('a saved rule', () => {
  it('finds a small lasting shift that no fixed limit would, within days, and says the arithmetic', async ({
    house,
  }) => {
    const { model } = await house.team();
    await post(house, model, quiet(30));
    await saved(house, model);
    await post(house, model, quiet(10));
    expect(await openAlerts(house.ctx)).toEqual([]);
    await post(house, model, [0.894, 0.894, 0.893, 0.894]);
    const [alert] = await openAlerts(house.ctx);
    expect(alert?.items[0]?.findings[0]?.because).toMatch(
      /standard deviations below the reference mean.*the limit is 4/,
    );
  });

  it('that came before its data freezes the first 28 windows by itself', async ({ house }) => {
    const { model } = await house.team();
    await saved(house, model);
    await post(house, model, quiet(30));
    const [watch] = await watchesOf(house.ctx, model.id);
    expect(watch?.reference).toMatchObject({ n: 28 });
    await post(house, model, [0.8, 0.8, 0.8]);
    expect(await openAlerts(house.ctx)).toHaveLength(1);
  });

  it('judges a window only when late data is in; until then the order does not matter', async ({ house }) => {
    const { model } = await house.team();
    await saved(house, model, { way: 'threshold', limit: 0.85, lateHours: 6 });
    const at = (hours: number) => new Date(house.now().getTime() - hours * 3_600_000).toISOString();
    await takeReadings(house.ctx, [{ model: model.name, metric: 'accuracy', value: 0.8, at: at(1) }]);
    await takeReadings(house.ctx, [{ model: model.name, metric: 'accuracy', value: 0.8, at: at(2) }]);
    expect(await judgeNextDue(house.ctx)).toBe(false);
    house.later(4 * 60 + 1);
    expect(await judgeNextDue(house.ctx)).toBe(true);
    expect(await openAlerts(house.ctx)).toEqual([]);
    house.later(60);
    while (await judgeNextDue(house.ctx));
    expect(await openAlerts(house.ctx)).toHaveLength(1);
  });

  it('is not kept twice; a second person who changes it reads what it says now', async ({ house }) => {
    const { model } = await house.team();
    const watch = await saved(house, model);
    await expect(saved(house, model)).rejects.toThrow('There is such a rule already: raise when');
    const stricter = draftOf({ ...asked, limit: 6 });
    const { id, revision } = watch;
    await saveWatch(house.ctx, model, stricter, null, { id, revision }, 'OLGA');
    await expect(saveWatch(house.ctx, model, stricter, null, { id, revision }, 'DEPU')).rejects.toThrow(
      /Somebody changed this rule just before you. It says now: raise when .* above 6/,
    );
  });

  it('that is taken back closes what it has raised, and raises nothing more', async ({ house }) => {
    const { model } = await house.team();
    const watch = await saved(house, model, { way: 'threshold', limit: 0.85 });
    await post(house, model, [0.8, 0.8]);
    expect(await openAlerts(house.ctx)).toHaveLength(1);
    await retireWatch(house.ctx, watch.id, 'OLGA');
    expect(await openAlerts(house.ctx)).toEqual([]);
    await post(house, model, [0.8, 0.8, 0.8]);
    expect(await openAlerts(house.ctx)).toEqual([]);
    await expect(retireWatch(house.ctx, watch.id, 'OLGA')).rejects.toThrow('was taken back before');
  });
});

it('the picture of a goal has the limit and the normal band of the rules over the same metric, and the releases', async ({
  house,
}) => {
  const { model } = await house.team();
  const about = { metric: 'accuracy', column: '', name: 'Accuracy', kind: 'performance', unit: '' } as const;
  const goal = { measure: 'value', direction: 'at_least', target: 0.89, limit: null, periodDays: 30 } as const;
  await setGoal(house.ctx, model.id, { ...about, ...goal }, 'OLGA');
  await post(house, model, quiet(30));
  await saved(house, model);
  await saved(house, model, { way: 'threshold', limit: 0.85 });
  await sendPictures(house.ctx, model.id, 'OLGA');
  const [picture] = await house.ctx.db.select().from(pictures);
  expect(picture?.drawing).toMatchObject({
    goal: { value: 0.89 },
    limit: { value: 0.85, side: 'below' },
    baseline: { mean: expect.closeTo(0.9, 2) },
    releases: [{ version: '14' }],
  });
});
