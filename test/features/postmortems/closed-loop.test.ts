import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { addFactor, writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { addCommitment, sayDone, verify } from '../../../src/features/postmortems/commitments/changes.ts';
import { remindAll } from '../../../src/features/postmortems/commitments/reminders/changes.ts';
import { findFactors, pendingOf } from '../../../src/features/postmortems/commitments/queries.ts';
import { commitmentDays, dayAfter, mondayOf } from '../../../src/features/postmortems/commitments/rules.ts';
import { commitments as commitmentDoors } from '../../../src/features/postmortems/commitments/doors.ts';
import type { SectionName } from '../../../src/features/postmortems/draft.ts';
import { servedWords } from '../../../src/features/postmortems/draft.ts';
import { planMeeting, remindOfMeeting } from '../../../src/features/postmortems/meeting/changes.ts';
import { factorsOf, sectionsOf } from '../../../src/features/postmortems/queries.ts';
import { checkedLink } from '../../../src/features/postmortems/rules.ts';
import { pageNames, pages, sectionTitles } from '../../../src/features/postmortems/writing/rules.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { type House, it } from '../../support/house.ts';

/** An incident from its declaration to the beginning of its post-mortem, half an hour later. */
async function ended(house: House, model: Model, onlyFor?: readonly string[]) {
  const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now(), onlyFor }, 'OLGA');
  await takeCommand(house.ctx, incident.id, 'OLGA');
  house.later(30);
  await resolve(house.ctx, incident.id, 'The feed was put right.', '', 'OLGA');
  const postmortem = await start(house.ctx, incident.id, 'OLGA');
  const write = (section: SectionName, text: string, by = 'OLGA', revision = 0) =>
    writePage(house.ctx, postmortem.id, [{ section, text, revision }], by);
  return { incident, postmortem, write, card: async () => (await house.said(`postmortem:${postmortem.id}`)).join() };
}
const factor = { category: 'data', statement: 'No check of units', evidence: '' } as const;
const promised = {
  text: 'Check units',
  type: 'detect',
  due: '2026-04-01',
  verification: 'a drill',
  ownerId: 'ENGI',
} as const;
const reminders = async (house: House) => {
  while (await remindOfMeeting(house.ctx));
};

