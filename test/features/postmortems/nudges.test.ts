import { getTableColumns } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { curate } from '../../../src/features/incidents/timeline/curating/changes.ts';
import { timelineOf } from '../../../src/features/incidents/timeline/queries.ts';
import { addFactor, removeFactor, writePage } from '../../../src/features/postmortems/writing/changes.ts';
import { askForReview, close, reviewed } from '../../../src/features/postmortems/changes.ts';
import { addCommitment } from '../../../src/features/postmortems/commitments/changes.ts';
import type { SectionName } from '../../../src/features/postmortems/draft.ts';
import {
  dismiss,
  keepQuestioned,
  questionStructure,
  questionWriting,
  switchRule,
} from '../../../src/features/postmortems/fairness/changes.ts';
import { fairness as fairnessDoors } from '../../../src/features/postmortems/fairness/doors.ts';
import { offRules, structureOf, tallies } from '../../../src/features/postmortems/fairness/queries.ts';
import { nudgesFor, ruleIds } from '../../../src/features/postmortems/fairness/rules.ts';
import { nudges } from '../../../src/features/postmortems/fairness/schema.ts';
import { found } from '../../../src/features/postmortems/fairness/structure.ts';
import { nudgeMessage, reviewQuestions, rulesModal } from '../../../src/features/postmortems/fairness/views.ts';
import { addWord } from '../../../src/features/postmortems/fairness/vocabulary/changes.ts';
import { askIds, measured, type Question, sources, words } from '../../../src/features/postmortems/fairness/words.ts';
import { pageForms } from '../../../src/features/postmortems/writing/forms.ts';
import { choosePeople } from '../../../src/features/postmortems/people/changes.ts';
import { factorsOf, postmortemById } from '../../../src/features/postmortems/queries.ts';
import { postmortems } from '../../../src/features/postmortems/schema.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { postmortemWriting } from '../../../src/features/postmortems/writing/doors.ts';
import { keepPerson } from '../../../src/features/teams/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';
import { labelled } from './labelled.ts';

async function started(house: House, onlyFor?: readonly string[]) {
  const { model } = await house.team();
  const about = { title: 'Scores are off', summary: 'Calls go wrong', version: '14', evidence: '' } as const;
  const { incident } = await declare(
    house.ctx,
    { ...about, severity: 'sev2', modelId: model.id, onset: house.now(), ...(onlyFor && { onlyFor }) },
    'OLGA',
  );
  await takeCommand(house.ctx, incident.id, 'OLGA');
  house.later(30);
  await resolve(house.ctx, incident.id, 'rolled back to 13', '', 'OLGA');
  const { id } = await start(house.ctx, incident.id, 'OLGA');
  let revision = 0;
  /** As the form does it: save, then ask. */
  const write = async (section: SectionName, text: string) => {
    await writePage(house.ctx, id, [{ section, text, revision }], 'OLGA');
    revision += 1;
    return short(await questionWriting(house.ctx, id, [{ place: section, text }]));
  };
  const factor = async (statement: string) => {
    await addFactor(house.ctx, id, { category: 'data', statement, evidence: '' }, 'OLGA');
    return short(await questionWriting(house.ctx, id, [{ place: 'factor', text: statement }]));
  };
  /** Everything that has to stand before others read it. */
  const whole = async () => {
    const texts = { detection: 'drift alert', trigger: 'new feed', difficult: 'the pager' } as const;
    for (const section of ['detection', 'trigger', 'difficult'] as const)
      await writePage(house.ctx, id, [{ section, text: texts[section], revision: 0 }], 'OLGA');
    for (const each of ['no check of units', 'no test of scales']) await factor(each);
    await choosePeople(house.ctx, id, { ownerId: 'OLGA', facilitatorId: 'LEAD', inSpite: '' }, 'OLGA');
  };
  const review = async () => {
    await askForReview(house.ctx, id, 'OLGA');
    return short(await questionStructure(house.ctx, id));
  };
  return { id, incident, write, factor, whole, review };
}
const short = (questions: readonly Question[]) => questions.map(({ rule, place }) => `${rule} ${place}`);
/** What the table holds, as a person would say it. */
async function kept({ ctx }: House): Promise<string[]> {
  const rows = await ctx.db.select().from(nudges);
  return rows.map(({ rule, place, outcome }) => `${rule} ${place} ${outcome}`).toSorted();
}

