import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const channel = 'inc-1-churn-model';
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const modal = (who: string) => () => stage.slack.as(who).modal() ?? '';
const card = (place: string, words: string) => () =>
  stage.slack
    .as(olga)
    .channel(place)
    .findLast((text) => text.includes(words)) ?? '';
const document = card(channel, 'Post-mortem – ');
const timeline = async (who: string) => {
  await stage.slack.as(who).command('/ml incident timeline 1', room);
  await expect.poll(modal(who)).toContain('Page 1 of 1, oldest first.');
};
/** The button beside the line with these words, by its number. */
const edit = (words: string) => `Edit ${new RegExp(`(\\d+)\\. [^\n]*${words}`).exec(modal(lea)())?.[1]}`;
let slip: { ts: string };
let cause: { ts: string };

it('an incident is declared from a message, which is the first line of its story', async () => {
  const complaint = await stage.slack.as(pia).say('@dev all scores are > 0.9 since noon', { channel: room });
  await stage.slack.as(enzo).shortcut('Declare incident', { message: { channel: room, ts: complaint.ts } });
  await expect
    .poll(modal(enzo))
    .toContain('With this message in its timeline: “@Dev Patel all scores are > 0.9 since noon”');
  await stage.slack.as(enzo).submit({ 'What is wrong': 'Scores are far off' });
  await stage.settle();
  await expect.poll(card(room, 'Incident 1: ')).toContain('Scores are far off');
  await timeline(lea);
  expect(modal(lea)()).toContain('@pia: said "@Dev Patel all scores are > 0.9 since noon"');
  expect(modal(lea)()).toContain('@enzo: declared incident 1');
  await stage.slack.as(lea).closeModal();
});

it('a message of the incident channel is added at once, one of elsewhere after saying to which', async () => {
  cause = await stage.slack.as(enzo).say('The feed sends months instead of days.', { channel });
  await stage.slack.as(olga).shortcut('Add to timeline', { message: { channel, ts: cause.ts } });
  await expect.poll(told(olga)).toContain('It is in the timeline of incident 1, at the time it was said.');
  await stage.slack.as(olga).shortcut('Add to timeline', { message: { channel, ts: cause.ts } });
  await expect.poll(told(olga)).toContain('It was in the timeline of incident 1 already.');
  slip = await stage.slack.as(dev).say('Nobody watches the feed.', { channel });
  await stage.slack.as(dev).shortcut('Add to timeline', { message: { channel, ts: slip.ts } });
  const late = await stage.slack.as(pia).say('Sales stopped calling at 13:10.', { channel: room });
  await stage.slack.as(dev).shortcut('Add to timeline', { message: { channel: room, ts: late.ts } });
  await expect.poll(modal(dev)).toContain('Of which incident');
  await stage.slack.as(dev).submit({ 'Of which incident': 'Incident 1: Scores are far off' });
  await stage.slack.as(dev).command('/ml incident note 1 Looked at the feed by hand', room);
  await expect.poll(told(dev)).toContain('It is in the timeline of incident 1');
  await stage.settle();
});

it('is in the post-mortem, and follows its authors when they change or remove what they said', async () => {
  await stage.slack.as(olga).press('Resolve', { channel, containing: 'Incident 1: ' });
  await stage.slack.as(olga).submit({ 'What ended it': 'The feed was put right.' });
  await stage.settle();
  await stage.slack.as(olga).press('Start post-mortem', { channel, containing: 'Incident 1: ' });
  await stage.settle();
  await expect.poll(document).toContain('@enzo: said "The feed sends months instead of days."');
  expect(document()).toContain('@pia: said "Sales stopped calling at 13:10."');
  expect(document()).toContain('@dev: Looked at the feed by hand');
  await stage.slack.as(enzo).edit('The feed sends weeks instead of days.', channel, cause.ts);
  await expect.poll(document).toContain('@enzo: said "The feed sends weeks instead of days." (changed since)');
  await stage.slack.as(dev).remove(channel, slip.ts);
  await expect.poll(document).toContain('@dev: said something, and removed it since');
  expect(document()).not.toContain('Nobody watches');
});

it('a line is put in other words, at another time, with a tag, or hidden; what it was stays on record', async () => {
  await timeline(lea);
  await stage.slack.as(lea).press(edit('weeks instead of days'));
  await expect.poll(modal(lea)).toContain('What happened stays in the ledger as it is');
  const wrong = await stage.slack.as(lea).submit({ 'At another time': 'at noon' });
  expect(wrong.errors?.['At another time']).toContain('Write it in UTC like');
  await stage.slack.as(lea).submit({
    'In other words': 'The unit of the feed changed.',
    'At another time': '2026-03-01 12:00',
    'What is it': 'Signal',
  });
  await expect.poll(modal(lea)).toContain('Signal – What made it stand out');
  await stage.slack.as(lea).press(edit('Looked at the feed by hand'));
  await expect.poll(modal(lea)).toContain('Does it stand in the story');
  await stage.slack.as(lea).submit({ 'Does it stand in the story': 'No, hide it' });
  await expect.poll(modal(lea)).toMatch(/Hidden:.*Looked at the feed by hand/);
  await stage.slack.as(lea).closeModal();
  await stage.settle();
  await expect.poll(document).toContain('@enzo: Signal: The unit of the feed changed. (changed since)');
  expect(document()).not.toContain('Looked at the feed by hand');
  expect(stage.errors).toEqual([]);
});

it('where no incident is open, the menu says so', async () => {
  const { ts } = await stage.slack.as(pia).say('All is well.', { channel: room });
  await stage.slack.as(pia).shortcut('Add to timeline', { message: { channel: room, ts } });
  await expect.poll(told(pia)).toContain('No incident is open, so there is no timeline to add it to.');
});
