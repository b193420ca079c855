import { describe, expect } from 'vitest';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { everybody } from '../../../src/features/incidents/visibility/queries.ts';

import { registerModel } from '../../../src/features/models/store.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { addFactor } from '../../../src/features/postmortems/writing/changes.ts';
import { fileOf } from '../../../src/features/postmortem-library/document.ts';
import { sourceOf } from '../../../src/features/postmortem-library/queries.ts';
import { chooseSimilar } from '../../../src/features/postmortems/similar/changes.ts';
import { findPast, namedIn, nearest } from '../../../src/features/postmortems/similar/queries.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { type House, it } from '../../support/house.ts';

interface What {
  readonly title: string;
  readonly worked?: string;
  readonly onlyFor?: readonly string[];
}
/** One that is over, with a post-mortem and a factor. */
async function past(house: House, model: Model, { title, worked = 'The feed was put right.', onlyFor }: What) {
  const about = { summary: '', version: '14', evidence: '', severity: 'sev3' } as const;
  const what = { ...about, title, modelId: model.id, onset: house.now(), onlyFor };
  const { incident } = await declare(house.ctx, what, 'OLGA');
  await resolve(house.ctx, incident.id, worked, '', 'OLGA');
  house.later(60);
  const { id } = await start(house.ctx, incident.id, 'OLGA');
  const statement = `${title}: units are not checked`;
  await addFactor(house.ctx, id, { category: 'data', statement, evidence: '' }, 'ENGI');
  return { incident, id };
}

const numbers = (found: readonly { number: number }[]) => found.map(({ number }) => number);
const card = async (house: House, id: string) => (await house.said(`postmortem:${id}`))[0] ?? '';

describe('what happened before', () => {
  it('on this model comes to who declares: the nearest first, with what ended it and a factor', async ({ house }) => {
    const { model } = await house.team();
    await past(house, model, { title: 'Calls are late' });
    await past(house, model, { title: 'tenure_days is off', worked: 'Version 13 was put back.' });
    await past(house, model, { title: 'Scores are missing' });
    await past(house, model, { title: 'Scores by gender', onlyFor: ['ENGI'] });
    const asked = { modelId: model.id, words: 'drift alert 1: tenure_days 0.5', onlyThisModel: true, most: 3 };
    const found = await nearest(house.ctx, asked, 'PROD');
    expect(numbers(found)).toEqual([2, 3, 1]);
    expect(found[0]).toMatchObject({
      worked: 'Version 13 was put back.',
      category: 'data',
      factor: 'tenure_days is off: units are not checked',
    });
    expect(numbers(await nearest(house.ctx, { ...asked, words: 'gender' }, 'ENGI'))[0]).toBe(4);
    expect(numbers(await nearest(house.ctx, { ...asked, words: 'gender' }, 'PROD'))).not.toContain(4);
    expect(await nearest(house.elsewhere('T2'), asked, 'PROD')).toEqual([]);
  });

  it('stands in the post-mortem by itself until somebody chooses, and then as they chose', async ({ house }) => {
    const { model } = await house.team();
    const [one, two] = [
      await past(house, model, { title: 'Calls are late' }),
      await past(house, model, { title: 'Scores are off' }),
    ];
    const now = await past(house, model, { title: 'Scores are off again' });
    expect(await card(house, now.id)).toContain('*Similar before*\n• *2* Scores are off');
    expect(await card(house, now.id)).toContain('>Ended by: The feed was put right.');
    await chooseSimilar(house.ctx, now.id, [one.incident.id], 'ENGI');
    expect(await card(house, now.id)).not.toContain('• *2* Scores');
    await addFactor(house.ctx, now.id, { category: 'data', statement: 'Units', evidence: '' }, 'ENGI');
    expect(numbers(await namedIn(house.ctx, now.id))).toEqual([1]);
    const { text } = fileOf(await sourceOf(house.ctx, now.incident.id, 'PROD'), 'named');
    expect(text).toContain(
      '## Similar before\n\n- Incident 1, Calls are late (churn-model). Ended by: The feed was put right. Data: Calls are late: units are not checked',
    );
    await chooseSimilar(house.ctx, now.id, [], 'ENGI');
    expect(await card(house, now.id)).toContain('_None that everybody may see looks like it._');
    await expect(chooseSimilar(house.ctx, two.id, ['00000000-0000-4000-8000-000000000000'], 'ENGI')).rejects.toThrow(
      'One of these is not over yet',
    );
  });

  it('names no private one in a document, whoever chooses, and nobody finds it by typing', async ({ house }) => {
    const { model } = await house.team();
    const hidden = await past(house, model, { title: 'Scores by gender', onlyFor: ['ENGI'] });
    const open = await past(house, model, { title: 'Scores are off' });
    expect(numbers(await namedIn(house.ctx, open.id))).toEqual([]);
    await expect(chooseSimilar(house.ctx, open.id, [hidden.incident.id], 'ENGI')).rejects.toThrow(
      'is not open to everybody who reads this',
    );
    expect(await findPast(house.ctx, 'gender')).toEqual([]);
    expect(numbers(await findPast(house.ctx, 'off'))).toEqual([2]);
    expect(numbers(await findPast(house.ctx, '2'))).toEqual([2]);
    // The other way round: its own people see what is open to all.
    expect(numbers(await namedIn(house.ctx, hidden.id))).toEqual([]);
    const next = await past(house, model, { title: 'Scores by age', onlyFor: ['ENGI'] });
    expect(numbers(await namedIn(house.ctx, next.id))).toEqual([2]);
  });

  it('on another model is found by its words and its kind of factor', async ({ house }) => {
    const { model, teamId } = await house.team();
    const about = { ownerId: 'OLGA', deputyId: 'DEPU', channel: 'C1', tier: 1 } as const;
    const other = await registerModel(
      house.ctx,
      { ...about, name: 'fraud-model', teamId, registryName: 'fraud' },
      'OLGA',
    );
    await past(house, other, { title: 'Payments refused' });
    const { id, incident } = await past(house, model, { title: 'Nobody is called' });
    expect(numbers(await namedIn(house.ctx, id))).toEqual([1]);
    const asked = { modelId: incident.modelId, words: 'zebra', most: 5 };
    expect(await nearest(house.ctx, { ...asked, id: incident.id }, everybody)).toHaveLength(1);
  });
});
