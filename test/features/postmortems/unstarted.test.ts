import { describe, expect } from 'vitest';
import { reopen, resolve } from '../../../src/features/incidents/changes.ts';
import type { Declaration } from '../../../src/features/incidents/declaring/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { beginNext } from '../../../src/features/postmortems/changes.ts';
import { postmortems } from '../../../src/features/postmortems/schema.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { messages } from '../../../src/messages/schema.ts';
import { type House, it } from '../../support/house.ts';
import { another, declared } from '../incidents/support.ts';

const dayMin = 24 * 60;

/** Monday, 9:00: one that is over, and nobody pressed *Start post-mortem*. */
async function over(house: House, more: Partial<Declaration> = {}) {
  const incident = await declared(house, more);
  await resolve(house.ctx, incident.id, 'Rolled back to 13.', '', 'ENGI');
  return incident;
}
const begun = (house: House) => house.ctx.db.select().from(postmortems);
async function work(house: House): Promise<number> {
  let done = 0;
  while (await beginNext(house.ctx)) done += 1;
  return done;
}

describe('a post-mortem that nobody starts', () => {
  it('begins by itself after a working day, and who led hears why and what is next', async ({ house }) => {
    const { id, now, card } = await declared(house);
    await takeCommand(house.ctx, id, 'DEPU');
    await resolve(house.ctx, id, 'Rolled back to 13.', '', 'DEPU');
    expect(await card()).toContain('If nobody starts the post-mortem before, I do so <!date^');
    house.later(dayMin - 1);
    expect(await work(house)).toBe(0);
    house.later(1);
    expect(await work(house)).toBe(1);
    expect(await begun(house)).toMatchObject([
      { ownerId: 'DEPU', startedBy: 'pitcrew', dueAt: new Date('2026-03-10T09:00:00Z') },
    ]);
    expect(await now()).toMatchObject({ state: 'reviewing', reviewAt: null });
    const [told] = await house.said('postmortem:').then((all) => all.filter((said) => said.includes('I began')));
    expect(told).toContain('You led it, so please see to it until');
    expect(told).toContain('press *Write* there');
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'postmortem.started');
    expect(lines.map(({ who }) => who)).toEqual(['pitcrew']);
    expect(await work(house)).toBe(0);
  });

  it('of one that nobody led goes to the owner of the model; a SEV1 is due after three days', async ({ house }) => {
    await over(house, { severity: 'sev1' });
    house.later(dayMin);
    await work(house);
    expect(await begun(house)).toMatchObject([{ ownerId: 'OLGA', dueAt: new Date('2026-03-06T09:00:00Z') }]);
    expect((await house.said('postmortem:')).join()).toContain('You own its model');
  });

  it('waits over the weekend, and for the morning', async ({ house }) => {
    // Friday, 22:00.
    house.later(4 * dayMin + 13 * 60);
    await over(house);
    house.later(2 * dayMin);
    expect(await work(house)).toBe(0);
    // Tuesday, 9:00: Monday at 22:00 nobody works.
    house.later(dayMin + 11 * 60 - 1);
    expect(await work(house)).toBe(0);
    house.later(1);
    expect(await work(house)).toBe(1);
  });

  it('is left to people who start it themselves: they do, once', async ({ house }) => {
    const { id } = await over(house);
    await start(house.ctx, id, 'ENGI');
    house.later(3 * dayMin);
    expect(await work(house)).toBe(0);
    expect(await begun(house)).toMatchObject([{ startedBy: 'ENGI' }]);
  });

  it('is not begun while the incident is open again, and goes on after its second end', async ({ house }) => {
    const { id, now } = await over(house);
    house.later(60);
    await reopen(house.ctx, id, 'scores are off again', 'OLGA');
    house.later(3 * dayMin);
    expect(await work(house)).toBe(0);
    await resolve(house.ctx, id, 'Rolled back to 12.', '', 'OLGA');
    house.later(dayMin);
    expect(await work(house)).toBe(1);
    expect((await now()).state).toBe('reviewing');
  });

  it('of a drill, a test, a small one or one of the past is nobody asked for', async ({ house }) => {
    const { model } = await over(house, { severity: 'sev3' });
    for (const kind of ['drill', 'test', 'backfill'] as const) {
      const { id } = await another(house, model.id, { kind, severity: 'sev1' });
      await resolve(house.ctx, id, 'It is over.', '', 'OLGA');
    }
    house.later(10 * dayMin);
    expect(await work(house)).toBe(0);
  });

  it('of a private incident stays with its own people', async ({ house }) => {
    await over(house, { onlyFor: ['DEPU'] });
    const before = await house.heard();
    house.later(dayMin);
    await work(house);
    expect(await begun(house)).toMatchObject([{ ownerId: 'ENGI' }]);
    const rows = await house.ctx.db.select().from(messages);
    const after = rows.filter(({ wanted }) => !before.includes(wanted.text));
    expect(after.length).toBeGreaterThan(1);
    expect(after.every(({ channel }) => ['ENGI', 'DEPU'].includes(channel))).toBe(true);
    const lines = await linesOf(house.ctx.db, 'T1');
    expect(lines.filter(({ what, modelId }) => what.startsWith('postmortem.') && modelId !== null)).toEqual([]);
  });
});
