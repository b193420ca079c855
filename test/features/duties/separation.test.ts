import { expect } from 'vitest';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { freeFor } from '../../../src/features/duties/queries.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { joinTeam } from '../../../src/features/teams/store.ts';
import { it } from '../../support/house.ts';

it('who led an incident does not run its post-mortem: another holder of that duty is named', async ({ house }) => {
  const { model, teamId } = await house.team();
  for (const id of ['ENGI', 'DEPU']) await joinTeam(house.ctx, teamId, id, ['ops', 'qa']);
  const holders = await freeFor(house.ctx, model, 'postmortem.facilitate', {});
  const [first, second] = holders.people;
  expect(holders.apartFrom).toHaveLength(1);
  expect(second).toBeDefined();
  const after = await freeFor(house.ctx, model, 'postmortem.facilitate', { 'incident.lead': [first ?? ''] });
  expect(after.people).not.toContain(first);
  expect(after.people[0]).toBe(second);

  const about = {
    title: 'Scores are off',
    severity: 'sev2',
    summary: '',
    evidence: '',
    version: '14',
    onset: house.now(),
  } as const;
  const { incident } = await declare(house.ctx, { modelId: model.id, ...about }, 'PROD');
  await takeCommand(house.ctx, incident.id, first ?? '');
  await resolve(house.ctx, incident.id, 'The old version is back.', '', first ?? '');
  await start(house.ctx, incident.id, 'PROD');
  expect((await house.said('postmortem')).join()).toContain(`*Runs it*\n<@${second}>`);
});
