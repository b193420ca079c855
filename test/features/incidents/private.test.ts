import { describe, expect } from 'vitest';
import { factsSince } from '../../../src/features/incident-figures/queries.ts';
import { myModels, standingHere, waitingFor } from '../../../src/features/home/queries.ts';
import { cancel, changeSeverity, mitigate, reopen, resolve } from '../../../src/features/incidents/changes.ts';
import { merge } from '../../../src/features/incidents/merging/changes.ts';
import { takeIncidents } from '../../../src/features/incidents/intake.ts';
import { askNext, update } from '../../../src/features/incidents/news/changes.ts';
import { incidentNumbered, openIncidents, openOn } from '../../../src/features/incidents/queries.ts';
import { offerRole, takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { letIn } from '../../../src/features/incidents/visibility/changes.ts';
import { addCommitment, sayDone } from '../../../src/features/postmortems/commitments/changes.ts';
import { lockCommitment, pendingOf } from '../../../src/features/postmortems/commitments/queries.ts';
import { addFactor, writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { remindNext } from '../../../src/features/postmortems/changes.ts';
import { postmortemById } from '../../../src/features/postmortems/queries.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { messages } from '../../../src/messages/schema.ts';
import { type House, it } from '../../support/house.ts';
import { another, declared } from './support.ts';

const secret = 'Scores differ by gender';
/** Enzo and Olga's; the lead, the deputy and the product manager know nothing of it. */
const hidden = (house: House) =>
  declared(house, { title: secret, summary: 'A complaint says so', evidence: '', onlyFor: ['OLGA'] });
const insiders = ['ENGI', 'OLGA'];
const outsiders = ['LEAD', 'DEPU', 'PROD', 'nobody', 'pitcrew', 'api'];

/** Every message that should stand for others than its people. */
async function toOthers(house: House) {
  const rows = await house.ctx.db.select().from(messages);
  return rows.filter(({ channel }) => !insiders.includes(channel)).map(({ key, channel }) => `${key} in ${channel}`);
}

const promised = { text: 'Test by gender', type: 'detect', due: '2026-04-01', verification: 'a test' } as const;

/** All of its life, with every message, reminder and line of the ledger that comes with it. */
async function lived(house: House) {
  const incident = await hidden(house);
  const { id } = incident;
  const { ctx } = house;
  house.later(90);
  while (await askNext(ctx));
  await takeCommand(ctx, id, 'OLGA');
  await update(ctx, id, { conditions: 'We look into it.', actions: '', needs: '' }, 'OLGA');
  await changeSeverity(ctx, id, 'sev1', '', 'ENGI');
  await offerRole(ctx, id, 'scribe', 'ENGI', 'OLGA');
  house.later(90);
  while (await askNext(ctx));
  await mitigate(ctx, id, 'The old threshold is back.', '', 'OLGA');
  house.later(60);
  await resolve(ctx, id, 'The threshold is the same for all.', '', 'OLGA');
  const postmortem = await start(ctx, id, 'OLGA');
  await writePage(ctx, postmortem.id, [{ section: 'impact', revision: 0, text: 'Applicants.' }], 'ENGI');
  await addFactor(
    ctx,
    postmortem.id,
    { category: 'evaluation', statement: 'No slice by gender', evidence: '' },
    'ENGI',
  );
  const commitment = await addCommitment(ctx, postmortem.id, { ...promised, ownerId: 'ENGI' }, 'OLGA');
  await sayDone(ctx, commitment.id, 'The test runs every night.', 'ENGI');
  house.later(20 * 24 * 60);
  while (await remindNext(ctx));
  return { ...incident, postmortem, commitment };
}

describe('a private incident', () => {
  it('is told to its own people, one by one, and to nobody else', async ({ house }) => {
    await lived(house);
    expect(await toOthers(house)).toEqual([]);
    expect((await house.said('incident:')).join()).toContain(':lock: *Private*: only its own people see it.');
    expect((await house.said('commitment:')).join()).toContain('Test by gender');
    expect((await house.said('postmortem:')).join()).toContain('No slice by gender');
  });

  it.for(outsiders)('is in no list, no form, no figure and not on the Home tab of %s', async (who, { house }) => {
    const { id, model, number, postmortem, commitment } = await lived(house);
    await reopen(house.ctx, id, 'It is seen in another region.', 'OLGA');
    const { ctx } = house;
    const seen = [
      await openIncidents(ctx, who),
      await openOn(ctx, model.id, who),
      await factsSince(ctx, new Date(0), who),
      await pendingOf(ctx, who),
      (await waitingFor(ctx, who)).incidents,
      (await myModels(ctx, who, { page: 0, size: 5, confirmedSince: new Date(0) })).rows.filter((row) => row.incident),
    ];
    expect(seen.flat()).toEqual([]);
    expect(await standingHere(ctx, who, 'C1')).toMatchObject({ incidents: 0 });
    await expect(incidentNumbered(ctx, number, who)).rejects.toThrow(`There is no incident ${number}.`);
    await expect(postmortemById(ctx, postmortem.id, who)).rejects.toThrow('That post-mortem is gone.');
    await expect(lockCommitment(ctx, commitment.id, who)).rejects.toThrow('That commitment is gone.');
  });

  it.for([
    ['take command', (house: House, id: string) => takeCommand(house.ctx, id, 'LEAD')],
    ['resolve', (house: House, id: string) => resolve(house.ctx, id, 'It is over.', '', 'LEAD')],
    ['call off', (house: House, id: string) => cancel(house.ctx, id, 'duplicate', 'the same as before', 'LEAD')],
    ['let in', (house: House, id: string) => letIn(house.ctx, id, ['LEAD'], 'LEAD')],
    ['start a post-mortem', (house: House, id: string) => start(house.ctx, id, 'LEAD')],
  ] as const)('does not exist for somebody else who knows its id: %s', async ([, act], { house }) => {
    const { id } = await hidden(house);
    await expect(act(house, id)).rejects.toThrow('That incident is gone.');
  });

  it('its people see it everywhere, and whom they let in does from then on', async ({ house }) => {
    const { id, model, number } = await hidden(house);
    expect(await openIncidents(house.ctx, 'OLGA')).toMatchObject([{ title: secret }]);
    expect((await waitingFor(house.ctx, 'OLGA')).incidents).toHaveLength(1);
    await letIn(house.ctx, id, ['LEAD'], 'OLGA');
    expect(await openOn(house.ctx, model.id, 'LEAD')).toHaveLength(1);
    expect(await incidentNumbered(house.ctx, number, 'LEAD')).toMatchObject({ id });
    expect(await house.said(`incident:${id}:to:LEAD`)).toHaveLength(1);
  });

  it('a guest is not let in, and who becomes one sees it no longer', async ({ house }) => {
    const { id, number } = await hidden(house);
    await house.standing('PROD', 'guest');
    await expect(letIn(house.ctx, id, ['PROD'], 'OLGA')).rejects.toThrow('is no full member of this workspace');
    await house.standing('OLGA', 'guest');
    await expect(incidentNumbered(house.ctx, number, 'OLGA')).rejects.toThrow(`There is no incident ${number}.`);
    await house.ctx.db.delete(messages);
    await update(house.ctx, id, { conditions: 'We go on.', actions: '', needs: '' }, 'ENGI');
    expect((await house.ctx.db.select().from(messages)).map(({ channel }) => channel)).not.toContain('OLGA');
  });

  it('nobody is given a role or a promise in it who may not see it', async ({ house }) => {
    const { id, postmortem } = await lived(house);
    const gift = addCommitment(house.ctx, postmortem.id, { ...promised, ownerId: 'LEAD' }, 'OLGA');
    await expect(gift).rejects.toThrow('is private: let them in first');
    await reopen(house.ctx, id, 'It is seen in another region.', 'OLGA');
    await expect(offerRole(house.ctx, id, 'commander', 'LEAD', 'OLGA')).rejects.toThrow('let them in first');
  });

  it('is not in the story of another incident on the same model', async ({ house }) => {
    const { model } = await lived(house);
    const other = await another(house, model.id, { title: 'Scores are late' });
    await resolve(house.ctx, other.id, 'The queue is empty.', '', 'ENGI');
    const { document } = await start(house.ctx, other.id, 'ENGI');
    expect(JSON.stringify(document)).toContain('Scores are late');
    expect(JSON.stringify(document)).not.toMatch(/gender|incident 1|commitment/);
    const lines = await linesOf(house.ctx.db, 'T1');
    expect(lines.filter(({ summary, modelId }) => /incident 1\b|commitment/.test(summary) && modelId)).toEqual([]);
  });

  it('takes over one that is open to all, but never the other way round, and is not named there', async ({ house }) => {
    const { id, model } = await hidden(house);
    const other = await another(house, model.id, { title: 'Scores are late', dedupeKey: 'late' });
    await expect(merge(house.ctx, id, other.id, 'OLGA')).rejects.toThrow(
      'is open to everybody, and this one is private',
    );
    await expect(merge(house.ctx, other.id, id, 'LEAD')).rejects.toThrow('That incident is gone.');
    await merge(house.ctx, other.id, id, 'OLGA');
    expect(await other.card()).toContain('*Merged* by <@OLGA> into a private one.');
    expect(await other.card()).not.toMatch(/gender|[Ii]ncident 1\b/);
    const told = (await linesOf(house.ctx.db, 'T1')).filter(({ modelId }) => modelId === model.id);
    expect(told.map(({ summary }) => summary).join()).not.toMatch(/gender|incident 1\b/);
    const said = { model: 'churn-model', title: 'Scores are late', dedupe_key: 'late' };
    const { incidents } = await takeIncidents(house.ctx, [said]);
    expect(incidents).toEqual([{ number: 3, new: true }]);
  });
});
