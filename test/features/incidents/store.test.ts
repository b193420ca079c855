import { expect } from 'vitest';
import { channelName } from '../../../src/features/incidents/rules.ts';
import { declare, reopen, resolve, takeCommand } from '../../../src/features/incidents/store.ts';
import { postmortemById, start, write } from '../../../src/features/postmortems/store.ts';
import { type House, it } from '../../support/house.ts';

async function declared(house: House) {
  const { model } = await house.team();
  return await declare(
    house.ctx,
    {
      modelId: model.id,
      title: 'Scores <!channel> are off',
      summary: '',
      severity: 'sev2',
      version: '14',
      evidence: 'drift alert 1: amount 0.5 (limit 0.1)',
      onset: house.now(),
    },
    'ENGI',
  );
}

it('an incident stands in the channel, and no title can ping anybody', async ({ house }) => {
  await declared(house);
  const [card] = await house.said('incident');
  expect(card).toContain('*Incident 1: Scores &lt;!channel&gt; are off*');
  expect(card).toContain('*Evidence*\ndrift alert 1: amount 0.5 (limit 0.1)');
  expect(card).toContain('[Take command] [Resolve]');
});

it('an incident is led, resolved once, reopened and resolved again', async ({ house }) => {
  const { id } = await declared(house);
  await takeCommand(house.ctx, id, 'OLGA');
  await expect(takeCommand(house.ctx, id, 'OLGA')).rejects.toThrow('You already lead incident 1.');
  await resolve(house.ctx, id, 'rolled back', 'OLGA');
  await expect(resolve(house.ctx, id, 'again', 'DEPU')).rejects.toThrow('Incident 1 was already resolved by <@OLGA>.');
  expect((await house.said('incident'))[0]).toContain('[Start post-mortem] [Reopen]');
  expect(await house.heard('incident')).toContain(
    'SEV2 incident 1 on churn-model is resolved: Scores &lt;!channel&gt; are off. <@OLGA>, please start the post-mortem.',
  );
  await reopen(house.ctx, id, 'DEPU');
  await resolve(house.ctx, id, 'really over', 'DEPU');
});

it('a post-mortem is drafted from the ledger, once, and only after the incident', async ({ house }) => {
  const incident = await declared(house);
  await expect(start(house.ctx, incident.id, 'OLGA')).rejects.toThrow('Incident 1 is still open.');
  house.later(30);
  await resolve(house.ctx, incident.id, 'rolled back to 13', 'OLGA');
  const postmortem = await start(house.ctx, incident.id, 'OLGA');
  expect(postmortem.document.timeline.map((moment) => moment.what)).toEqual([
    'model.registered',
    'release.alias_moved',
    'incident.declared',
    'incident.resolved',
  ]);
  expect(postmortem.document.sections.summary).toContain('It ended so: rolled back to 13');
  await expect(start(house.ctx, incident.id, 'DEPU')).rejects.toThrow('was already started');
});

it('of two people who write at once the second is told, and loses nothing', async ({ house }) => {
  const incident = await declared(house);
  await resolve(house.ctx, incident.id, 'over', 'OLGA');
  const { id, revision } = await start(house.ctx, incident.id, 'OLGA');
  const sections = { summary: 'S', impact: 'I', factors: 'F', learned: 'L' };
  await write(house.ctx, id, revision, sections, 'OLGA');
  await expect(write(house.ctx, id, revision, { ...sections, impact: 'other' }, 'DEPU')).rejects.toThrow(
    'while you wrote',
  );
  expect((await postmortemById(house.ctx, id)).document.sections).toEqual(sections);
});

it.each([
  [7, 'churn-model', 'inc-7-churn-model'],
  [8, '<!channel> Größe', 'inc-8-channel-gr-e'],
  [9, 'x'.repeat(300), `inc-9-${'x'.repeat(74)}`],
])('incident %i on %s gets a channel name that Slack takes', (number, model, name) => {
  expect(channelName(number, model)).toBe(name);
});
