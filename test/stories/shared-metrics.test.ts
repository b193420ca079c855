import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const read = async (...items: object[]) =>
  expect(
    await stage.post(
      '/api/v1/readings',
      items.map((item) => ({ model: 'churn-model', ...item })),
    ),
  ).toMatchObject({ status: 202, body: { rejected: [] } });

it('a product manager sets a goal in a form; the first try is mended, and the team agrees in its channel', async () => {
  const me = stage.slack.as(pia);
  await me.command('/ml metrics add churn-model', room);
  await expect.poll(() => me.modal()).toContain('A shared metric');
  const typed = { Name: 'Answers in time', Kind: 'System uptime', 'Comes in as': 'requests', Goal: '100' };
  const wrong = await me.submit({ ...typed, 'What is held against the goal': 'Share of good requests, in %' });
  expect(wrong.errors?.['Goal']).toContain('leaves no error budget');
  await me.submit({ Goal: '99.9' });
  await stage.settle();
  const card = () => stage.slack.as(olga).channel(room).join('\n');
  expect(card()).toContain('Answers in time of churn-model: at least 99.9 % of requests good over 30 days');
  await stage.slack.as(olga).press('Agree', { channel: room, containing: 'Answers in time' });
  await stage.settle();
  expect(card()).toMatch(/Agreed by @pia, @olga/);
});

it('readings are held against it: budget, burn rate and course are said in words', async () => {
  await read(
    ...[30, 20, 3, 2].map((minutes) => ({ metric: 'requests', good: 9800, total: 10_000, at: minutesAgo(minutes) })),
  );
  await stage.slack.as(dev).command('/ml metrics churn-model', room);
  await expect.poll(told(dev)).toContain('0 of 1 goal met, off goal: Answers in time');
  expect(told(dev)()).toContain('the error budget is overspent by 1900 %, burning at 20 times the allowed rate');
  expect(told(dev)()).toContain('act now');
});

it('a survey result is entered by a person from the goal, and counts with its answers', async () => {
  const me = stage.slack.as(pia);
  await me.command('/ml metrics add churn-model', room);
  await expect.poll(() => me.modal()).toContain('A shared metric');
  await me.submit({
    Name: 'CSAT of agents',
    Kind: 'User satisfaction',
    'Comes in as': 'csat',
    'What is held against the goal': 'CSAT: % of answers 4 or 5',
    Goal: '80',
  });
  await stage.settle();
  await me.press('Open', { channel: room, containing: 'CSAT of agents' });
  await expect.poll(() => me.modal()).toContain('no reading in the last 30 days');
  await me.press('Enter a result');
  await expect.poll(() => me.modal()).toContain('Answers of 4 or 5');
  const wrong = await me.submit({ 'Answers of 4 or 5': '60', 'All answers': '50' });
  expect(Object.values(wrong.errors ?? {}).join()).toContain('60 of 50 cannot be');
  await me.submit({ 'Answers of 4 or 5': '45' });
  await me.command('/ml metrics churn-model', room);
  await expect.poll(told(pia)).toContain('CSAT of agents is 90 % (50 answers, 95 % sure between 79 and 96)');
});

it('the team page says what is met and what is missed', async () => {
  await stage.slack.as(pia).command('/ml metrics', room);
  await expect.poll(told(pia)).toContain('Goals of Applied ML');
  expect(told(pia)()).toContain('1 of 2 goals met, off goal: Answers in time');
});

it('pictures come as a direct message', async () => {
  await read({ metric: 'auc', value: 0.91, at: minutesAgo(3000) }, { metric: 'auc', value: 0.93, at: minutesAgo(10) });
  const me = stage.slack.as(dev);
  await me.command('/ml metrics add churn-model', room);
  await expect.poll(() => me.modal()).toContain('A shared metric');
  await me.submit({ Name: 'AUC', 'Comes in as': 'auc', Goal: '0.9' });
  await me.command('/ml metrics churn-model', room);
  await expect.poll(told(dev)).toContain('AUC is 0.93 – goal at least 0.9: met');
  await me.press('Send me pictures', { channel: room });
  await stage.settle();
  expect(me.dm().at(-1)).toContain('(picture: Line chart of AUC of churn-model:');
  expect(stage.errors).toEqual([]);
});

it('the team page leaves out a model that was retired', async () => {
  await stage.slack.as(olga).command('/ml model retire churn-model', room);
  await stage.slack.as(olga).command('/ml metrics', room);
  await expect.poll(told(olga)).toContain('Goals of Applied ML');
  expect(told(olga)()).not.toContain('churn-model');
});
