import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { verifyNext } from '../../../src/features/approvals/ending/changes.ts';
import { changeSeverity, resolve } from '../../../src/features/incidents/changes.ts';
import { correctTimes } from '../../../src/features/incidents/times/changes.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { addCommitment } from '../../../src/features/postmortems/commitments/changes.ts';
import { commitments } from '../../../src/features/postmortems/commitments/doors.ts';
import { isOneAnswer, sectionNames } from '../../../src/features/postmortems/draft.ts';
import { remindOfMeeting } from '../../../src/features/postmortems/meeting/changes.ts';
import { choosePeople } from '../../../src/features/postmortems/people/changes.ts';
import { writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { pageForms } from '../../../src/features/postmortems/writing/forms.ts';
import { postmortemWriting } from '../../../src/features/postmortems/writing/doors.ts';
import { redraw } from '../../../src/features/postmortems/store.ts';
import { servedVersionSeen } from '../../../src/features/releases/store.ts';
import { keepPerson } from '../../../src/features/teams/store.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';
import { begun, looked, pressed } from './support.ts';

const typed = (values: Record<string, string>) => ({
  private_metadata: JSON.stringify({ postmortemId: '6f2f9c3e-3c55-4d0c-8d3f-0a9f5f0a7f11', revisions: {} }),
  state: { values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { [name]: { value } }])) },
});

describe('days to leave out of the data', () => {
  it('are two, in their order, and begun; what is wrong names its field', async ({ house }) => {
    const { model } = await house.team();
    const { write } = await begun(house, model);
    const days = (from: string, until: string) => write({ retrain_from: from, retrain_until: until });
    await expect(days('2026-03-01', '')).rejects.toMatchObject({ field: 'retrain_until' });
    await expect(days('', '2026-03-01')).rejects.toMatchObject({ field: 'retrain_from' });
    await expect(days('2026-03-02', '2026-03-01')).rejects.toThrow('The last day lies before the first.');
    await expect(days('2026-03-04', '2026-03-05')).rejects.toMatchObject({ field: 'retrain_from' });
    await days('2026-02-24', '2026-03-01');
  });

  it('are checked as they stand together, also where two people wrote one each', async ({ house }) => {
    const { model } = await house.team();
    const { write } = await begun(house, model);
    await write({ retrain_from: '2026-02-24', retrain_until: '2026-02-26' });
    await expect(write({ retrain_from: '2026-02-27' }, 'DEPU', 1)).rejects.toMatchObject({ field: 'retrain_until' });
    await write({ retrain_from: '2026-02-25' }, 'DEPU', 1);
  });

  it('are chosen in two date pickers, and stand on the card and in the file', async ({ house }) => {
    const { model } = await house.team();
    const { id, write, card, file } = await begun(house, model);
    const page = { postmortemId: id, page: 'retraining' } as const;
    const form = JSON.stringify(await pressed(house, postmortemWriting, actions.writePostmortem, page));
    expect(form.match(/"type":"datepicker"/g)).toHaveLength(2);
    await write({ retrain_from: '2026-02-24', retrain_until: '2026-03-01', feedback: 'yes' });
    expect(await card()).toContain('*Leave out of the data: first day*: 2026-02-24');
    expect(await card()).toContain('*Does it learn from its own effects*: Yes');
    expect(await file()).toContain('## Leave out of the data: last day\n\n2026-03-01');
  });
});

describe('a field of a model', () => {
  it('that is a number says by its own name what it takes', () => {
    const days = (value: string) => pageForms.labels.read(typed({ label_delay: value })).values.label_delay;
    expect(days('30')).toBe('30');
    for (const [value, said] of [
      ['a month', 'How late labels come, in days has to be a number.'],
      ['-1', 'How late labels come, in days has to be 0 or more.'],
      ['9999', 'How late labels come, in days has to be 3650 or less.'],
    ] as const)
      expect(() => days(value)).toThrow(expect.objectContaining({ message: said, field: 'label_delay' }));
    expect(pageForms.impact.read(typed({ business_value: '-12000.5' })).values.business_value).toBe('-12000.5');
  });

  it('that was words before it was a number begins with the number in them', async ({ house }) => {
    const { model } = await house.team();
    const { id, write } = await begun(house, model);
    await write({ label_delay: 'about 30 days' });
    const page = { postmortemId: id, page: 'labels' } as const;
    const form = JSON.stringify(await pressed(house, postmortemWriting, actions.writePostmortem, page));
    expect(form).toContain('"initial_value":"30"');
  });

  it('that is a link is whole, and one on the card', async ({ house }) => {
    const { model } = await house.team();
    const { write, card } = await begun(house, model);
    const link = (value: string) => pageForms.learning.read(typed({ resolution_link: value })).values.resolution_link;
    expect(link('')).toBe('');
    expect(() => link('see the chart')).toThrow(expect.objectContaining({ field: 'resolution_link' }));
    await write({ resolution_link: link('https://charts.example/churn') ?? '' });
    expect(await card()).toContain('*What shows that it is over*: <https://charts.example/churn|');
  });
});