describe('a question about what was written', () => {
  it('is kept with its rule and place, and was edited once nothing is found there any more', async ({ house }) => {
    const { write } = await started(house);
    expect(await write('impact', 'Human error.')).toEqual(['L1 impact']);
    expect(await kept(house)).toEqual(['L1 impact asked']);
    expect(await write('impact', 'Still a human error.')).toEqual(['L1 impact']);
    expect(await kept(house)).toEqual(['L1 impact asked']);
    expect(await write('impact', 'The screen showed the old value.')).toEqual([]);
    expect(await kept(house)).toEqual(['L1 impact edited']);
    expect(await write('impact', 'A human error after all.')).toEqual(['L1 impact']);
    expect(await kept(house)).toEqual(['L1 impact asked']);
  });

  it('is not edited while the words of somebody else still stand there', async ({ house }) => {
    const { id, write } = await started(house);
    await write('impact', 'Human error.');
    const mine = { section: 'impact', text: 'Forty calls.', revision: 0 } as const;
    await writePage(house.ctx, id, [mine], 'DEPU');
    expect(await questionWriting(house.ctx, id, [{ place: 'impact', text: mine.text }])).toEqual([]);
    expect(await kept(house)).toEqual(['L1 impact asked']);
  });

  it('was kept where the document is closed with it, and edited where a factor was taken back', async ({ house }) => {
    const { id, write, whole, factor, review } = await started(house);
    await write('impact', 'Human error.');
    await whole();
    expect(await factor('Enzo Gil forgot to look at the units')).toEqual(['S0 factor']);
    const [, , wrong] = await factorsOf(house.ctx, id);
    await removeFactor(house.ctx, wrong?.id ?? '', 'OLGA');
    await review();
    await reviewed(house.ctx, id, 'LEAD');
    await close(house.ctx, id, 'OLGA');
    await keepQuestioned(house.ctx, id);
    expect(await kept(house)).toEqual([
      'C2 document kept',
      'C4 document kept',
      'C5 document kept',
      'L1 impact kept',
      'S0 factor edited',
    ]);
  });

  it('is never asked again at the place where it was of no use, and is elsewhere', async ({ house }) => {
    const { id, write } = await started(house);
    await write('impact', 'Human error.');
    await dismiss(house.ctx, id, 'L1', 'impact', 'DEPU');
    expect(await write('impact', 'Human error, again.')).toEqual([]);
    expect(await kept(house)).toEqual(['L1 impact dismissed']);
    await dismiss(house.ctx, id, 'L1', 'impact', 'DEPU');
    expect(short(await questionWriting(house.ctx, id, [{ place: 'trigger', text: 'Human error.' }]))).toEqual([
      'L1 trigger',
    ]);
    expect(await write('impact', 'The screen showed the old value.')).toEqual([]);
    expect(await kept(house)).toContain('L1 impact dismissed');
  });

  it('is asked three times at most in one go, and only what was asked is kept', async ({ house }) => {
    const { id } = await started(house);
    const text = 'Human error. It was careless. The vendor was to blame. It should have been tested.';
    expect(await questionWriting(house.ctx, id, [{ place: 'summary', text }])).toHaveLength(3);
    expect(await kept(house)).toHaveLength(3);
  });

  it('of a rule or place that nobody knows is refused', async ({ house }) => {
    const { id } = await started(house);
    await expect(dismiss(house.ctx, id, 'X1', 'impact', 'OLGA')).rejects.toThrow('That rule is not known any more.');
    await expect(dismiss(house.ctx, id, 'L1', 'OLGA', 'OLGA')).rejects.toThrow('That place is not known any more.');
    expect(await kept(house)).toEqual([]);
  });

  it('out of a private incident does not exist for anybody else', async ({ house }) => {
    const { id } = await started(house, ['DEPU']);
    await expect(dismiss(house.ctx, id, 'L1', 'impact', 'ENGI')).rejects.toThrow('That post-mortem is gone.');
    await dismiss(house.ctx, id, 'L1', 'impact', 'DEPU');
    expect(await kept(house)).toEqual(['L1 impact dismissed']);
  });
});

