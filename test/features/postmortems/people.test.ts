import { describe, expect } from 'vitest';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { choosePeople } from '../../../src/features/postmortems/people/changes.ts';
import { postmortemById, wholeOf } from '../../../src/features/postmortems/queries.ts';
import { missing } from '../../../src/features/postmortems/rules.ts';
import { postmortems } from '../../../src/features/postmortems/schema.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';

async function started(house: House, onlyFor?: readonly string[]) {
  const { model } = await house.team();
  const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const { incident } = await declare(
    house.ctx,
    { ...about, modelId: model.id, onset: house.now(), ...(onlyFor && { onlyFor }) },
    'ENGI',
  );
  await takeCommand(house.ctx, incident.id, onlyFor ? 'ENGI' : 'DEPU');
  await resolve(house.ctx, incident.id, 'The feed was put right.', '', 'ENGI');
  const { id } = await start(house.ctx, incident.id, 'ENGI');
  const choose = (by: string, facilitatorId?: string, inSpite = '', ownerId = 'DEPU') =>
    choosePeople(house.ctx, id, { ownerId, facilitatorId, inSpite }, by);
  const open = async () => missing(await wholeOf(house.ctx, await postmortemById(house.ctx, id, 'ENGI'))).join();
  return { id, choose, open };
}

describe('who runs the review', () => {
  it('was not in the incident, unless somebody says why nobody else can', async ({ house }) => {
    const { id, choose } = await started(house);
    await expect(choose('DEPU', 'ENGI')).rejects.toMatchObject({ field: 'facilitatorId' });
    await expect(choose('DEPU', 'ENGI', 'so')).rejects.toThrow('They were in the incident');
    await choose('DEPU', 'ENGI', 'The others are away until May.');
    expect(await postmortemById(house.ctx, id, 'DEPU')).toMatchObject({ facilitatorId: 'ENGI' });
    // Nothing new is asked where they stay.
    await choose('DEPU', 'ENGI', '', 'OLGA');
    const said = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what === 'postmortem.people_chosen');
    expect(said.map(({ summary }) => summary)).toContain(
      '<@DEPU> sees to the post-mortem of incident 1, <@ENGI> runs its review (The others are away until May.)',
    );
  });

  it('is needed before others read it, from SEV2 on, and stands on the card', async ({ house }) => {
    const { id, choose, open } = await started(house);
    await house.ctx.db.update(postmortems).set({ facilitatorId: null });
    expect(await open()).toContain('Nobody runs its review yet: press *Who runs it*');
    await choose('DEPU', 'LEAD');
    expect(await open()).not.toContain('runs its review');
    const card = (await house.said(`postmortem:${id}`)).join();
    expect(card).toContain('*Runs it*\n<@LEAD>');
    expect(card).toContain('[Who runs it]');
  });

  it('is chosen by who sees to it or runs it, the owner of the model and the lead: they read what is said without a name', async ({
    house,
  }) => {
    const { choose } = await started(house);
    await expect(choose('ENGI', 'ENGI', 'I would like to read it all.')).rejects.toThrow(
      'This is for <@DEPU>, who sees to the document',
    );
    for (const by of ['DEPU', 'LEAD', 'OLGA']) await choose(by, 'PROD');
    await choose('PROD', 'LEAD');
  });

  it('of a private incident is one of its people', async ({ house }) => {
    const { choose } = await started(house, ['LEAD']);
    await expect(choose('ENGI', 'PROD', '', 'ENGI')).rejects.toMatchObject({ field: 'facilitatorId' });
    await expect(choose('ENGI', 'LEAD', '', 'DEPU')).rejects.toMatchObject({ field: 'ownerId' });
    await choose('ENGI', 'LEAD', '', 'ENGI');
    await expect(choose('OLGA', 'LEAD', '', 'ENGI')).rejects.toThrow('That post-mortem is gone.');
  });

  it('and who sees to it are full members', async ({ house }) => {
    const { choose } = await started(house);
    await house.standing('PROD', 'guest');
    await expect(choose('DEPU', 'PROD')).rejects.toMatchObject({ field: 'facilitatorId' });
    await expect(choose('DEPU', 'LEAD', '', 'PROD')).rejects.toMatchObject({ field: 'ownerId' });
  });

  it('is nobody who had a part in it, when it is begun', async ({ house }) => {
    const { id } = await started(house);
    const { facilitatorId } = await postmortemById(house.ctx, id, 'DEPU');
    expect(['DEPU', 'ENGI']).not.toContain(facilitatorId);
  });
});
