import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const dm = (who: string) => () => stage.slack.as(who).dm().join('\n');
const modal = (who: string) => () => stage.slack.as(who).modal() ?? '';
const shortcut = 'Make it a work item';
let wish: { ts: string };

it('what somebody said becomes work of the team, in their own words', async () => {
  wish = await stage.slack.as(pia).say('@olga could we <!channel> split churn by *plan*?', { channel: room });
  await stage.slack.as(lea).shortcut(shortcut, { message: { channel: room, ts: wish.ts } });
  await expect.poll(modal(lea)).toContain('What is to be done');
  expect(modal(lea)()).toContain('Details (optional): {}');
  expect(modal(lea)()).toContain('@Olga Marin could we <!channel> split churn by *plan*?');
  const wrong = await stage.slack.as(lea).submit({ 'What is to be done': ' x ' });
  expect(wrong.errors?.['What is to be done']).toContain('Say it in a few words.');
  await stage.slack.as(lea).submit({ 'What is to be done': 'Split churn by plan', 'Who does it': olga });
  await stage.settle();
  await expect.poll(dm(lea)).toContain('Work item 1 is made. Its card is in the direct messages of @olga.');
  await expect.poll(dm(olga)).toContain('Work item 1: Split churn by plan');
  expect(dm(olga)()).toContain('about churn-model · from a message in #ml-retention · made by @lea');
});

it('the same message is the same work item, whoever points at it', async () => {
  await stage.slack.as(dev).shortcut(shortcut, { message: { channel: room, ts: wish.ts } });
  await expect.poll(told(dev)).toContain('That message is work item 1 already. /ml work item 1 opens it.');
});

it('moves by its buttons, and whoever comes second reads who was first', async () => {
  await stage.slack.as(olga).press('Start', { channel: 'dm', containing: 'Work item 1' });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('In progress since');
  await stage.slack.as(dev).command('/ml work', room);
  await expect.poll(told(dev)).toContain('Applied ML: 1 in progress, 0 in review');
  await stage.slack.as(dev).press('Open', { containing: 'Split churn by plan' });
  await expect.poll(told(dev)).toContain('[Ask for review]');
  await stage.slack.as(olga).press('Ask for review', { channel: 'dm', containing: 'Work item 1' });
  await stage.settle();
  await stage.slack.as(dev).press('Drop', { containing: 'In progress since' });
  await expect.poll(told(dev)).toContain('Work item 1 is in review now: @olga moved it.');
  await stage.slack.as(olga).press('Give to', { channel: 'dm', containing: 'Work item 1' });
  await expect.poll(modal(olga)).toContain('They are told once.');
  await stage.slack.as(olga).submit({ 'Who does it': enzo });
  await stage.settle();
  await expect.poll(dm(enzo)).toContain('In review since');
  expect(dm(olga)()).toContain('Work item 1 is with @enzo now: Split churn by plan. Nothing to do here.');
});

it('a spike ends with what was found', async () => {
  const me = stage.slack.as(olga);
  await me.command('/ml work new Do embeddings help?', room);
  await expect.poll(modal(olga)).toContain('Do embeddings help?');
  await me.submit({ 'What kind of work': 'Spike: a question to answer' });
  await expect.poll(dm(olga)).toContain('Work item 2 is made. Nobody has it yet');
  await me.command('/ml work item 2', room);
  await expect.poll(told(olga)).toContain('Spike: a question to answer · of Applied ML');
  await me.press('Start', { containing: 'Do embeddings help?' });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('Work item 2: Do embeddings help?');
  await me.press('Done', { channel: 'dm', containing: 'Do embeddings help?' });
  await expect.poll(modal(olga)).toContain('What came of the question');
  await me.submit({
    'What came of the question': 'It is not supported',
    'What was found': 'Same AUC, ten times the cost',
  });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('not supported: Same AUC, ten times the cost.');
});

it('a message of a private incident is not made work that the team reads', async () => {
  await stage.slack.as(lea).command('/ml incident declare churn-model', room);
  await expect.poll(modal(lea)).toContain('Who sees it');
  await stage.slack.as(lea).submit({
    'What is wrong': 'A leak',
    'Who sees it': 'Only the people I name: private',
    'If private: who else sees it': [olga],
  });
  await stage.settle();
  const channel = 'inc-1-churn-model';
  const secret = await stage.slack.as(lea).say('The leak is at the broker', { channel });
  await stage.slack.as(lea).shortcut(shortcut, { message: { channel, ts: secret.ts } });
  await expect.poll(told(lea)).toContain('This channel belongs to a private incident');
});

it('a number that there is not is answered with where to look', async () => {
  await stage.slack.as(dev).command('/ml work item 99', room);
  await expect.poll(told(dev)).toContain('There is no work item 99.');
  expect(stage.errors).toEqual([]);
});
