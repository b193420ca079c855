import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import { offRules, tallies } from '../../../src/features/postmortems/fairness/queries.ts';
import { nudgesFor } from '../../../src/features/postmortems/fairness/rules.ts';
import { rulesModal } from '../../../src/features/postmortems/fairness/views.ts';
import { addWord, dropWords } from '../../../src/features/postmortems/fairness/vocabulary/changes.ts';
import { vocabulary as doors } from '../../../src/features/postmortems/fairness/vocabulary/doors.ts';
import { vocabularyOf } from '../../../src/features/postmortems/fairness/vocabulary/queries.ts';
import { mostWords } from '../../../src/features/postmortems/fairness/vocabulary/rules.ts';
import { fairnessWords } from '../../../src/features/postmortems/fairness/vocabulary/schema.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { it } from '../../support/house.ts';

describe('a name of this workspace', () => {
  const vocabulary = { names: ['Reckless', 'Human Error Desk', 'Operator', 'c++'], roles: [] };
  const asks = (text: string) => nudgesFor('factor', text, { vocabulary }).map(({ rule }) => rule);

  it('is left alone as it is spelled, and only the whole of it', () => {
    expect(asks('Reckless was restarted at noon.')).toEqual([]);
    expect(asks('The rollout was reckless.')).toEqual(['L2']);
    expect(asks('Recklessness of the vendor.')).toEqual(['L2']);
    expect(asks('The Human Error Desk had no alert.')).toEqual([]);
    expect(asks('Human error at the Human Error Desk.')).toEqual(['L1']);
    expect(asks('The Operator failed to start the pods.')).toEqual([]);
    expect(asks('The operator failed to start the pods.')).toEqual(['L5']);
  });

  it('may hold any sign', () => {
    expect(asks('The c++ part failed to build.')).toEqual([]);
    expect(nudgesFor('factor', 'x', { vocabulary: { names: ['a(b', '[', '\\'], roles: ['d*e'] } })).toEqual([]);
  });

  it('may be that of a person of the team', () => {
    const known = { names: ['Ada Lovelace'], vocabulary: { names: ['Ada Lovelace Cluster'], roles: [] } };
    expect(nudgesFor('factor', 'The Ada Lovelace Cluster was full.', known)).toEqual([]);
    expect(nudgesFor('factor', 'Ada Lovelace was alone.', known)).toHaveLength(1);
  });
});

describe('what people are called in this workspace', () => {
  const vocabulary = { names: [], roles: ['data steward', 'annotator'] };
  const asks = (text: string) => nudgesFor('factor', text, { vocabulary }).map(({ rule }) => rule);

  it('counts as a person, in any case and number', () => {
    const texts = [
      'The annotators forgot to check the unit.',
      'If the Data Steward had asked, it would have been seen.',
      'Data  stewards skipped the review.',
    ];
    expect(texts.map((text) => nudgesFor('factor', text))).toEqual([[], [], []]);
    expect(texts.flatMap(asks)).toEqual(['L5', 'L6', 'L9']);
    expect(nudgesFor('open_questions', 'Why did the annotator wait?', { vocabulary })).toHaveLength(1);
  });

  it('is no part of another word, and the usual ones still count', () => {
    expect(asks('The annotatorium failed to load.')).toEqual([]);
    expect(asks('The engineer failed to update the alias.')).toEqual(['L5']);
  });
});

describe('the words of a workspace', () => {
  it('are added and taken out by who leads a team, and the ledger says so', async ({ house }) => {
    await house.team();
    await expect(addWord(house.ctx, 'name', 'Reckless', 'OLGA')).rejects.toThrow('Only who leads a team');
    await expect(dropWords(house.ctx, ['name:Reckless'], 'OLGA')).rejects.toThrow('Only who leads a team');
    await addWord(house.ctx, 'name', '  Reckless ', 'LEAD');
    await addWord(house.ctx, 'role', 'Data  Steward', 'LEAD');
    await expect(addWord(house.ctx, 'role', 'data steward', 'LEAD')).rejects.toMatchObject({ field: 'word' });
    for (const bad of ['', 'ab', '!!!', 'x'.repeat(61)])
      await expect(addWord(house.ctx, 'name', bad, 'LEAD')).rejects.toMatchObject({ field: 'word' });
    expect(await vocabularyOf(house.ctx)).toEqual({ names: ['Reckless'], roles: ['data steward'] });
    expect(await vocabularyOf(house.elsewhere('T2'))).toEqual({ names: [], roles: [] });
    await dropWords(house.ctx, ['role:data steward', 'name:not there'], 'LEAD');
    expect(await vocabularyOf(house.ctx)).toEqual({ names: ['Reckless'], roles: [] });
    const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what.startsWith('postmortem.word_'));
    expect(lines.map(({ who, summary }) => `${who} ${summary}`)).toEqual([
      'LEAD added the name "Reckless" to the words of this workspace',
      'LEAD added the role "data steward" to the words of this workspace',
      'LEAD took the role "data steward" out of the words of this workspace',
    ]);
  });

  it('stand in the list of rules, with a way to change them', async ({ house }) => {
    await house.team();
    const shown = async () =>
      JSON.stringify(rulesModal(await offRules(house.ctx), await tallies(house.ctx), await vocabularyOf(house.ctx)));
    expect(await shown()).toContain('names that are left alone: none');
    expect(await shown()).not.toContain('Take words out');
    await addWord(house.ctx, 'name', 'Reckless', 'LEAD');
    expect(await shown()).toContain('names that are left alone: Reckless');
    expect(await shown()).toContain('Take words out');
  });

  it('are a hundred of each kind at most', async ({ house }) => {
    await house.team();
    const many = Array.from({ length: mostWords }, (_, i) => `Product ${i}`);
    const rest = { workspace: 'T1', kind: 'name' as const, by: 'LEAD', at: house.now() };
    await house.ctx.db.insert(fairnessWords).values(many.map((word) => ({ ...rest, word })));
    await expect(addWord(house.ctx, 'name', 'One more', 'LEAD')).rejects.toThrow('100 of them already');
    await addWord(house.ctx, 'role', 'steward', 'LEAD');
  });

  it('are refused at the door, too, before anybody has typed', async ({ house }) => {
    await house.team();
    for (const door of doors.actions ?? []) {
      await expect(house.visit(async (ctx) => await door.handle(ctx, { id: 'OLGA' }, {}))).rejects.toThrow('leads');
      await house.visit(async (ctx) => await door.handle(ctx, { id: 'LEAD' }, {}));
    }
    expect((doors.actions ?? []).map(({ id }) => id)).toEqual([actions.addVocabulary.id, actions.dropVocabulary.id]);
  });
});