describe('how it was mitigated', () => {
  it('stands with the four times of the rollback, as they are on record', async ({ house }) => {
    const { model } = await house.team();
    const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
    const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now() }, 'OLGA');
    house.later(2);
    const { id } = await askFor(house.ctx, { modelId: model.id }, 'ENGI');
    house.later(7);
    for (const who of ['OLGA', 'LEAD']) await press(house.ctx, id, who);
    house.later(1);
    await executeNext(house.ctx);
    house.later(10);
    const seen = { modelId: model.id, environment: 'production', version: '13', at: house.now() };
    await servedVersionSeen(house.ctx, seen);
    await verifyNext(house.ctx);
    await resolve(house.ctx, incident.id, 'Rolled back to 13.', '', 'OLGA');
    const { card, file } = await looked(house, incident.id);
    const shown = (await card()).replaceAll(/<!date[^|]*\|([^>]*)>/g, '$1');
    expect(shown).toContain('*Rollbacks, from the record*');
    expect(shown).toMatch(
      /• \*1\*: proposed .*09:02.*, approved .*09:09.*, carried out .*09:10.*, seen to work .*09:20/,
    );
    expect(shown).toContain('*What stopped the impact*: Rollback');
    expect(await file()).toContain(
      '## Rollbacks\n\n- Rollback 1: proposed 2026-03-02 09:02 UTC, approved 2026-03-02 09:09 UTC, carried out 2026-03-02 09:10 UTC, seen to work 2026-03-02 09:20 UTC',
    );
    expect(JSON.parse(await file('json'))).toMatchObject({
      rollbacks: [{ number: 1, executed: '2026-03-02T09:10:00.000Z', observed: '2026-03-02T09:20:00.000Z' }],
    });
  });

  it('says what a rollback did not come to', async ({ house }) => {
    const { model } = await house.team();
    const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
    const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now() }, 'OLGA');
    await askFor(house.ctx, { modelId: model.id }, 'ENGI');
    await resolve(house.ctx, incident.id, 'It passed.', 'The feed was put right first.', 'OLGA');
    const { card, file } = await looked(house, incident.id);
    expect(await card()).toContain('not approved, not carried out, not seen to work');
    expect(await file()).toContain('not approved, not carried out, not seen to work');
  });
});

describe('the day on which labels are in', () => {
  const reminders = async (house: House) => {
    while (await remindOfMeeting(house.ctx));
    return (await house.said('postmortem:')).filter((said) => said.includes('Please measure the impact'));
  };

  it('asks who sees to it on that day, in their hours, once', async ({ house }) => {
    const { model } = await house.team();
    await keepPerson(house.ctx, { id: 'OLGA', name: 'Olga Ivanova', zone: 'America/New_York', standing: 'member' });
    const { write } = await begun(house, model);
    await write({ labels_on: '2026-03-20' });
    // Monday the 2nd, 9:30 in UTC, to Friday the 20th, 9:00 in New York: 13:00.
    house.later(18 * 24 * 60 + 3 * 60 + 29);
    expect(await reminders(house)).toEqual([]);
    house.later(1);
    const [said] = await reminders(house);
    expect(said).toContain('[Write: Impact]\n[Write: Labels]');
    house.later(7 * 24 * 60);
    expect(await reminders(house)).toHaveLength(1);
  });

  it('waits for Monday where it is a Saturday, and for the morning of whoever sees to it by then', async ({
    house,
  }) => {
    const { model } = await house.team();
    await keepPerson(house.ctx, { id: 'DEPU', name: 'Dewi Putri', zone: 'America/New_York', standing: 'member' });
    const { id, write } = await begun(house, model);
    await write({ labels_on: '2026-03-21' });
    await choosePeople(house.ctx, id, { ownerId: 'DEPU', inSpite: '' }, 'OLGA');
    house.later(21 * 24 * 60);
    expect(await reminders(house)).toEqual([]);
    house.later(4 * 60);
    expect(await reminders(house)).toHaveLength(1);
  });

  it('asks nothing once it is taken back', async ({ house }) => {
    const { model } = await house.team();
    const { write } = await begun(house, model);
    await write({ labels_on: '2026-03-20' });
    await write({ labels_on: '' }, 'OLGA', 1);
    house.later(60 * 24 * 60);
    expect(await reminders(house)).toEqual([]);
  });
});

