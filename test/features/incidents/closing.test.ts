import { describe, expect } from 'vitest';
import { close, correctTimes, resolve } from '../../../src/features/incidents/changes.ts';
import { lacking } from '../../../src/features/incidents/milestones.ts';
import { needsPostmortem } from '../../../src/features/incidents/rules.ts';
import { incidentKinds, severities } from '../../../src/features/incidents/schema.ts';
import { correct } from '../../../src/features/timelines/changes.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { postmortems } from '../../../src/features/postmortems/schema.ts';
import { it } from '../../support/house.ts';
import { declared } from './support.ts';

describe('the end of an incident', () => {
  it('of a small one needs no post-mortem: it is closed as it is', async ({ house }) => {
    const { id, now, card } = await declared(house, { severity: 'sev3' });
    await resolve(house.ctx, id, 'It passed.', '', 'OLGA');
    expect(await card()).toContain('[Start post-mortem]');
    expect(await card()).toContain('[Close]');
    await close(house.ctx, id, 'ENGI');
    expect(await now()).toMatchObject({ state: 'closed' });
    await expect(close(house.ctx, id, 'ENGI')).rejects.toThrow('Incident 1 is already closed by <@OLGA>.');
  });

  it('of a heavy one waits for it, and says who may decide otherwise', async ({ house }) => {
    const { id, card } = await declared(house, { severity: 'sev2' });
    await resolve(house.ctx, id, 'It passed.', '', 'OLGA');
    expect(await card()).not.toContain('[Close]');
    await expect(close(house.ctx, id, 'ENGI')).rejects.toThrow('A SEV2 is closed with its post-mortem');
    const needed = incidentKinds.flatMap((kind) =>
      severities.filter((severity) => needsPostmortem({ kind, severity })).map((severity) => `${kind} ${severity}`),
    );
    expect(needed).toEqual(['incident sev1', 'incident sev2', 'backfill sev1', 'backfill sev2']);
  });

  it('needs the times that figures are made from', async ({ house }) => {
    const { id, times } = await declared(house, { severity: 'sev3' });
    await resolve(house.ctx, id, 'It passed.', '', 'OLGA');
    const { onset: _onset, ...others } = await times();
    await correctTimes(house.ctx, id, ['onset'], {}, 'OLGA');
    await expect(close(house.ctx, id, 'ENGI')).rejects.toThrow('"Began, best guess" is not known');
    expect(lacking(others)).toHaveLength(1);
    expect(lacking({})).toHaveLength(3);
  });

  it('times that are put right are right in the document, too', async ({ house }) => {
    const { id } = await declared(house, { severity: 'sev3' });
    await resolve(house.ctx, id, 'It passed.', '', 'OLGA');
    await start(house.ctx, id, 'OLGA');
    await house.ctx.db.update(postmortems).set({ canvasStep: 'made' });
    await correct(house.ctx, id, ['onset'], { onset: new Date('2026-03-01T08:00:00Z') }, 'OLGA');
    expect(await house.ctx.db.select({ step: postmortems.canvasStep }).from(postmortems)).toEqual([{ step: 'wanted' }]);
  });
});