describe('a promise that was kept', () => {
  /** Kept against a factor of the first incident, and seen by somebody else. */
  async function kept(house: House) {
    const { model } = await house.team();
    const first = await ended(house, model);
    await addFactor(house.ctx, first.postmortem.id, factor, 'DEPU');
    const [seen] = await factorsOf(house.ctx, first.postmortem.id);
    const made = await addCommitment(house.ctx, first.postmortem.id, { ...promised, factorId: seen?.id }, 'ENGI');
    await sayDone(house.ctx, made.id, 'It runs every night.', 'ENGI');
    await verify(house.ctx, made.id, true, '', 'DEPU');
    expect(await pendingOf(house.ctx, 'ENGI')).toEqual([]);
    return { model, first, sameAs: seen?.id ?? '', made };
  }

  it('is open again when its factor is seen again, and its owner hears why', async ({ house }) => {
    const { model, sameAs, made } = await kept(house);
    const again = await ended(house, model);
    await addFactor(house.ctx, again.postmortem.id, { ...factor, sameAs }, 'DEPU');
    expect(await pendingOf(house.ctx, 'ENGI')).toMatchObject([{ id: made.id, state: 'open', reopenCount: 1 }]);
    const told = (await house.said(`commitment:${made.id}:ENGI`)).join();
    expect(told).toContain('*Open* again: The condition was seen again, in incident 2.');
  });

  it('is left alone by another factor, and by one of its own document', async ({ house }) => {
    const { model, first, sameAs } = await kept(house);
    const again = await ended(house, model);
    await addFactor(house.ctx, again.postmortem.id, factor, 'DEPU');
    const own = addFactor(house.ctx, first.postmortem.id, { ...factor, sameAs }, 'DEPU');
    await expect(own).rejects.toMatchObject({ field: 'sameAs' });
    expect(await pendingOf(house.ctx, 'ENGI')).toEqual([]);
  });

  it('hears nothing of a private incident but that it is open', async ({ house }) => {
    const { model, sameAs, made } = await kept(house);
    const hidden = await ended(house, model, ['LEAD']);
    await addFactor(house.ctx, hidden.postmortem.id, { ...factor, sameAs }, 'LEAD');
    const told = (await house.said(`commitment:${made.id}:ENGI`)).join();
    expect(told).toContain('*Open* again: The condition was seen again.');
    expect(told).not.toContain('incident 2');
  });

  it('is found by the letters of its factor, but never across the walls of a private incident', async ({ house }) => {
    const { model } = await kept(house);
    const hidden = await ended(house, model, []);
    await addFactor(house.ctx, hidden.postmortem.id, { ...factor, statement: 'Units of 100% secrecy' }, 'OLGA');
    const found = async (typed: string, who: string) =>
      (await findFactors(house.ctx, typed, who)).map(({ statement }) => statement);
    expect(await found('UNITS', 'DEPU')).toEqual(['No check of units']);
    expect(await found('units', 'OLGA')).toEqual(['Units of 100% secrecy', 'No check of units']);
    expect(await found('100%', 'OLGA')).toEqual(['Units of 100% secrecy']);
    expect(await found('_', 'OLGA')).toEqual([]);
  });

  it('is open again however often its factor was seen in between', async ({ house }) => {
    const { model, sameAs, made } = await kept(house);
    let last = sameAs;
    for (const number of [2, 3, 4]) {
      const again = await ended(house, model);
      await addFactor(house.ctx, again.postmortem.id, { ...factor, sameAs: last }, 'DEPU');
      last = (await factorsOf(house.ctx, again.postmortem.id))[0]?.id ?? '';
      const [open] = await pendingOf(house.ctx, 'ENGI');
      expect(open).toMatchObject({ id: made.id, reopenCount: number - 1 });
      await sayDone(house.ctx, made.id, 'It runs every hour now.', 'ENGI');
      await verify(house.ctx, made.id, true, '', 'DEPU');
    }
  });

  it('names where its work is tracked by a whole link only', () => {
    expect(checkedLink('https://tracker.example/7')).toBe('https://tracker.example/7');
    expect(() => checkedLink('javascript:alert(1)')).toThrow('Give a whole link');
  });
});

describe('a promise', () => {
  it('gets a day by how bad it was, and says how urgent it is', async ({ house }) => {
    const { model } = await house.team();
    const { postmortem } = await ended(house, model);
    const days = (['sev1', 'sev2', 'sev3'] as const).map((each) => dayAfter('2026-03-02', commitmentDays[each]));
    expect(days).toEqual(['2026-03-16', '2026-03-30', '2026-04-27']);
    const door = commitmentDoors.actions?.find(({ id }) => id === actions.addCommitment.id);
    const shown = await door?.handle(house.ctx, { id: 'OLGA' }, { postmortemId: postmortem.id });
    expect(JSON.stringify(shown)).toContain('"initial_date":"2026-03-30"');
    const made = await addCommitment(house.ctx, postmortem.id, { ...promised, priority: 'high' }, 'OLGA');
    expect((await house.said(`commitment:${made.id}:ENGI`)).join()).toContain('*How urgent*\nBefore other work');
  });

  it('that is late is told to the team, too, once a week and in its hours; of private incidents never', async ({
    house,
  }) => {
    const { model } = await house.team();
    const { postmortem } = await ended(house, model);
    const hidden = await ended(house, model, ['ENGI']);
    const about = { ...promised, due: '2026-03-04' };
    const made = await addCommitment(house.ctx, postmortem.id, about, 'OLGA');
    await addCommitment(house.ctx, hidden.postmortem.id, { ...about, text: 'A secret' }, 'OLGA');
    const told = async () => {
      await remindAll(house.ctx);
      return await house.said('commitments:late:C1');
    };
    house.later(5 * 24 * 60);
    // The third day after it is a Saturday.
    expect(await told()).toEqual([]);
    house.later(2 * 24 * 60);
    expect((await told()).join()).toContain('*1* Check units – <@ENGI>');
    expect((await told()).join()).not.toContain('A secret');
    house.later(24 * 60);
    expect(await told()).toHaveLength(1);
    house.later(7 * 24 * 60);
    expect(await told()).toHaveLength(2);
    await sayDone(house.ctx, made.id, 'It runs every night.', 'ENGI');
    house.later(7 * 24 * 60);
    expect(await told()).toHaveLength(2);
  });

  it('belongs to a week that begins on Monday', () =>
    expect(['2026-03-02', '2026-03-08', '2026-03-09'].map(mondayOf)).toEqual([
      '2026-03-02',
      '2026-03-02',
      '2026-03-09',
    ]));
});

