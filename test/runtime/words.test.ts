import { expect, it } from 'vitest';
import { onCommand } from '../../src/doors.ts';
import { readCommand } from '../../src/runtime/commands.ts';
import { refused } from '../../src/runtime/words.ts';

const nothing = () => Promise.resolve();
const doors = [
  onCommand('who <model>', 'Who owns a model', nothing),
  onCommand('drift', 'Open alerts', nothing),
  onCommand('drift snooze <alert> [for…]', 'Quiet for a while', nothing),
  onCommand('rollback <model>', 'Ask for a rollback', nothing),
  onCommand('standup', 'Your standup', nothing),
];

function read(text: string, name = '/ml') {
  const reading = readCommand(doors, name, text);
  switch (reading.kind) {
    case 'menu':
      return 'menu';
    case 'say':
      return reading.message.text;
    case 'door':
      return `${reading.door.pattern} ${JSON.stringify(reading.words)}`;
  }
}

it.each([
  ['', '/ml', 'menu'],
  ['   ', '/ml', 'menu'],
  ['who churn-model', '/ml', 'who <model> {"model":"churn-model"}'],
  ['WHO “churn model”', '/ml', 'who <model> {"model":"churn model"}'],
  ['who a&lt;b &amp;', '/ml', 'I do not know'],
  ['who a&lt;b&amp;c', '/ml', 'who <model> {"model":"a<b&c"}'],
  ['', '/ml-standup', 'standup {}'],
  ['churn', '/ml-rollback', 'rollback <model> {"model":"churn"}'],
  ['drift snooze 12 two hours', '/ml', 'drift snooze <alert> [for…] {"alert":"12","for":"two hours"}'],
])('reads “%s” after %s', (text, name, wanted) => {
  expect(read(text, name)).toMatch(wanted.startsWith('I ') ? /^I do not know/ : wanted);
});

it('says every pattern with its help', () => {
  const reading = readCommand(doors, '/ml', 'help');
  const shown = JSON.stringify(reading);
  for (const { pattern, help } of doors) {
    expect(shown).toContain(pattern.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
    expect(shown).toContain(help);
  }
});

it('helps with one word', () => {
  const shown = JSON.stringify(readCommand(doors, '/ml', 'help drift'));
  expect(shown).toContain('drift snooze');
  expect(shown).not.toContain('rollback');
});

it('offers the nearest when a word is misspelt', () => {
  expect(read('drfit')).toMatch(/Did you mean:\n• `\/ml drift`/);
});

it('shows how a command goes on when a word is missing', () => {
  expect(read('rollback')).toContain('/ml rollback &lt;model&gt;');
});

it('escapes what was typed', () => {
  expect(read('&lt;!channel&gt;')).not.toContain('<!channel>');
  expect(read('<!channel>')).not.toContain('<!channel>');
});

it('names people in a reason, and pings nobody else with it', () => {
  const { text } = refused('<!channel> <@OLGA>: “<https://evil|Sign in>” is no number.');
  expect(text).toBe('&lt;!channel&gt; <@OLGA>: “&lt;https://evil|Sign in&gt;” is no number.');
});
