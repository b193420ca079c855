import { describe, expect } from 'vitest';
import { closeAsNotUseful, editDataset, takeTrouble } from '../../../src/features/datasets/changes.ts';
import { datasetNamed } from '../../../src/features/datasets/queries.ts';
import { homeOf } from '../../../src/features/home/doors.ts';
import { createTeam, joinTeam } from '../../../src/features/teams/store.ts';
import { setAway } from '../../../src/features/teams/away/changes.ts';
import { type House, it } from '../../support/house.ts';
import { look, nothing, owned, silence, state } from './orders.ts';

const calls = async (house: House) => /<@\w+>/.exec((await house.heard('dataset'))[0] ?? '')?.[0];
const today = (house: House) => house.now().toISOString().slice(0, 10);
const revision = async (house: House) => (await datasetNamed(house.ctx, 'orders')).revision;

describe('who is called', () => {
  it('is the data engineer of a team that owns data and no model', async ({ house }) => {
    await house.team();
    const { id: teamId } = await createTeam(
      house.ctx,
      { name: 'Data', channel: 'C7', leadId: 'LEAD', zone: 'UTC' },
      'LEAD',
    );
    await joinTeam(house.ctx, teamId, 'PROD', ['de']);
    await look(house, 0);
    const { id } = await datasetNamed(house.ctx, 'orders');
    await editDataset(house.ctx, id, 1, { ...nothing, teamId, eaters: ['churn-model'], maxAgeHours: 24 }, 'LEAD');
    await silence(house, 25);
    expect(await calls(house)).toBe('<@PROD>');
  });

  it('is nobody who is away today: then the deputy, then the lead', async ({ house }) => {
    await owned(house, { maxAgeHours: 24 });
    house.later(25 * 60);
    await setAway(house.ctx, 'PROD', today(house), today(house), '');
    await silence(house, 0);
    expect(await calls(house)).toBe('<@DEPU>');
    await look(house, 1);
    house.later(25 * 60);
    for (const id of ['PROD', 'DEPU']) await setAway(house.ctx, id, today(house), today(house), '');
    await silence(house, 0);
    expect((await house.heard('dataset'))[1]).toContain('<@LEAD>, please look after it.');
  });

  it('stays on the card, whoever holds the duty later', async ({ house }) => {
    const { teamId } = await owned(house, { maxAgeHours: 24 });
    await silence(house, 25);
    await joinTeam(house.ctx, teamId, 'PROD', ['pm']);
    await joinTeam(house.ctx, teamId, 'ENGI', ['de']);
    await silence(house, 2);
    expect((await house.heard('dataset'))[0]).toContain('for 27 h');
    expect(await calls(house)).toBe('<@PROD>');
  });

  it('sees it on Home until it is over', async ({ house }) => {
    await owned(house, { maxAgeHours: 24 });
    const home = async (id: string) => JSON.stringify((await homeOf(house.ctx, { id })).blocks);
    await silence(house, 25);
    expect(await home('PROD')).toContain('*Data, orders*: no new rows for 25 h, limit 24 h. Nobody is on it.');
    await takeTrouble(house.ctx, { datasetId: (await datasetNamed(house.ctx, 'orders')).id, trouble: 1 }, 'ENGI');
    expect(await home('PROD')).not.toContain('*Data, orders*');
    expect(await home('ENGI')).toContain('You are on it.');
    await look(house, 1);
    expect(await home('ENGI')).toContain('Nothing waits for you.');
  });
});

describe('numbers of rows', () => {
  it('are judged by looks that count them', async ({ house }) => {
    await owned(house, { minRows: 1000 });
    await look(house, 1, { rows: 10 }, 'Great Expectations');
    await look(house, 1);
    expect(await house.said('dataset')).toEqual([]);
    await look(house, 1, { rows: 10 }, 'Great Expectations');
    expect(await state(house)).toBe('bad: 10 rows, at least 1,000 are wanted');
  });

  it('do not become usual by staying odd, unless somebody says that they are', async ({ house }) => {
    const { id } = await owned(house);
    for (let i = 0; i < 14; i += 1) await look(house, 6, { rows: 10_400 });
    for (let i = 0; i < 20; i += 1) await look(house, 6, { rows: 312 });
    expect(await state(house)).toBe('bad: 312 rows, usually about 10,400');
    await closeAsNotUseful(house.ctx, { datasetId: id, trouble: 1 }, 'We expected this', 'OLGA');
    await look(house, 6, { rows: 312 });
    expect(await state(house)).toBe('ok');
  });

  it('may double at most, or change by the share that people set', async ({ house }) => {
    const { id, teamId } = await owned(house);
    for (let i = 0; i < 8; i += 1) await look(house, 6, { rows: 10_000 });
    for (let i = 0; i < 2; i += 1) await look(house, 6, { rows: 25_000 });
    expect(await state(house)).toBe('bad: 25,000 rows, usually about 10,000');
    await editDataset(house.ctx, id, await revision(house), { ...nothing, teamId, maxChangePercent: 200 }, 'OLGA');
    expect(await state(house)).toBe('ok');
    for (let i = 0; i < 2; i += 1) await look(house, 6, { rows: 31_000 });
    expect(await state(house)).toContain('31,000 rows');
  });

  it('of a small table vary by chance', async ({ house }) => {
    await owned(house);
    for (const rows of [3, 5, 4, 3, 4, 5, 4, 3, 1, 1]) await look(house, 6, { rows });
    expect(await state(house)).toBe('ok');
  });
});

