import { describe, expect } from 'vitest';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { reopen, resolve } from '../../../src/features/incidents/changes.ts';
import { incidentById } from '../../../src/features/incidents/queries.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { timelineOf } from '../../../src/features/incidents/timeline/queries.ts';
import type { Severity } from '../../../src/features/incidents/schema.ts';
import { addFactor, writePage } from '../../../src/features/postmortems/writing/changes.ts';
import {
  askForReview,
  close,
  remindNext,
  reviewed,
  waivePostmortem,
} from '../../../src/features/postmortems/changes.ts';
import {
  addCommitment,
  answer,
  reassign,
  sayDone,
  verify,
  waive,
} from '../../../src/features/postmortems/commitments/changes.ts';
import { remindAll } from '../../../src/features/postmortems/commitments/reminders/changes.ts';
import { isReminderDay, isReminderDue } from '../../../src/features/postmortems/commitments/rules.ts';
import { bothKept, type SectionName } from '../../../src/features/postmortems/draft.ts';
import { choosePeople } from '../../../src/features/postmortems/people/changes.ts';
import { sectionsOf, wholeOf } from '../../../src/features/postmortems/queries.ts';
import { missing } from '../../../src/features/postmortems/rules.ts';
import type { Postmortem } from '../../../src/features/postmortems/schema.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';

async function declared(house: House, severity: Severity = 'sev2') {
  const { model } = await house.team();
  const about = { title: 'Scores are off', summary: 'Calls go wrong', version: '14', evidence: '' } as const;
  return await declare(house.ctx, { ...about, severity, modelId: model.id, onset: house.now() }, 'ENGI');
}
async function started(house: House, severity: Severity = 'sev2') {
  const { incident } = await declared(house, severity);
  await takeCommand(house.ctx, incident.id, 'OLGA');
  house.later(30);
  await resolve(house.ctx, incident.id, 'rolled back to 13', '', 'OLGA');
  const postmortem = await start(house.ctx, incident.id, 'OLGA');
  const { id } = postmortem;
  const write = (texts: Partial<Record<SectionName, string>>, by = 'OLGA', revision = 0) =>
    writePage(
      house.ctx,
      id,
      (Object.entries(texts) as [SectionName, string][]).map(([section, text]) => ({ section, text, revision })),
      by,
    );
  const card = async () => (await house.said(`postmortem:${id}`))[0] ?? '';
  return { incident, postmortem, id, write, card, incidentNow: () => incidentById(house.ctx, incident.id, 'OLGA') };
}
const open = async (house: House, postmortem: Postmortem) => missing(await wholeOf(house.ctx, postmortem));
const promised = {
  text: 'Alert on the unit of tenure',
  type: 'detect',
  due: '2026-03-20',
  verification: 'a drill',
} as const;

/** Everything that has to stand before others read it. */
async function written(house: House) {
  const all = await started(house);
  await all.write({ impact: '40 calls', detection: 'drift alert', trigger: 'new feed', went_well: 'the rollback' });
  for (const category of ['data', 'evaluation'] as const)
    await addFactor(house.ctx, all.id, { category, statement: `no check of ${category}`, evidence: '' }, 'DEPU');
  await choosePeople(house.ctx, all.id, { ownerId: 'OLGA', facilitatorId: 'LEAD', inSpite: '' }, 'OLGA');
  return all;
}

describe('a draft', () => {
  it('comes from the ledger, once, and only after the incident', async ({ house }) => {
    const { incident } = await declared(house);
    await expect(start(house.ctx, incident.id, 'OLGA')).rejects.toThrow('Incident 1 is still open.');
    house.later(30);
    await resolve(house.ctx, incident.id, 'rolled back to 13', '', 'OLGA');
    const postmortem = await start(house.ctx, incident.id, 'OLGA');
    const timeline = await timelineOf(house.ctx, await incidentById(house.ctx, incident.id, 'OLGA'), house.now());
    expect(timeline.slice(0, 4).map(({ what }) => what)).toEqual([
      'model.registered',
      'release.alias_moved',
      'incident.declared',
      'incident.resolved',
    ]);
    expect(await sectionsOf(house.ctx, postmortem.id)).toEqual({
      summary: 'Calls go wrong',
      served: 'Version 14',
      resolution: 'rolled back to 13',
    });
    expect(await incidentById(house.ctx, incident.id, 'OLGA')).toMatchObject({ state: 'reviewing' });
    await expect(start(house.ctx, incident.id, 'DEPU')).rejects.toThrow('was already started');
  });

  it('is due by severity, its commander sees to it, and somebody else runs it', async ({ house }) => {
    const { postmortem, card } = await started(house, 'sev1');
    expect(postmortem).toMatchObject({ ownerId: 'OLGA', dueAt: new Date('2026-03-05T09:30:00Z') });
    expect(postmortem.facilitatorId).not.toBe('OLGA');
    expect(await card()).toContain('*Sees to it*\n<@OLGA>');
  });

  it('says what is missing, thing by thing', async ({ house }) => {
    const { postmortem } = await started(house);
    expect(await open(house, postmortem)).toEqual([
      '"Who and what was affected" is not written yet.',
      '"How we noticed" is not written yet.',
      '"What set it off" is not written yet.',
      'It has 0 contributing factors; one alone hardly ever explains it. Add another.',
      'Nobody runs its review yet: press *Who runs it*, and choose somebody who was not in the incident.',
      'What went well, was difficult or lucky is still empty.',
    ]);
  });

  it('goes on where an incident was opened again and is over once more', async ({ house }) => {
    const { incident, id, write } = await started(house);
    await write({ impact: '40 calls' });
    await reopen(house.ctx, incident.id, 'scores are off again', 'DEPU');
    await resolve(house.ctx, incident.id, 'fixed the feed', '', 'DEPU');
    const again = await start(house.ctx, incident.id, 'DEPU');
    expect(again.id).toBe(id);
    expect((await sectionsOf(house.ctx, id)).impact).toBe('40 calls');
  });
});

