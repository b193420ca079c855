import { describe, expect } from 'vitest';
import { close, resolve } from '../../../src/features/incidents/changes.ts';
import { correctTimes } from '../../../src/features/incidents/times/changes.ts';
import { correctable, timesModal } from '../../../src/features/incidents/forms.ts';
import { lacking, milestoneWords } from '../../../src/features/incidents/milestones.ts';
import { needsPostmortem } from '../../../src/features/incidents/rules.ts';
import { incidentKinds, severities } from '../../../src/features/incidents/schema.ts';
import { correct } from '../../../src/features/timelines/changes.ts';
import { addFactor, writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { askForReview, close as closePostmortem, reviewed } from '../../../src/features/postmortems/changes.ts';
import { choosePeople } from '../../../src/features/postmortems/people/changes.ts';
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

  it('of a test needs none of them', async ({ house }) => {
    const { id, now } = await declared(house, { kind: 'test', onset: undefined });
    await resolve(house.ctx, id, 'It passed.', '', 'OLGA');
    await close(house.ctx, id, 'ENGI');
    expect(await now()).toMatchObject({ state: 'closed' });
  });

  it('of a post-mortem needs them, too; that nobody can know when it began is an answer', async ({ house }) => {
    const { id, now, times } = await declared(house);
    await resolve(house.ctx, id, 'It passed.', '', 'OLGA');
    const postmortem = await start(house.ctx, id, 'OLGA');
    const texts = ['summary', 'impact', 'detection', 'trigger', 'resolution', 'lucky'] as const;
    for (const section of texts) {
      const revision = section === 'summary' || section === 'resolution' ? 1 : 0;
      await writePage(house.ctx, postmortem.id, [{ section, revision, text: `Words on ${section}.` }], 'OLGA');
    }
    for (const statement of ['No check of units', 'No test of scales'])
      await addFactor(house.ctx, postmortem.id, { category: 'data', statement, evidence: '' }, 'ENGI');
    await choosePeople(house.ctx, postmortem.id, { ownerId: 'OLGA', facilitatorId: 'LEAD', inSpite: '' }, 'OLGA');
    await askForReview(house.ctx, postmortem.id, 'OLGA');
    await reviewed(house.ctx, postmortem.id, 'DEPU');

    const known = await times();
    for (const name of ['onset', 'detected', 'resolved'] as const) {
      const { [name]: _left, ...others } = known;
      await correctTimes(house.ctx, id, correctable, others, 'OLGA');
      await expect(closePostmortem(house.ctx, postmortem.id, 'OLGA')).rejects.toThrow(
        `Before it is closed: "${milestoneWords[name]}" is not known: put it in by *Correct times*`,
      );
    }
    await expect(correct(house.ctx, id, correctable, known, 'OLGA', true)).rejects.toMatchObject({ field: 'onset' });
    const { onset: _onset, ...others } = known;
    await correct(house.ctx, id, correctable, others, 'OLGA', true);
    expect(JSON.stringify(timesModal(await now(), others, []))).toContain(
      '"initial_option":{"text":{"type":"plain_text","text":"No: nobody can"',
    );
    await closePostmortem(house.ctx, postmortem.id, 'OLGA');
    expect(await now()).toMatchObject({ state: 'closed', isOnsetUnknown: true });
    expect(lacking({ detected: house.now(), resolved: house.now() }, true)).toEqual([]);
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
