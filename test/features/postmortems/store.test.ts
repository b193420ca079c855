import { expect } from 'vitest';
import { declare, resolve } from '../../../src/features/incidents/changes.ts';
import { incidentById } from '../../../src/features/incidents/queries.ts';
import { postmortemById, start, write } from '../../../src/features/postmortems/store.ts';
import { type House, it } from '../../support/house.ts';

async function declared(house: House) {
  const { model } = await house.team();
  const about = { title: 'Scores are off', summary: '', severity: 'sev2', version: '14', evidence: '' } as const;
  return await declare(house.ctx, { ...about, modelId: model.id, onset: house.now() }, 'ENGI');
}

it('a post-mortem is drafted from the ledger, once, and only after the incident', async ({ house }) => {
  const { incident } = await declared(house);
  await expect(start(house.ctx, incident.id, 'OLGA')).rejects.toThrow('Incident 1 is still open.');
  house.later(30);
  await resolve(house.ctx, incident.id, 'rolled back to 13', '', 'OLGA');
  const postmortem = await start(house.ctx, incident.id, 'OLGA');
  expect(postmortem.document.timeline.map((moment) => moment.what)).toEqual([
    'model.registered',
    'release.alias_moved',
    'incident.declared',
    'incident.resolved',
  ]);
  expect(postmortem.document.sections.summary).toContain('It ended so: rolled back to 13');
  expect(await incidentById(house.ctx, incident.id)).toMatchObject({ state: 'reviewing' });
  await expect(start(house.ctx, incident.id, 'DEPU')).rejects.toThrow('was already started');
});

it('of two people who write at once the second is told, and loses nothing', async ({ house }) => {
  const { incident } = await declared(house);
  await resolve(house.ctx, incident.id, 'over', '', 'OLGA');
  const { id, revision } = await start(house.ctx, incident.id, 'OLGA');
  const sections = { summary: 'S', impact: 'I', factors: 'F', learned: 'L' };
  await write(house.ctx, id, revision, sections, 'OLGA');
  await expect(write(house.ctx, id, revision, { ...sections, impact: 'other' }, 'DEPU')).rejects.toThrow(
    'while you wrote',
  );
  expect((await postmortemById(house.ctx, id)).document.sections).toEqual(sections);
});