describe('two people who write at once', () => {
  it('in different sections both stand', async ({ house }) => {
    const { id, write } = await started(house);
    await write({ impact: 'Forty calls.' }, 'OLGA');
    await write({ trigger: 'The new feed.' }, 'DEPU');
    expect(await sectionsOf(house.ctx, id)).toMatchObject({ impact: 'Forty calls.', trigger: 'The new feed.' });
  });

  it('in the same section lose no word, and every wording stays on record', async ({ house }) => {
    const { id, write } = await started(house);
    await write({ impact: 'Forty calls.' }, 'OLGA');
    expect(await write({ impact: 'Forty calls.\nTwo contracts.' }, 'OLGA', 1)).toBe(0);
    expect(await write({ impact: 'Forty calls.\nNobody was harmed.' }, 'DEPU', 1)).toBe(1);
    expect((await sectionsOf(house.ctx, id)).impact).toBe('Forty calls.\nTwo contracts.\nNobody was harmed.');
  });

  it.for([
    ['', 'a', 'b', 'a\nb'],
    ['x', 'x', 'x', 'x'],
    ['x\ny', 'x', 'x\ny\nz', 'x\nz'],
    ['', 'a', 'a', 'a'],
    ['x', '', 'x\ny', 'y'],
  ] as const)('from %j, with %j saved first, %j is joined to %j', ([base, theirs, mine, both]) => {
    expect(bothKept(base, theirs, mine)).toBe(both);
  });
});

describe('review', () => {
  it('is asked for when nothing is missing, done by somebody else, and then it is closed with the incident', async ({
    house,
  }) => {
    const { id, card, incidentNow } = await written(house);
    await askForReview(house.ctx, id, 'OLGA');
    await expect(reviewed(house.ctx, id, 'OLGA')).rejects.toThrow('somebody else says that it is reviewed');
    await expect(close(house.ctx, id, 'OLGA')).rejects.toThrow('being reviewed; it is closed once it is reviewed.');
    await reviewed(house.ctx, id, 'LEAD');
    await close(house.ctx, id, 'OLGA');
    expect((await incidentNow()).state).toBe('closed');
    expect(await card()).toContain('(closed)');
    expect(await card()).not.toContain('[Write]');
    await expect(writePage(house.ctx, id, [{ section: 'impact', revision: 1, text: 'x' }], 'OLGA')).rejects.toThrow(
      'This post-mortem is closed.',
    );
  });

  it('is not asked for before it is complete', async ({ house }) => {
    const { id } = await started(house);
    await expect(askForReview(house.ctx, id, 'OLGA')).rejects.toThrow(
      'Before others read it: "Who and what was affected" is not written yet.',
    );
  });

  it('waits for every promise to be accepted', async ({ house }) => {
    const { id } = await written(house);
    const { id: one } = await addCommitment(house.ctx, id, { ...promised, ownerId: 'ENGI' }, 'OLGA');
    await expect(askForReview(house.ctx, id, 'OLGA')).rejects.toThrow('Nobody has said yes to commitment 1 yet.');
    await answer(house.ctx, one, true, '', 'ENGI');
    await askForReview(house.ctx, id, 'OLGA');
  });

  it('is not needed only when somebody else than its owner says so, with a reason', async ({ house }) => {
    const { id, incidentNow } = await started(house);
    await expect(waivePostmortem(house.ctx, id, 'known since long', 'OLGA')).rejects.toThrow('somebody else decides');
    await expect(waivePostmortem(house.ctx, id, 'no', 'LEAD')).rejects.toMatchObject({ field: 'reason' });
    await waivePostmortem(house.ctx, id, 'the same as incident 3, written there', 'LEAD');
    expect((await incidentNow()).state).toBe('closed');
  });

  it('its owner is reminded the day before it is due, on the day, then weekly, with the next step', async ({
    house,
  }) => {
    const { postmortem } = await started(house, 'sev1');
    const reminders = async () => {
      while (await remindNext(house.ctx));
      return (await house.said(`postmortem:${postmortem.id}:due`)).length;
    };
    const counts: number[] = [];
    for (const hours of [47, 1, 23, 1, 6 * 24, 24]) {
      house.later(hours * 60);
      counts.push(await reminders());
    }
    expect(counts).toEqual([0, 1, 1, 2, 2, 3]);
    expect((await house.said(`postmortem:${postmortem.id}:due`)).join()).toContain(
      '<@OLGA>, the post-mortem of "Incident 1: Scores are off" was due',
    );
  });
});

