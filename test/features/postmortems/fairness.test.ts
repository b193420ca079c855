import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  mostNudges,
  nudgesFor,
  ownWords,
  type RuleId,
  ruleIds,
} from '../../../src/features/postmortems/fairness/rules.ts';
import { nudgeMessage } from '../../../src/features/postmortems/fairness/views.ts';
import { labelled } from './labelled.ts';

const names = ['Enzo Gil', 'Olga Marin'];
/** What a list of words finds; beside the strict rules, to see what they are worth. */
const naive =
  /\b(?:human|operator|user)[- ]error|careless|lazy|stupid|dumb|sloppy|should(?:n't| not)? have|(?:could|would)(?: not)? have|failed to|forgot/i;

interface Score {
  readonly hits: number;
  readonly right: number;
  readonly precision: string;
  readonly recall: string;
}

function score(finds: (text: string, at: number) => boolean): Score {
  const wanted = labelled.filter(([, , ...expected]) => expected.length > 0).length;
  const hits = labelled.filter(([, text], i) => finds(text, i));
  const right = hits.filter(([, , ...expected]) => expected.length > 0).length;
  const share = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
  return { hits: hits.length, right, precision: share(right, hits.length), recall: share(right, wanted) };
}

describe('the strict rules, on sentences of ours', () => {
  it('are right at least four times of five; a list of words is far less often', () => {
    expect(labelled.length).toBeGreaterThanOrEqual(140);
    const strict = score((text, i) => nudgesFor(labelled[i]?.[0] ?? 'summary', text, { names }).length > 0);
    const words = score((text) => naive.test(text));
    expect({ sentences: labelled.length, strict, words }).toMatchInlineSnapshot(`
      {
        "sentences": 145,
        "strict": {
          "hits": 68,
          "precision": "93 %",
          "recall": "93 %",
          "right": 63,
        },
        "words": {
          "hits": 54,
          "precision": "41 %",
          "recall": "32 %",
          "right": 22,
        },
      }
    `);
    expect(strict.right / strict.hits).toBeGreaterThanOrEqual(0.8);
    expect(words.right / words.hits).toBeLessThan(strict.right / strict.hits - 0.15);
  });

  it('are written down in the docs as they are measured here, rule by rule', async () => {
    const page = await readFile('docs/fairness.md', 'utf8');
    const rows = [...page.matchAll(/^\| ([LS]\d) .*\| (\d+) \/ (\d+) +\|$/gm)];
    const written = rows.map(([, rule, right, asked]) => [rule, Number(right), Number(asked)]);
    const counted = ruleIds.map((rule) => {
      const asked = labelled.filter(([place, text]) => nudgesFor(place, text, { names }).some((n) => n.rule === rule));
      return [rule, asked.filter(([, , ...expected]) => expected.some((each) => each === rule)).length, asked.length];
    });
    expect(written).toEqual(counted);
    const strict = score((text, i) => nudgesFor(labelled[i]?.[0] ?? 'summary', text, { names }).length > 0);
    const words = score((text) => naive.test(text));
    const harmless = labelled.filter(([, , ...expected]) => expected.length === 0).length;
    expect(harmless / labelled.length).toBeGreaterThan(0.45);
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      `On ${labelled.length} sentences of ours, half of them harmless look-alikes, the rules are right in ${strict.precision} of what they find, and find ${strict.recall}; a plain list of words is right in ${words.precision}`,
    );
  });

  it('the list says each sentence once', () =>
    expect(new Set(labelled.map(([place, text]) => `${place} ${text}`)).size).toBe(labelled.length));

  it.each(ruleIds)('%s finds what it is for, and can be switched off', (rule) => {
    const own = labelled.filter(([, , expected]) => expected === rule);
    const found = own.filter(([place, text]) => nudgesFor(place, text, { names }).some((each) => each.rule === rule));
    expect(found.length).toBeGreaterThan(own.length / 2);
    for (const [place, text] of own)
      expect(nudgesFor(place, text, { names, off: [rule] }).map((each) => each.rule)).not.toContain(rule);
  });

  it('look at what somebody writes, not at what they cite', () => {
    expect(ownWords('a `b` "c" https://d.example/e\n> f\n```\ng\n```h').replaceAll(/\s+/g, ' ').trim()).toBe('a h');
  });

  it('a name in the summary is nothing, in a factor it is', () => {
    expect(nudgesFor('summary', 'Enzo Gil rolled back.', { names })).toEqual([]);
    expect(nudgesFor('factor', 'Enzo Gil rolled back.', { names })).toEqual([{ rule: 'S0', words: 'Enzo Gil' }]);
    expect(nudgesFor('factor', 'The gil of the fish.', { names: ['Gil'] })).toEqual([]);
  });
});

describe('what the writer reads', () => {
  it('is a question with its reason, at most three, and says that nothing was held up', () => {
    const many: RuleId[] = ['L1', 'L2', 'L4', 'L5'];
    const said = nudgeMessage(
      'p1',
      many.map((rule) => ({ rule, place: 'summary', words: `words of ${rule}` })),
    );
    expect(said.text).toContain('It is saved');
    const body = JSON.stringify(said.blocks);
    expect(body.match(/words of/g)).toHaveLength(mostNudges);
    expect(body).toContain('Only you see this');
  });
});
