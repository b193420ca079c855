import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { address, button } from '../../src/slack/address.ts';
import { match, nearest, wordsOf } from '../../src/slack/command.ts';
import { form } from '../../src/slack/forms.ts';
import { optionalText, selectField, textField } from '../../src/slack/fields.ts';
import { clip, limits } from '../../src/slack/limits.ts';
import { viewComplaints } from '../support/drawn.ts';

const ask = form('ask', { title: 'Ask for something', submit: 'Ask' }, z.object({ id: z.number() }), {
  why: textField('Why', { min: 5 }),
  how: selectField('How', [{ text: 'Fast', value: 'fast' }]),
  note: optionalText('Note'),
});
const typed = (why: string, how: string | null) => ({
  private_metadata: '{"id":7}',
  state: {
    values: { why: { why: { value: why } }, how: { how: { selected_option: how === null ? null : { value: how } } } },
  },
});

describe('one definition gives the modal and its parser', () => {
  it('reads back what the modal carries and what was typed', () => {
    expect(ask.view({ id: 7 }).private_metadata).toBe('{"id":7}');
    expect(ask.read(typed(' because ', 'fast'))).toEqual({
      carries: { id: 7 },
      values: { why: 'because', how: 'fast', note: '' },
    });
  });

  it.each([
    ['why', typed('no', 'fast'), 'Say it in at least 5 characters.'],
    ['how', typed('because', null), 'Choose one: How.'],
  ])('names the input %s that is off', (field, submitted, words) => {
    expect(() => ask.read(submitted)).toThrow(expect.objectContaining({ message: words, field }));
  });

  it('stays within Slack’s limits, whatever it is given', () => {
    const long = '😀'.repeat(3000);
    const view = ask.view(
      { id: 1 },
      { start: { why: long }, options: { how: Array(300).fill({ text: long, value: long }) } },
    );
    const text = JSON.stringify(view);
    expect(viewComplaints({ ...view })).toEqual([]);
    expect(view.blocks).toHaveLength(3);
    expect((text.match(/"value":/g) ?? []).length).toBeLessThanOrEqual(limits.options);
  });
});

describe('what people type', () => {
  it.each([
    ['drift snooze 3 4h', 'drift snooze <alert> <length>', { alert: '3', length: '4h' }],
    ['DRIFT ack 3', 'drift ack <alert>', { alert: '3' }],
    ['who "my model"', 'who <model>', { model: 'my model' }],
    ['who “my model”', 'who <model>', { model: 'my model' }],
    [
      'drift not-useful 3 too much noise',
      'drift not-useful <alert> [reason…]',
      { alert: '3', reason: 'too much noise' },
    ],
    ['drift not-useful 3', 'drift not-useful <alert> [reason…]', { alert: '3' }],
  ])('"%s" is %s', (text, pattern, words) => {
    expect(match(pattern, wordsOf(text))?.words).toEqual(words);
  });

  it.each(['drift ack', 'drift ack 3 4', 'drift', 'dirft ack 3'])('"%s" is not drift ack <alert>', (text) => {
    expect(match('drift ack <alert>', wordsOf(text))).toBeUndefined();
  });

  it('the nearest words are offered', () => {
    const patterns = ['drift ack <alert>', 'who <model>', 'incident declare <model>'];
    expect(nearest(patterns, ['whoo', 'churn'])).toEqual(['who <model>']);
    expect(nearest(patterns, ['incident', 'open'])).toContain('incident declare <model>');
    expect(nearest(patterns, ['zebra'])).toEqual([]);
  });
});

it('clip never cuts a character in half', () => expect(clip('ab😀cd', 4)).toBe('ab…'));

it('a button carries its value as JSON to its address', () => {
  const to = address('go', z.object({ id: z.string() }));
  expect(button('Go', to, { id: 'x' })).toMatchObject({ action_id: 'go', value: '{"id":"x"}', text: { text: 'Go' } });
});