describe('a commitment', () => {
  it('is offered, accepted, done with what shows it, and seen by another pair of eyes', async ({ house }) => {
    const { id } = await started(house);
    const { id: one } = await addCommitment(house.ctx, id, { ...promised, ownerId: 'ENGI' }, 'OLGA');
    const card = async () => (await house.said(`commitment:${one}:ENGI`))[0] ?? '';
    expect(await card()).toContain('<@OLGA> asks <@ENGI> to take it on.');
    expect(await card()).toContain('[Accept] [Decline] [Give to]');
    await expect(answer(house.ctx, one, true, '', 'DEPU')).rejects.toThrow('Commitment 1 is offered to <@ENGI>.');
    await answer(house.ctx, one, true, '', 'ENGI');
    await expect(sayDone(house.ctx, one, 'it is in the monitor', 'OLGA')).rejects.toThrow("is <@ENGI>'s");
    await expect(sayDone(house.ctx, one, 'yes', 'ENGI')).rejects.toMatchObject({ field: 'evidence' });
    await sayDone(house.ctx, one, 'the drill of today was noticed', 'ENGI');
    await expect(verify(house.ctx, one, true, '', 'ENGI')).rejects.toThrow('somebody else looks whether it worked');
    await verify(house.ctx, one, false, 'not for the other feed', 'LEAD');
    expect(await card()).toContain('*Open* again: not for the other feed');
    await sayDone(house.ctx, one, 'now for both feeds', 'ENGI');
    await verify(house.ctx, one, true, '', 'LEAD');
    expect(await card()).toContain('*Done*, seen by <@LEAD>: now for both feeds');
    await expect(waive(house.ctx, one, 'not needed any more', 'LEAD')).rejects.toThrow('Commitment 1 is already done.');
  });

  it('that is declined goes to somebody else, or is waived with a reason', async ({ house }) => {
    const { id, card } = await started(house);
    const { id: one } = await addCommitment(house.ctx, id, { ...promised, ownerId: 'ENGI' }, 'OLGA');
    await answer(house.ctx, one, false, 'I leave the team in May', 'ENGI');
    expect(await card()).toContain('declined');
    await reassign(house.ctx, one, 'DEPU', 'OLGA');
    expect((await house.said(`commitment:${one}:DEPU`)).join()).toContain('[Accept]');
    await waive(house.ctx, one, 'the feed is switched off', 'OLGA');
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what.startsWith('commitment.'));
    expect(lines.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'OLGA commitment.made',
      'ENGI commitment.declined',
      'OLGA commitment.reassigned',
      'OLGA commitment.waived',
    ]);
  });

  it('goes on after its post-mortem is closed, and is reminded of in working hours, all in one message', async ({
    house,
  }) => {
    const { id } = await written(house);
    for (const text of ['Alert on the unit', 'Test with the old feed'])
      await addCommitment(house.ctx, id, { ...promised, text, ownerId: 'OLGA' }, 'OLGA');
    await askForReview(house.ctx, id, 'OLGA');
    await reviewed(house.ctx, id, 'LEAD');
    await close(house.ctx, id, 'OLGA');
    const told = async () => {
      await remindAll(house.ctx);
      return await house.said('commitments:OLGA');
    };
    expect(await told()).toEqual([]);
    house.later(10 * 24 * 60);
    expect(await told()).toEqual([]);
    house.later(24 * 60);
    expect((await told())[0]).toContain('Alert on the unit');
    expect((await told())[0]).toContain('Test with the old feed');
    expect(await told()).toHaveLength(1);
    house.later(7 * 60 + 30);
    expect(await told()).toHaveLength(1);
    house.later(5 * 24 * 60 + 16 * 60);
    expect(await told()).toHaveLength(2);
  });

  it('is reminded of a week and two days before, on the day, three days after, then weekly', () => {
    const days = Array.from({ length: 40 }, (_, i) => new Date(Date.UTC(2026, 2, 1 + i)).toISOString().slice(0, 10));
    expect(days.filter((day) => isReminderDay('2026-03-15', day))).toEqual([
      '2026-03-08',
      '2026-03-13',
      '2026-03-15',
      '2026-03-18',
      '2026-03-25',
      '2026-04-01',
      '2026-04-08',
    ]);
    const on = (today: string, remindedOn: string | null) =>
      isReminderDue({ due: '2026-03-15', remindedOn, madeOn: '2026-03-01' }, today);
    expect([on('2026-03-07', null), on('2026-03-10', null), on('2026-03-10', '2026-03-09')]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
