import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const value = (day: number) => 0.9 + ((day * 7) % 5) * 0.002 - (day > 12 && day <= 20 ? 0.03 : 0);

it('a rule needs no editing: what it would have done stands there before it is saved', async () => {
  const days = Array.from({ length: 60 }, (_, i) => 61 - i);
  const items = days.map((day) => ({
    model: 'churn-model',
    metric: 'auc',
    value: value(day),
    at: daysAgo(day),
    rows: 900,
  }));
  expect(await stage.post('/api/v1/readings', items)).toMatchObject({ status: 202, body: { rejected: [] } });

  const me = stage.slack.as(olga);
  await me.command('/ml drift watch churn-model', room);
  await expect.poll(() => me.modal()).toContain('Watch a metric');
  await me.submit({});
  await expect.poll(() => me.modal()).toContain('Save this rule?');
  expect(me.modal()).toContain('raise when the lasting shift of auc (CUSUM, in standard deviations) is above');
  expect(me.modal()).toContain('In the last 90 days it would have raised 1 alert');
});

it('the rule can be changed until it does what one wants; a mistake is said at its input', async () => {
  const me = stage.slack.as(olga);
  await me.press('Change it');
  await expect.poll(() => me.modal()).toContain('Watch a metric');
  const wrong = await me.submit({ 'Raise when it is': 'Beyond a fixed limit', 'Bad is': 'Less' });
  expect(wrong.errors?.['Limit']).toContain('Say the limit.');
  await me.submit({ Limit: '0.8', 'What happens': 'Critical alert' });
  await expect
    .poll(() => me.modal())
    .toContain('raise when auc is below 0.8 in 2 windows in a row of at least 200 rows');
  expect(me.modal()).toContain('it would have stayed quiet');
  await me.submit({});
  await expect.poll(() => me.dm().at(-1)).toContain('Saved for churn-model: raise when auc is below 0.8');
});

it('an alert of it explains its arithmetic, and its precision stands with the rule', async () => {
  const items = [0.9, 0.5].map((day) => ({
    model: 'churn-model',
    metric: 'auc',
    value: 0.7,
    at: daysAgo(day),
    rows: 900,
  }));
  await stage.post('/api/v1/readings', items);
  await stage.settle();
  const card = stage.slack
    .as(dev)
    .channel(room)
    .find((text) => text.includes('auc'));
  expect(card).toContain('auc is 0.7, floor 0.8');
  await stage.slack.as(dev).press('Why?', { channel: room, containing: 'auc' });
  await expect.poll(() => stage.slack.as(dev).modal()).toContain('auc = 0.7 < 0.8');

  const me = stage.slack.as(olga);
  await me.press('Not useful', { channel: room, containing: 'auc' });
  await expect.poll(() => me.modal()).toContain('Why was it not useful?');
  await me.submit({ 'Why was it not useful?': 'We expected this' });
  await stage.settle();
  await me.command('/ml drift rules churn-model', room);
  await expect
    .poll(told(olga))
    .toContain('Of its 1 alert in 90 days 0 were useful (precision 0 %); not useful: 1 expected');
});

it('stopping it needs a second word, and is said', async () => {
  const me = stage.slack.as(olga);
  await me.press('Stop watching', { containing: 'auc' });
  await expect.poll(told(olga)).toContain('I no longer watch auc of churn-model by this rule');
});

it('what a tool judges itself can be made quieter, with what that would have done', async () => {
  for (const hours of [5, 4, 3]) await stage.report(hours, 0.42);
  const me = stage.slack.as(olga);
  await me.command('/ml drift rules churn-model', room);
  await expect.poll(told(olga)).toContain('raise when the tool calls a column drifted in 2 windows in a row');
  await me.press('Change', { containing: 'drift report' });
  await expect.poll(() => me.modal()).toContain('the tool that sends it judges by its own limits');
  await me.submit({ 'Bad windows in a row': '4' });
  await expect.poll(() => me.modal()).toContain('raise when the tool calls a column drifted in 4 windows in a row');
  expect(me.modal()).toContain('It would have stayed quiet, but there was little to judge: 3 windows');
  await me.submit({});
  await expect.poll(() => me.dm().at(-1)).toContain('in 4 windows in a row');
  expect(stage.errors).toEqual([]);
});