describe('the test that would have caught it', () => {
  it('is promised by its button, with what is known filled in', async ({ house }) => {
    const { model } = await house.team();
    const { id, write, card } = await begun(house, model);
    expect(await card()).not.toContain('Promise it');
    await write({ evaluation_gap: 'Scores of customers under 30 days, against the last version.' });
    expect(await card()).toContain('[Write: The model] [Promise it]');
    const about = { postmortemId: id, about: 'gap' } as const;
    const form = JSON.stringify(await pressed(house, commitments, actions.addCommitment, about));
    expect(form).toContain('"initial_value":"Scores of customers under 30 days, against the last version."');
    expect(form).toContain('"initial_value":"The gate refuses a version like this one."');
    expect(form).toMatch(/"initial_option":\{"text":\{"type":"plain_text","text":"Notice it sooner"/);
    const plain = JSON.stringify(await pressed(house, commitments, actions.addCommitment, { postmortemId: id }));
    expect(plain).not.toContain('under 30 days');
  });
});

describe('the head of a post-mortem', () => {
  it('says how bad it was at its worst, and what noticed it', async ({ house }) => {
    const { model } = await house.team();
    const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
    const of = { ...about, modelId: model.id, onset: house.now(), kind: 'drill' } as const;
    const { incident } = await declare(house.ctx, of, 'OLGA');
    await changeSeverity(house.ctx, incident.id, 'sev1', '', 'OLGA');
    await changeSeverity(house.ctx, incident.id, 'sev3', 'only test traffic', 'OLGA');
    await resolve(house.ctx, incident.id, 'The feed was put right.', '', 'OLGA');
    const { card, file } = await looked(house, incident.id);
    expect(await card()).toContain('*Severity*\nSEV3, SEV1 at its worst');
    expect(await card()).toContain('(still being written, a drill)');
    expect(await card()).toContain('*Who or what noticed first*: A drill');
    expect(await file()).toContain('severity: "sev3"\nworst: "sev1"');
  });

  it('shows the times as they stand, also where they are put right later', async ({ house }) => {
    const { model } = await house.team();
    const { incidentId, card } = await begun(house, model);
    expect(await card()).toContain('*From onset to end*\n30 min');
    expect(await card()).toContain('[Correct times]');
    const onset = new Date('2026-03-02T08:00:00Z');
    const before = { onset, onset_earliest: new Date('2026-03-02T07:00:00Z'), onset_latest: onset };
    await correctTimes(house.ctx, incidentId, ['onset', 'onset_earliest', 'onset_latest'], before, 'OLGA');
    await redraw(house.ctx, incidentId);
    expect(await card()).toContain('*From onset to end*\n90 min');
    expect(await card()).toContain('• Began at the earliest: <!date');
  });

  it('of a private one says so', async ({ house }) => {
    const { model } = await house.team();
    const { card } = await begun(house, model, { onlyFor: [] });
    expect(await card()).toContain(':lock: *Private*: only its own people see it.');
  });
});

describe('the card', () => {
  it('of the longest post-mortem still ends with its buttons', async ({ house }) => {
    const { model } = await house.team();
    const { id, card } = await begun(house, model);
    const long = 'A sentence that goes on and on. '.repeat(90).trim();
    for (const form of Object.values(pageForms)) {
      const names = form.view({ postmortemId: id, revisions: {} }).blocks.flatMap((block) => block.block_id ?? []);
      expect(names.length).toBeLessThanOrEqual(7);
    }
    await writePage(
      house.ctx,
      id,
      sectionNames.filter((name) => !isOneAnswer(name)).map((section) => ({ section, revision: 0, text: long })),
      'DEPU',
    );
    for (let made = 0; made < 10; made += 1)
      await addCommitment(
        house.ctx,
        id,
        { text: long.slice(0, 300), type: 'detect', due: '2026-04-01', verification: 'a drill', ownerId: 'ENGI' },
        'OLGA',
      );
    expect(await card()).toContain('[Ask for review]');
    expect((await card())?.length).toBeLessThan(12_000);
    expect(await card()).toContain('Written by <@');
  });
});