describe('questions about the whole of it', () => {
  it('are asked with the review, the most valuable three, and were edited once they are answered', async ({
    house,
  }) => {
    const { id, incident, write, whole, review } = await started(house);
    await write('impact', 'Forty calls.');
    await whole();
    expect(await review()).toEqual(['C2 document', 'C4 document', 'C5 document']);
    const [first] = await timelineOf(house.ctx, incident, house.now());
    const tagged = { isHidden: false, title: null, at: null, tag: 'decision' } as const;
    await curate(house.ctx, incident.id, first?.line ?? '', tagged, 'OLGA');
    await writePage(house.ctx, id, [{ section: 'lucky', text: 'It was Sunday.', revision: 0 }], 'DEPU');
    await questionWriting(house.ctx, id, [{ place: 'lucky', text: 'It was Sunday.' }]);
    expect(await kept(house)).toEqual(['C2 document asked', 'C4 document edited', 'C5 document edited']);
  });

  it('give way to the next where one was of no use or is switched off', async ({ house }) => {
    const { id, write, whole, review } = await started(house);
    await write('impact', 'Forty calls.');
    await whole();
    await dismiss(house.ctx, id, 'C2', 'document', 'OLGA');
    await switchRule(house.ctx, 'C4', true, 'LEAD');
    expect(await review()).toEqual(['C5 document', 'C3 document', 'C12 document']);
  });

  it('see who wrote, who was active, and when it is talked through', async ({ house }) => {
    const { id, whole } = await started(house);
    await whole();
    const about = { text: 'x', type: 'learn', due: '2026-03-20', verification: 'a drill', ownerId: 'DEPU' } as const;
    await addCommitment(house.ctx, id, about, 'DEPU');
    await writePage(house.ctx, id, [{ section: 'impact', text: 'Forty calls.', revision: 0 }], 'ENGI');
    const seen = await structureOf(house.ctx, await postmortemById(house.ctx, id, 'OLGA'));
    expect(seen.writers.toSorted()).toEqual(['DEPU', 'ENGI', 'OLGA']);
    expect(seen.active).toEqual(['OLGA']);
    expect(seen).toMatchObject({ reviewAt: house.now(), resolvedAt: house.now() });
    expect(seen.commitments).toHaveLength(1);
  });

  it('see an impact that is called measured while its labels are awaited', async ({ house }) => {
    const { id } = await started(house);
    const asks = async () => found(await structureOf(house.ctx, await postmortemById(house.ctx, id, 'OLGA')));
    const save = (section: SectionName, text: string) =>
      writePage(house.ctx, id, [{ section, text, revision: 0 }], 'OLGA');
    await save('impact_basis', 'measured');
    expect(await asks()).not.toContain('C11');
    await save('labels_on', '2026-03-09');
    expect(await asks()).toContain('C11');
    house.later(8 * 24 * 60);
    expect(await asks()).not.toContain('C11');
  });

  it('see that one person carries most of what is promised, and are dismissed like any other', async ({ house }) => {
    const { id } = await started(house);
    const about = { text: 'x', type: 'detect', due: '2026-03-20', verification: 'a drill' } as const;
    const promise = (ownerId: string) => addCommitment(house.ctx, id, { ...about, ownerId }, 'OLGA');
    const asks = async () => found(await structureOf(house.ctx, await postmortemById(house.ctx, id, 'OLGA')));
    for (const owner of ['ENGI', 'ENGI']) await promise(owner);
    expect(await asks()).not.toContain('C8');
    await promise('DEPU');
    expect(await asks()).toContain('C8');
    for (const rule of (await asks()).filter((each) => each !== 'C8')) await switchRule(house.ctx, rule, true, 'LEAD');
    expect(short(await questionStructure(house.ctx, id))).toEqual(['C8 document']);
    await dismiss(house.ctx, id, 'C8', 'document', 'OLGA');
    expect(await questionStructure(house.ctx, id)).toEqual([]);
    await promise('DEPU');
    expect(await asks()).not.toContain('C8');
  });

  it('leave the names of the workspace alone, and take its roles for people', async ({ house }) => {
    const { write } = await started(house);
    await addWord(house.ctx, 'name', 'Reckless', 'LEAD');
    await addWord(house.ctx, 'role', 'steward', 'LEAD');
    expect(await write('impact', 'Reckless was slow.')).toEqual([]);
    expect(await write('impact', 'The steward forgot to renew it.')).toEqual(['L5 impact']);
  });

  it('see whether whoever runs it was in it', async ({ house }) => {
    const { id } = await started(house);
    const asks = async (facilitatorId: string | null) => {
      await house.ctx.db.update(postmortems).set({ facilitatorId });
      return found(await structureOf(house.ctx, await postmortemById(house.ctx, id, 'OLGA'))).includes('C9');
    };
    expect([await asks('OLGA'), await asks('LEAD'), await asks(null)]).toEqual([true, false, false]);
  });

  it('keep the time at which the review was asked for', async ({ house }) => {
    const { id, write, whole, review } = await started(house);
    await write('impact', 'Forty calls.');
    await whole();
    await review();
    const asked = house.now();
    house.later(24 * 60);
    const seen = await structureOf(house.ctx, await postmortemById(house.ctx, id, 'OLGA'));
    expect(seen.reviewAt).toEqual(asked);
  });
});

