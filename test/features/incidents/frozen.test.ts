import { describe, expect } from 'vitest';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import { thresholdWords } from '../../../src/features/incidents/frozen/rules.ts';
import { setWatch } from '../../../src/features/drift/store.ts';
import { takeReadings, takeReport } from '../../../src/features/drift/intake.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { reopen, resolve } from '../../../src/features/incidents/changes.ts';
import { frozenOf } from '../../../src/features/incidents/frozen/queries.ts';
import { frozenSeries } from '../../../src/features/incidents/frozen/schema.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { fileOf } from '../../../src/features/postmortem-library/document.ts';
import { sourceOf } from '../../../src/features/postmortem-library/queries.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { pictures } from '../../../src/messages/schema.ts';
import { type House, it } from '../../support/house.ts';

async function report(house: House, model: Model, ...scores: number[]) {
  for (const score of scores) {
    house.later(60);
    const about = { column: 'amount', method: 'wasserstein', label: 'Wasserstein distance', limit: 0.1 } as const;
    const finding = { ...about, score, direction: 'above', drifted: score >= 0.1 } as const;
    const where = { model, environment: 'production', source: 'Evidently' };
    await takeReport(house.ctx, { ...where, at: house.now(), findings: [finding] });
  }
}

/** Declared from the alert of two bad windows. */
async function burning(house: House, onlyFor?: readonly string[]) {
  const { model } = await house.team();
  await report(house, model, 0.02, 0.3, 0.5);
  const [alert] = await openAlerts(house.ctx);
  const about = { title: 'Amounts moved', summary: '', severity: 'sev3', version: '14', evidence: '' } as const;
  const what = { ...about, modelId: model.id, onset: house.now(), onlyFor, ...(alert && { alertId: alert.id }) };
  const { incident } = await declare(house.ctx, what, 'OLGA');
  return { model, incident };
}

const values = async (house: House, id: string) =>
  (await frozenOf(house.ctx, id)).map(({ moment, round, series }) => [
    `${moment} ${round}`,
    series.points.map(([, value]) => value),
  ]);
const because = 'it was looked at together';

