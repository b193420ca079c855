import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answered, bandOf, linesOf, pointsOf, scoreOf } from '../../../src/features/test-score/rules.ts';
import { answers } from '../../../src/features/test-score/schema.ts';
import { sections, sheet } from '../../../src/features/test-score/sheet.ts';

const now = new Date('2026-03-02T09:00:00Z');
const given = (said: Answered['said'], daysAgo = 1): Answered => ({
  said,
  by: 'OLGA',
  at: new Date(now.getTime() - daysAgo * 86_400_000),
  evidence: 'https://wiki.example/a',
  note: '',
});
const someAnswers = fc.dictionary(fc.constantFrom(...sheet.map(({ id }) => id)), fc.constantFrom(...answers));
const score = (said: Readonly<Record<string, Answered['said']>>, proofs: Record<string, string> = {}) =>
  scoreOf(linesOf(proofs, new Map(Object.entries(said).map(([id, each]) => [id, given(each)])), now));

describe('the sheet', () => {
  it('has four sections of seven questions, each with its own id and a next step', () => {
    expect(new Set(sheet.map(({ id }) => id)).size).toBe(28);
    for (const section of sections) expect(sheet.filter((item) => item.section === section)).toHaveLength(7);
    for (const { question, step } of sheet) {
      expect(question.at(-1)).toBe('?');
      expect(step.length).toBeGreaterThan(20);
    }
  });
});

describe('the score', () => {
  it('is the lowest of the four sums, each from 0 to 7', () =>
    fc.assert(
      fc.property(someAnswers, (said) => {
        const { total, sums } = score(said);
        const all = sections.map((section) => sums[section]);
        expect(total).toBe(Math.min(...all));
        for (const section of sections) {
          const own = sheet.filter((item) => item.section === section).map(({ id }) => said[id]);
          expect(sums[section]).toBe(own.reduce((sum, each) => sum + (each ? pointsOf[each] : 0), 0));
        }
        expect(all.every((sum) => sum >= 0 && sum <= 7)).toBe(true);
      }),
    ));

  it('never falls when an answer gets better, or a record of ours proves one', () =>
    fc.assert(
      fc.property(someAnswers, fc.constantFrom(...sheet), (said, { id }) => {
        const before = score(said).total;
        expect(score({ ...said, [id]: 'automated' }).total).toBeGreaterThanOrEqual(before);
        expect(score(said, { [id]: 'seen' }).total).toBeGreaterThanOrEqual(before);
      }),
    ));

  it('is 7 when a machine does everything, and then there is no next step', () => {
    const { total, next } = score(Object.fromEntries(sheet.map(({ id }) => [id, 'automated'])));
    expect([total, next]).toEqual([7, undefined]);
  });

  it('names an open question of the weakest section first, one that was never done before one done by hand', () => {
    const done = Object.fromEntries(sheet.map(({ id }) => [id, 'automated' as const]));
    expect(score({ ...done, 'model.slices': 'manual', 'model.tuned': 'not_done' }).next?.id).toBe('model.tuned');
  });

  it.each([
    [0, 'research project'],
    [0.5, 'serious holes'],
    [2, 'first pass'],
    [3, 'reasonably tested'],
    [5, 'strongly tested'],
    [5.5, 'exceptionally'],
  ])('%f is called %s', (total, words) => expect(bandOf(total)).toContain(words));
});

describe('an answer', () => {
  it('of half a year ago asks to be confirmed, and keeps its points', () => {
    const [line] = linesOf({}, new Map([['data.schema', given('manual', 181)]]), now);
    expect(line).toMatchObject({ points: 0.5, isOld: true });
    expect(linesOf({}, new Map([['data.schema', given('manual', 179)]]), now)[0]?.isOld).toBe(false);
  });

  it('is not needed where our own records prove it', () => {
    const [line] = linesOf({ 'data.schema': 'seen' }, new Map([['data.schema', given('not_done', 400)]]), now);
    expect(line).toMatchObject({ points: 1, proof: 'seen', isOld: false });
  });
});