describe('a trouble that is not useful', () => {
  it('is closed with the reason, and told again only after it was over', async ({ house }) => {
    const { id } = await owned(house, { maxAgeHours: 24 });
    await silence(house, 25);
    await closeAsNotUseful(house.ctx, { datasetId: id, trouble: 1 }, 'We expected this', 'DEPU');
    const late = { datasetId: id, trouble: 1 };
    await expect(takeTrouble(house.ctx, late, 'OLGA')).rejects.toThrow('<@DEPU> closed this as not useful already.');
    await silence(house, 24);
    expect(await house.heard('dataset')).toEqual([
      '<@DEPU> found the trouble of orders not useful: We expected this. churn-model eats it.',
    ]);
    expect(await state(house)).toContain('no new rows for 49 h');
    await look(house, 1);
    await silence(house, 25);
    expect(await house.said('dataset')).toHaveLength(2);
  });

  it('says nothing of another', async ({ house }) => {
    const { id } = await owned(house, { maxAgeHours: 24 });
    await silence(house, 25);
    await closeAsNotUseful(house.ctx, { datasetId: id, trouble: 1 }, 'We expected this', 'DEPU');
    const checks = { of: 1, failed: [{ name: 'unique', column: 'id' }] };
    await look(house, 1, { checks, updatedAt: new Date(house.now().getTime() - 25 * 3_600_000) });
    expect((await house.said('dataset'))[1]).toContain('1 of 1 checks failed');
  });
});

describe('owner, limits and eaters', () => {
  it('are changed by the people of the owner only', async ({ house }) => {
    const { id, teamId } = await owned(house);
    const edit = { ...nothing, teamId, eaters: ['churn-model'], maxAgeHours: 5 };
    const other = await createTeam(house.ctx, { name: 'Data', channel: 'C7', leadId: 'LEAD', zone: 'UTC' }, 'LEAD');
    await house.standing('ENGI', 'guest');
    for (const [by, words] of [
      ['ENGI', 'Retention owns this data set'],
      ['STRANGER', 'Retention owns this data set'],
    ] as const)
      await expect(editDataset(house.ctx, id, 2, edit, by)).rejects.toThrow(words);
    await expect(takeTrouble(house.ctx, { datasetId: id, trouble: 1 }, 'ENGI')).rejects.toThrow('Only active members');
    expect((await editDataset(house.ctx, id, 2, { ...edit, teamId: other.id }, 'OLGA'))?.teamId).toBe(other.id);
    await expect(editDataset(house.ctx, id, 3, edit, 'OLGA')).rejects.toMatchObject({ field: 'team' });
  });

  it('of what nobody owns are said by who takes it, or whose model eats it', async ({ house }) => {
    const { teamId } = await house.team();
    const { id: data } = await createTeam(
      house.ctx,
      { name: 'Data', channel: 'C7', leadId: 'LEAD', zone: 'UTC' },
      'LEAD',
    );
    await look(house, 0);
    const { id } = await datasetNamed(house.ctx, 'orders');
    const set = (edit: object) => editDataset(house.ctx, id, 1, { ...nothing, ...edit }, 'OLGA');
    await expect(set({ teamId: data })).rejects.toThrow('Only the people of Data take a data set for it.');
    await expect(set({ maxAgeHours: 5 })).rejects.toThrow('Say which team of yours owns this data set');
    expect(await set({ eaters: ['churn-model'], maxAgeHours: 5 })).toMatchObject({ maxAgeHours: 5 });
    expect(teamId).not.toBe(data);
  });

  it('are saved though a tool looked meanwhile', async ({ house }) => {
    const { id, teamId } = await owned(house);
    await look(house, 1);
    expect(await editDataset(house.ctx, id, 2, { ...nothing, teamId, maxAgeHours: 5 }, 'OLGA')).toMatchObject({
      maxAgeHours: 5,
    });
  });

  it('given up, the card is closed; a new owner hears of it anew', async ({ house }) => {
    const { id, teamId } = await owned(house, { maxAgeHours: 24 });
    await silence(house, 25);
    await editDataset(house.ctx, id, 2, { ...nothing, maxAgeHours: 24 }, 'OLGA');
    expect(await house.said('dataset')).toEqual([':heavy_minus_sign: Nobody watches orders any more.']);
    await editDataset(house.ctx, id, 3, { ...nothing, teamId, maxAgeHours: 24, eaters: ['churn-model'] }, 'OLGA');
    expect(await house.said('dataset')).toHaveLength(2);
  });
});
