import { type BlockerInput, raiseBlocker } from '../../../src/features/blockers/raising/changes.ts';
import { passOverNext, tickNext } from '../../../src/features/blockers/escalating/changes.ts';
import { needOf } from '../../../src/features/blockers/needs.ts';
import { asksOf, blockerById } from '../../../src/features/blockers/queries.ts';
import type { Blocker } from '../../../src/features/blockers/schema.ts';
import { createTeam, joinTeam, keepPerson } from '../../../src/features/teams/store.ts';
import type { Role } from '../../../src/features/teams/schema.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import type { House } from '../../support/house.ts';

/** As one door would: in a transaction of its own. */
export const raise = (house: House, need: string, more: Partial<BlockerInput> = {}, by = 'OLGA'): Promise<Blocker> =>
  house.visit((ctx) =>
    raiseBlocker(ctx, { what: 'The feed is late', need: needOf(need), severity: 'stopped', ...more }, by),
  );

/** Both workers, until they rest. */
export async function work(house: House): Promise<void> {
  while ((await house.visit(passOverNext)) || (await house.visit(tickNext)));
}

export async function later(house: House, hours: number): Promise<void> {
  house.later(hours * 60);
  await work(house);
}

/** The workers look every few seconds; every hour is enough here, and every six where a night passes. */
export async function live(house: House, hours: number): Promise<void> {
  const step = hours < 8 ? 1 : 6;
  for (let left = hours; left > 0; left -= step) await later(house, Math.min(step, left));
}

export const now = (house: House, { id }: Blocker): Promise<Blocker> => blockerById(house.ctx, id);

/** Who was asked, in order. */
export const asked = async (house: House, { id }: Blocker) =>
  (await asksOf(house.ctx, id)).map(({ personId }) => personId);

export const ledger = async (house: House) =>
  (await linesOf(house.ctx.db, house.ctx.workspace))
    .filter(({ what }) => what.startsWith('blocker.'))
    .map(({ what, who }) => `${what.slice('blocker.'.length)} ${who}`);

export async function join(house: House, teamId: string, id: string, roles: readonly Role[], zone = 'UTC') {
  await keepPerson(house.ctx, { id, name: id, zone, standing: 'member' });
  await house.visit((ctx) => joinTeam(ctx, teamId, id, roles));
}

/** A team of two data engineers and a lead, which has no models. */
export async function dataTeam(house: House): Promise<string> {
  for (const id of ['DANA', 'DORA', 'DLEA'])
    await keepPerson(house.ctx, { id, name: id, zone: 'UTC', standing: 'member' });
  const team = await house.visit((ctx) =>
    createTeam(ctx, { name: 'Data platform', channel: 'C9', leadId: 'DLEA', zone: 'UTC' }, 'DLEA'),
  );
  for (const [id, roles] of [
    ['DANA', ['de']],
    ['DORA', ['de']],
    ['DLEA', []],
  ] as const)
    await join(house, team.id, id, roles);
  return team.id;
}
