import { describe, expect } from 'vitest';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { notify } from '../../../src/features/incidents/notices/changes.ts';
import { noticesOf } from '../../../src/features/incidents/notices/queries.ts';
import { it } from '../../support/house.ts';
import { declared } from './support.ts';

const text = 'Some customers get a call too many. We go back to last week. More at 15:00';
const because = 'sales looked at it together with us';

describe('a notice to stakeholders', () => {
  it('says what it means to them and whom to ask, to each of them once', async ({ house }) => {
    const { id } = await declared(house);
    await notify(house.ctx, id, { text, channel: 'C9', people: ['PROD', 'PROD'] }, 'OLGA');
    const said = await house.said(`incident:${id}:notice`);
    expect(said).toHaveLength(2);
    expect(said[0]).toContain(`*churn-model*\n${text}`);
    expect(said[0]).toContain('<@OLGA> answers questions');
    expect(await house.heard(`incident:${id}:notice`)).toContain(`churn-model: ${text}. <@OLGA> answers questions.`);
    expect(await noticesOf(house.ctx, id)).toMatchObject([{ number: 1, audience: ['C9', 'PROD'], by: 'OLGA' }]);
  });

  it('needs somebody to be told', async ({ house }) => {
    const { id } = await declared(house);
    const nobody = notify(house.ctx, id, { text, channel: undefined, people: [] }, 'OLGA');
    await expect(nobody).rejects.toMatchObject({ field: 'people', message: 'Choose a channel, or people.' });
  });

  it('whoever heard that it burns is to hear that it is out', async ({ house }) => {
    const { id } = await declared(house);
    await notify(house.ctx, id, { text, channel: 'C9', people: [] }, 'OLGA');
    await resolve(house.ctx, id, 'Back at version 13.', because, 'OLGA');
    const end = (await house.said(`incident:${id}:end`)).join();
    expect(end).toContain('Stakeholders heard of incident 1 in 1 notice while it went on.');
    expect(end).toContain('[Tell stakeholders]');
  });

  it('of a drill says that it is one', async ({ house }) => {
    const { id } = await declared(house, { kind: 'drill' });
    await notify(house.ctx, id, { text, channel: 'C9', people: [] }, 'OLGA');
    expect((await house.heard(`incident:${id}:notice`)).join()).toMatch(/^\[DRILL\] churn-model: /);
  });

  it('of a private incident goes to nobody who may not see it', async ({ house }) => {
    const { id } = await declared(house, { onlyFor: ['OLGA'] });
    const channel = notify(house.ctx, id, { text, channel: 'C9', people: [] }, 'OLGA');
    await expect(channel).rejects.toMatchObject({ field: 'channel' });
    const other = notify(house.ctx, id, { text, channel: undefined, people: ['PROD'] }, 'OLGA');
    await expect(other).rejects.toThrow('let them in first');
    await notify(house.ctx, id, { text, channel: undefined, people: ['ENGI'] }, 'OLGA');
  });
});
