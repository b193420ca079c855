import { giveWork, makeWork, moveWork, type WorkInput } from '../../../src/features/work/changes.ts';
import type { Finding } from '../../../src/features/work/rules.ts';
import type { State, WorkItem } from '../../../src/features/work/schema.ts';
import type { House } from '../../support/house.ts';

/** As one door would: in a transaction of its own. */
export async function make(
  house: House,
  teamId: string,
  more: Partial<WorkInput> = {},
  by = 'OLGA',
): Promise<WorkItem> {
  const input = { title: 'Backfill the labels', details: '', type: 'feature', teamId, ...more } as const;
  return (await house.visit((ctx) => makeWork(ctx, input, by))).item;
}

export const move = (house: House, { id, state }: WorkItem, to: State, by = 'OLGA', found?: Finding) =>
  house.visit((ctx) => moveWork(ctx, id, { seen: state, to, found }, by));

export const give = (house: House, { id }: WorkItem, to: string, by = 'OLGA') =>
  house.visit((ctx) => giveWork(ctx, id, to, by));

/** Finished after so many days: the clock goes on for that long. */
export async function finishedAfter(house: House, teamId: string, days: number): Promise<void> {
  const started = await move(house, await make(house, teamId, { ownerId: 'ENGI' }), 'doing', 'ENGI');
  house.later(days * 24 * 60);
  await move(house, started, 'done', 'ENGI');
}