describe('the review meeting', () => {
  it('is planned, moved in the same message, and everybody is reminded an hour before', async ({ house }) => {
    const { model } = await house.team();
    const { postmortem, card } = await ended(house, model);
    const at = (hours: number) => new Date(house.now().getTime() + hours * 3_600_000);
    await expect(planMeeting(house.ctx, postmortem.id, at(-1), 'LEAD')).rejects.toMatchObject({ field: 'at' });
    await planMeeting(house.ctx, postmortem.id, at(5), 'LEAD');
    await planMeeting(house.ctx, postmortem.id, at(7), 'LEAD');
    expect(await card()).toContain('*Meeting*');
    expect(await house.said(`postmortem:${postmortem.id}:meeting`)).toHaveLength(1);
    house.later(5 * 60);
    await reminders(house);
    expect(await house.said(`postmortem:${postmortem.id}:soon`)).toEqual([]);
    house.later(61);
    await reminders(house);
    await reminders(house);
    expect((await house.said(`postmortem:${postmortem.id}:soon`)).join()).toContain('In an hour, at');
  });

  it('that was over before anybody could be reminded is let go', async ({ house }) => {
    const { model } = await house.team();
    const { postmortem } = await ended(house, model);
    await planMeeting(house.ctx, postmortem.id, new Date(house.now().getTime() + 3_600_000), 'LEAD');
    house.later(24 * 60);
    await reminders(house);
    expect(await house.said(`postmortem:${postmortem.id}:soon`)).toEqual([]);
  });
});

describe('what only a post-mortem of a model asks', () => {
  it('has every section on one page, with a title', () => {
    const all = pageNames.flatMap((page) => [...pages[page]] as SectionName[]);
    expect(new Set(all).size).toBe(all.length);
    expect(all.toSorted()).toEqual(Object.keys(sectionTitles).toSorted());
  });

  it('knows which versions were served, and shows answers of a list in words', async ({ house }) => {
    const { model } = await house.team();
    const begun = house.now();
    house.later(10);
    const to13 = { modelId: model.id, environment: 'production', version: '13', who: 'ci', why: 'rollback' };
    await aliasMoved(house.ctx, to13);
    const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
    const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: begun }, 'OLGA');
    await resolve(house.ctx, incident.id, 'Back at 13.', '', 'OLGA');
    const { id } = await start(house.ctx, incident.id, 'OLGA');
    expect(await sectionsOf(house.ctx, id)).toMatchObject({
      served: 'Version 14, from 2026-03-02 09:10 UTC on version 13',
    });
    const answers = [
      { section: 'failure_class', revision: 0, text: 'feedback_loop' },
      { section: 'retrain', revision: 0, text: 'wait_for_labels' },
    ] as const;
    await writePage(house.ctx, id, answers, 'OLGA');
    const said = (await house.said(`postmortem:${id}`)).join();
    expect(said).toContain('*Where it failed*: Feedback loop');
    expect(said).toContain('*Retrain*: Wait for labels');
    const at = new Date('2026-03-02T09:10:00Z');
    expect(servedWords(null, [])).toBe('');
    expect(servedWords('14', [{ fromVersion: null, toVersion: '14', at }])).toBe('Version 14');
  });

  it('of two who choose at once the second stands, and both are on record', async ({ house }) => {
    const { model } = await house.team();
    const { postmortem, write } = await ended(house, model);
    await write('failure_class', 'data');
    await write('failure_class', 'serving', 'DEPU');
    expect(await sectionsOf(house.ctx, postmortem.id)).toMatchObject({ failure_class: 'serving' });
  });
});
