import { type DatasetEdit, editDataset } from '../../../src/features/datasets/changes.ts';
import { datasetNamed } from '../../../src/features/datasets/queries.ts';
import { datasetSeen, noticeLate } from '../../../src/features/datasets/store.ts';
import type { HeardDataset } from '../../../src/features/sources/heard.ts';
import { joinTeam } from '../../../src/features/teams/store.ts';
import type { House } from '../../support/house.ts';

export const nothing: DatasetEdit = {
  teamId: null,
  maxAgeHours: null,
  minRows: null,
  maxChangePercent: null,
  maxNullPercent: null,
  eaters: [],
};

/** What a tool saw of the table of orders now; it says nothing of it unless told. */
export function orders(house: House, more: Partial<HeardDataset> = {}): HeardDataset {
  return { kind: 'dataset', namespace: 'warehouse', name: 'orders', at: house.now(), columns: [], ...more };
}

/** One look at it after so many hours; new rows came in with it unless said. */
export async function look(house: House, hours: number, more: Partial<HeardDataset> = {}, from = 'dbt'): Promise<void> {
  house.later(hours * 60);
  await datasetSeen(house.ctx, orders(house, { updatedAt: house.now(), ...more }), from);
}

/** Owned by the team of churn-model, which eats it; Pia is its data engineer. */
export async function owned(house: House, more: Partial<DatasetEdit> = {}) {
  const { model, teamId } = await house.team();
  await joinTeam(house.ctx, teamId, 'PROD', ['de']);
  await look(house, 0);
  const { id, revision } = await datasetNamed(house.ctx, 'orders');
  await editDataset(house.ctx, id, revision, { ...nothing, teamId, eaters: ['churn-model'], ...more }, 'OLGA');
  return { model, teamId, id };
}

/** Nothing comes for so many hours. */
export async function silence(house: House, hours: number): Promise<void> {
  house.later(hours * 60);
  while (await noticeLate(house.ctx));
}

/** "bad: no new rows for 26 h, limit 24 h" */
export async function state(house: House, name = 'orders'): Promise<string> {
  const { state: now, problems } = await datasetNamed(house.ctx, name);
  return [now, ...problems.map(({ words }) => words)].join(': ');
}