describe('a rule that is off', () => {
  it('asks nowhere in its workspace until it is on again; the ledger says who switched it', async ({ house }) => {
    const { write, factor } = await started(house);
    for (const rule of ['L1', 'S0']) await switchRule(house.ctx, rule, true, 'LEAD');
    expect(await offRules(house.ctx)).toEqual(['L1', 'S0']);
    expect(await offRules(house.elsewhere('T2'))).toEqual([]);
    expect(await write('impact', 'Human error.')).toEqual([]);
    expect(await factor('Enzo Gil was new')).toEqual([]);
    await switchRule(house.ctx, 'L1', false, 'LEAD');
    expect(await write('impact', 'Human error!')).toEqual(['L1 impact']);
    const lines = await linesOf(house.ctx.db, 'T1');
    expect(lines.filter(({ what }) => what.startsWith('postmortem.rule_')).map(({ summary }) => summary)).toEqual([
      'switched off what L1 asks about post-mortems',
      'switched off what S0 asks about post-mortems',
      'switched on what L1 asks about post-mortems',
    ]);
    await expect(switchRule(house.ctx, 'X1', true, 'LEAD')).rejects.toThrow('That rule is not known any more.');
  });

  it('is switched and dismissed by full members only', async ({ house }) => {
    const { id } = await started(house);
    await keepPerson(house.ctx, { id: 'ENGI', name: 'Enzo Gil', zone: 'UTC', standing: 'guest' });
    const values = {
      [actions.switchQuestion.id]: { rule: 'L1', isOff: true },
      [actions.dismissQuestion.id]: { postmortemId: id, rule: 'L1', place: 'impact' },
    };
    for (const door of fairnessDoors.actions ?? []) {
      const value = values[door.id];
      if (!value) continue;
      await expect(door.prepare(house.ctx, { id: 'ENGI' }, value)).rejects.toThrow('Guests read along here');
      await door.prepare(house.ctx, { id: 'OLGA' }, value);
      await house.visit(async (ctx) => await door.handle(ctx, { id: 'OLGA' }, value));
    }
    expect(await offRules(house.ctx)).toEqual(['L1']);
    expect(await kept(house)).toEqual(['L1 impact dismissed']);
  });

  it('stands in the list with its switch, its worth and numbers without any name', async ({ house }) => {
    const { id, write } = await started(house);
    await write('impact', 'Human error.');
    await write('impact', 'The screen showed the old value.');
    await write('summary', 'Human error.');
    await dismiss(house.ctx, id, 'L2', 'summary', 'OLGA');
    await switchRule(house.ctx, 'L1', true, 'LEAD');
    expect(await tallies(house.elsewhere('T2'))).toEqual(new Map());
    const { blocks } = rulesModal(await offRules(house.ctx), await tallies(house.ctx));
    const said = JSON.stringify(blocks);
    expect(said).toContain('L1, off:*');
    expect(said).toContain('Right 6 times of 7 on sentences of ours.\\nAsked at 2 places: 1 edited, 1 still open.');
    expect(said).toContain('Asked at 1 place: 1 not useful.');
    expect(said).toContain('Switch on L1');
    expect(said).toContain('Switch off C12');
    expect(said).not.toContain('acted last');
    expect(said).not.toContain('Scores are off');
    expect(blocks).toHaveLength(askIds.length + 4);
    expect(blocks.length).toBeLessThanOrEqual(50);
  });

  it.each(ruleIds)('%s is as good as the list says', (rule) => {
    const names = ['Enzo Gil', 'Olga Marin'];
    const asked = labelled.filter(([place, text]) =>
      nudgesFor(place, text, { names }).some((each) => each.rule === rule),
    );
    const right = asked.filter(([, , ...expected]) => expected.some((each) => each === rule));
    expect([right.length, asked.length]).toEqual(measured[rule]);
  });
});

