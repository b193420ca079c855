import { describe, expect, it } from 'vitest';
import {
  beganAt,
  contaminated,
  excludedLines,
  excludedText,
  filledParams,
  isDue,
  madeSince,
  mayStartAgain,
  nextState,
  pauseMs,
  readExcluded,
  readParams,
  versionSaid,
  wouldHaveStarted,
} from '../../../src/features/retraining/rules.ts';

const at = (text: string) => new Date(text);
const now = at('2026-03-02T09:00:00Z');
const known = { model: 'churn', environment: 'production', version: '14', excluded: 'a/b', reason: 'drift' };

describe('parameters', () => {
  it('are filled in, once, whatever people typed', () => {
    const text = 'model = {model}\n\n  skip={excluded}\nwhy = {reason}, since {version}';
    expect(filledParams(text, { ...known, reason: 'a {version} and $& of it' })).toEqual({
      model: 'churn',
      skip: 'a/b',
      why: 'a {version} and $& of it, since 14',
    });
  });

  it.each([
    ['model churn', 'Line 1 is not "name = value".'],
    ['a = 1\n\na = 2', 'Line 3: a is there twice.'],
    ['a = 1\nb = {owner}', 'Line 2: I do not know {owner}. I know {model}, '],
    ['a = ' + 'x'.repeat(3000), 'more than 3000'],
    ['two words = 1', 'Line 1 is not'],
  ])('%j is refused by its line', (text, words) => {
    expect(() => readParams(text)).toThrow(words);
  });
});

describe('what is left out', () => {
  it('is read as it is written', () => {
    const bad = [
      { from: at('2026-03-01T10:30:20Z'), to: null, why: 'drift alert 7' },
      { from: at('2026-02-20T00:00:00Z'), to: at('2026-02-21T00:00:00Z'), why: 'feed was in trouble' },
      { from: now, to: now, why: 'no time at all' },
    ];
    const found = contaminated(bad, now);
    expect(found.map(({ why }) => why)).toEqual(['feed was in trouble', 'drift alert 7']);
    expect(readExcluded(excludedLines(found), now)).toEqual(found);
    expect(excludedText(found)).toBe('2026-02-20T00:00Z/2026-02-21T00:00Z,2026-03-01T10:30Z/2026-03-02T09:00Z');
  });

  it('is meant in UTC where no zone is written', () => {
    expect(readExcluded('2026-02-01T06:00/2026-02-02', now)).toEqual([
      { from: '2026-02-01T06:00Z', to: '2026-02-02T00:00Z', why: 'left out by hand' },
    ]);
  });

  it.each([
    ['yesterday', 'Line 1: write it like'],
    ['2026-02-01T00:00Z', 'Line 1: write it like'],
    ['2026-02-01/2026-02-02/2026-02-03', 'Line 1: write it like'],
    ['2026-02-01/2026-02-02\n2026-02-03/2026-02-03', 'Line 2: it ends before it begins.'],
    ['2026-04-01/2026-04-02', 'Line 1: it lies in the future.'],
  ])('%j is refused by its line', (text, words) => {
    expect(() => readExcluded(text, now)).toThrow(words);
  });
});

describe('when it starts by itself', () => {
  const days = (n: number) => at(new Date(now.getTime() - n * 86_400_000).toISOString());

  it('at most once in so many days', () => {
    expect(mayStartAgain({ atMostDays: 3 }, undefined, now)).toBe(true);
    expect(mayStartAgain({ atMostDays: 3 }, days(2.99), now)).toBe(false);
    expect(mayStartAgain({ atMostDays: 3 }, days(3), now)).toBe(true);
  });

  it('so many days after the last one, or after the policy was saved', () => {
    const policy = { everyDays: 7, policySince: days(8) };
    expect(isDue(policy, undefined, now)).toBe(true);
    expect(isDue(policy, days(6), now)).toBe(false);
    expect(isDue({ ...policy, policySince: days(2) }, days(30), now)).toBe(false);
    expect(isDue({ ...policy, everyDays: null }, undefined, now)).toBe(false);
  });

  it('a preview counts the alerts as the policy would', () => {
    expect(wouldHaveStarted(7, [days(1), days(20), days(19), days(8)])).toEqual([days(20), days(8), days(1)]);
  });
});

describe('what came of it', () => {
  it.each([
    ['14', ['15', '14'], '15'],
    ['14', ['14', '13'], undefined],
    ['9', ['10', '9'], '10'],
    ['14', ['13'], undefined],
    ['0', [], undefined],
    ['0', ['1'], '1'],
    ['14', ['v15', '14'], undefined],
  ])('after %s, with %j in the registry, it is %s', (before, versions, expected) => {
    expect(
      madeSince(
        before,
        versions.map((version) => ({ version })),
      ),
    ).toBe(expected);
  });

  it.each([
    [undefined, undefined],
    [{}, undefined],
    [{ version: ' 15 ' }, '15'],
    [{ version: '' }, undefined],
    [{ version: 'x'.repeat(101) }, undefined],
  ])('of what the run says, %j, the version is %s', (said, expected) => {
    expect(versionSaid(said ? { said } : {})).toBe(expected);
  });

  it('a clock that is wrong in the tool tells only how long it took', () => {
    const askedAt = at('2026-03-02T08:00:00Z');
    const there = { startedAt: at('2001-01-01T00:00:00Z'), endedAt: at('2001-01-01T00:10:00Z') };
    expect(beganAt({ askedAt, startedAt: null }, there, now)).toEqual(at('2026-03-02T08:50:00Z'));
    expect(beganAt({ askedAt, startedAt: at('2026-03-02T08:30:00Z') }, there, now)).toEqual(at('2026-03-02T08:30:00Z'));
    const odd = { startedAt: there.endedAt, endedAt: there.startedAt };
    expect(beganAt({ askedAt, startedAt: null }, odd, now)).toEqual(now);
    const long = { ...there, endedAt: at('2001-01-03T00:00:00Z') };
    expect(beganAt({ askedAt, startedAt: null }, long, now)).toEqual(askedAt);
  });

  it('a late answer does not take it back', () => {
    expect(nextState('running', 'queued')).toBe('running');
    expect(nextState('approved', 'queued')).toBe('queued');
    expect(nextState('queued', 'running')).toBe('running');
  });

  it('is looked for often at first, and once a minute later', () => {
    expect([0, 60_000, 300_000, 36_000_000].map(pauseMs)).toEqual([5000, 6000, 30_000, 60_000]);
  });
});
