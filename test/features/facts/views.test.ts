import { expect, it } from 'vitest';
import { type Fact, factKinds } from '../../../src/features/facts/rules.ts';
import { factLines, missingLine } from '../../../src/features/facts/views.ts';

const fact = (kind: Fact['kind'], words: string, day = 1): Fact => ({
  key: `${kind}:${day}`,
  kind,
  words,
  becomes: 'know',
  suggestion: '',
  at: new Date(Date.UTC(2026, 2, day)),
});

it('each fact is a line with the mark of its kind, and nothing in it pings or formats', () => {
  const { mrkdwn } = factLines([
    fact('approval', 'Rollback 3 of churn-model to version 13 waits for your decision.'),
    fact('incident', 'Incident 4 of churn-model (<!channel> & co) is open.'),
  ]);
  expect(mrkdwn.split('\n')).toEqual([
    ':raised_hand: Rollback 3 of churn-model to version 13 waits for your decision.',
    ':rotating_light: Incident 4 of churn-model (&lt;!channel&gt; &amp; co) is open.',
  ]);
  const marked = factKinds.map((kind) => factLines([fact(kind, 'It is.')]).mrkdwn.split(' ')[0]);
  expect(new Set(marked).size).toBe(factKinds.length);
});

it('of more than are known the oldest gives its place to a line that says so', () => {
  const many = Array.from({ length: 21 }, (_, i) => fact('alert', `Alert ${i}.`, 1 + i));
  const said = factLines(many).mrkdwn.split('\n');
  expect(said).toHaveLength(21);
  expect(said[0]).toBe(':red_circle: Alert 1.');
  expect(said.at(-1)).toBe(':red_circle: There are more drift alerts, older ones.');
  expect(factLines(many.slice(1)).mrkdwn).not.toContain('There are more');
});

it('what could not be read is named', () => {
  expect(missingLine([])).toBeUndefined();
  expect(missingLine(['alert'])?.mrkdwn).toBe(':hourglass: I could not read the drift alerts this time.');
  expect(missingLine(['alert', 'run', 'goal'])?.mrkdwn).toBe(
    ':hourglass: I could not read the drift alerts, the trainings and the goals this time.',
  );
});