describe('the measures behind an incident', () => {
  it('are kept as they were at its beginning and at its end, whatever is read later', async ({ house }) => {
    const { model, incident } = await burning(house);
    expect(await values(house, incident.id)).toEqual([['declared 0', [0.02, 0.3, 0.5]]]);
    await report(house, model, 0.6, 0.05);
    await resolve(house.ctx, incident.id, 'The feed was put right.', because, 'OLGA');
    const before = JSON.stringify([await frozenOf(house.ctx, incident.id), await house.ctx.db.select().from(pictures)]);
    // Late ones, newer ones, and one that says another number for a window that was kept.
    await report(house, model, 0.9);
    const where = { model, environment: 'production', source: 'Evidently', at: new Date('2026-03-02T10:30:00Z') };
    const late = { column: 'amount', method: 'wasserstein', label: 'Wasserstein distance', score: 0.7 } as const;
    await takeReport(house.ctx, { ...where, findings: [{ ...late, limit: 0.1, direction: 'above', drifted: true }] });
    const ours = JSON.stringify([
      await frozenOf(house.ctx, incident.id),
      (await house.ctx.db.select().from(pictures)).filter(({ key }) => before.includes(key)),
    ]);
    expect(ours).toBe(before);
    expect(await values(house, incident.id)).toEqual([
      ['declared 0', [0.02, 0.3, 0.5]],
      ['resolved 0', [0.02, 0.3, 0.5, 0.6, 0.05]],
    ]);
  });

  it('cannot be changed or removed, by nobody', async ({ house }) => {
    await burning(house);
    const change = house.ctx.db.transaction((db) => db.update(frozenSeries).set({ place: 9 }));
    const refused = { cause: { message: expect.stringContaining('the measures of an incident stay as they were') } };
    await expect(change).rejects.toMatchObject(refused);
    const away = house.ctx.db.transaction((db) => db.delete(frozenSeries));
    await expect(away).rejects.toMatchObject(refused);
    expect(await house.ctx.db.$count(frozenSeries)).toBe(1);
  });

  it('of a second end stand beside those of the first', async ({ house }) => {
    const { model, incident } = await burning(house);
    await resolve(house.ctx, incident.id, 'The feed was put right.', because, 'OLGA');
    await reopen(house.ctx, incident.id, 'It came back this morning', 'OLGA');
    await report(house, model, 0.04);
    await resolve(house.ctx, incident.id, 'The feed was put right.', because, 'OLGA');
    expect((await values(house, incident.id)).map(([name]) => name)).toEqual([
      'declared 0',
      'resolved 0',
      'resolved 1',
    ]);
  });

  it('stand in the post-mortem with limit, rule and a picture, and leave with its files', async ({ house }) => {
    const { incident } = await burning(house);
    await resolve(house.ctx, incident.id, 'The feed was put right.', because, 'OLGA');
    const { id } = await start(house.ctx, incident.id, 'OLGA');
    const card = (await house.said(`postmortem:${id}`))[0] ?? '';
    expect(card).toContain(':camera_with_flash: *When it was declared*');
    expect(card).toContain('amount: Wasserstein distance was 0.5, limit 0.1');
    expect(card).toContain('_Rule: raise when the tool calls a column drifted in 2 windows in a row');
    expect(card).toContain('(picture: When it was declared, amount: Wasserstein distance was 0.5, limit 0.1.)');
    const source = await sourceOf(house.ctx, incident.id, 'OLGA');
    const { text } = fileOf(source, 'named');
    expect(text).toContain(
      '## Measures\n\n- When it was declared (2026-03-02 12:00 UTC), amount: Wasserstein distance',
    );
    expect(text).toContain(
      '| When (UTC) | Value |\n| --- | --- |\n| 2026-03-02 10:00 | 0.02 |\n| 2026-03-02 11:00 | 0.3 |',
    );
    expect(JSON.parse(fileOf(source, 'json').text)).toMatchObject({
      measures: [
        {
          moment: 'declared',
          limit: { value: 0.1, side: 'above' },
          values: [{ value: 0.02 }, { value: 0.3 }, { at: '2026-03-02T12:00:00.000Z', value: 0.5 }],
        },
        { moment: 'resolved' },
      ],
    });
  });

  it('without an alert are those that a rule watches, and say when its limit was set', async ({ house }) => {
    const { model } = await house.team();
    const of = { modelId: model.id, environment: 'production', metric: 'accuracy', column: '' };
    await setWatch(house.ctx, of, { raiseAt: 0.8, clearAt: 0.85, direction: 'below' }, 'OLGA');
    house.later(60);
    await takeReadings(house.ctx, [
      { model: 'churn-model', metric: 'accuracy', value: 0.9, at: house.now().toISOString() },
    ]);
    const about = { title: 'Calls fail', summary: '', severity: 'sev3', version: '14', evidence: '' } as const;
    const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now() }, 'OLGA');
    await setWatch(house.ctx, of, { raiseAt: 0.5, clearAt: 0.5, direction: 'below' }, 'ENGI');
    const [kept] = await frozenOf(house.ctx, incident.id);
    expect(kept?.series).toMatchObject({
      points: [[house.now().getTime(), 0.9]],
      limit: { value: 0.8, side: 'below', clearAt: 0.85 },
      rule: { revision: 1, setAt: '2026-03-02T09:00:00.000Z' },
    });
    expect(kept && thresholdWords(kept.series)).toContain('below 0.8');
  });

  it('of a model without any number are none, and nothing is said of them', async ({ house }) => {
    const { model } = await house.team();
    const about = { title: 'Calls fail', summary: '', severity: 'sev3', version: '14', evidence: '' } as const;
    const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now() }, 'OLGA');
    await resolve(house.ctx, incident.id, 'It passed.', '', 'OLGA');
    const { id } = await start(house.ctx, incident.id, 'OLGA');
    expect((await house.said(`postmortem:${id}`))[0]).not.toContain('When it was declared');
    expect(fileOf(await sourceOf(house.ctx, incident.id, 'OLGA'), 'named').text).not.toContain('## Measures');
  });
});