describe('what is stored', () => {
  it('has no column that could hold a person', () => {
    expect(Object.keys(getTableColumns(nudges)).toSorted()).toEqual([
      'at',
      'outcome',
      'place',
      'postmortemId',
      'rule',
      'workspace',
    ]);
  });

  it('names nobody after all of it happened, and the ledger does not either', async ({ house }) => {
    const { id, write, whole, factor, review } = await started(house);
    await write('impact', 'Human error.');
    await whole();
    await factor('Enzo Gil forgot to look');
    await dismiss(house.ctx, id, 'S0', 'factor', 'DEPU');
    await review();
    const rows = await house.ctx.db.select().from(nudges);
    expect(rows.length).toBeGreaterThan(3);
    // A finer instant would be that of somebody's saving.
    expect(rows.filter(({ at }) => !at.toISOString().endsWith('T00:00:00.000Z'))).toEqual([]);
    expect(JSON.stringify(rows)).not.toMatch(/OLGA|DEPU|LEAD|ENGI|PROD|Enzo|Olga/);
    const verbs = (await linesOf(house.ctx.db, 'T1')).map(({ what }) => what);
    expect(verbs.filter((what) => /question|nudge|dismiss|rule/.test(what))).toEqual([]);
  });
});

describe('why something is asked', () => {
  it('every question has one sentence and a link to read more, for words and for the whole', () => {
    for (const rule of askIds) {
      const question = { rule, place: 'summary' } as const;
      for (const said of [nudgeMessage('p', [question]), reviewQuestions('p', [question])]) {
        const { because, source } = words[rule];
        expect(JSON.stringify(said.blocks)).toContain(`_${because}_ <${sources[source]}|Why?>`);
      }
    }
    for (const source of Object.values(sources)) expect(new URL(source).protocol).toBe('https:');
  });

  it('a writer gets it with the question, under their own eyes only', async ({ house }) => {
    const { id } = await started(house);
    const form = postmortemWriting.forms?.find((each) => each.id === pageForms.story.id);
    const typed = {
      private_metadata: JSON.stringify({ postmortemId: id, revisions: { summary: 1 } }),
      state: { values: { summary: { summary: { type: 'plain_text_input', value: 'It was human error.' } } } },
    };
    const answer = JSON.stringify(await form?.handle(house.ctx, { id: 'OLGA' }, typed));
    expect(answer).toContain('An error of somebody is where learning begins.');
    expect(answer).toContain(`<${sources.traps}|Why?>`);
    expect((await house.said()).join()).not.toContain('Why?');
  });
});
