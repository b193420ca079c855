import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const ask = async (who: string, typed: string, words: string) => {
  await stage.slack.as(who).command(typed, room);
  await expect.poll(() => stage.slack.as(who).ephemerals().at(-1)).toContain(words);
};

it('on a quiet day every list says so', async () => {
  await ask(dev, '/ml drift', 'No model is drifting');
  await ask(dev, '/ml incident', 'No incident is open');
  await ask(dev, '/ml models', 'churn-model');
  expect(await stage.slack.as(olga).home()).toContain('churn-model');
  expect(await stage.slack.as(pia).home()).not.toContain('you are the owner');
});

it('a metric is watched with one sentence', async () => {
  await stage.slack.as(dev).command('/ml drift watch churn-model accuracy below 0.9', room);
  await expect.poll(() => stage.slack.as(dev).ephemerals().at(-1)).toContain('I watch accuracy of churn-model');
});

it('on a bad day the same lists and Home name what waits', async () => {
  await stage.report(3, 0.3);
  await stage.report(2, 0.4);
  await ask(dev, '/ml drift', 'churn-model (production): tenure_days 0.4 (limit 0.1) – Open, nobody is on it yet');
  await stage.slack.as(dev).command('/ml incident declare churn-model', room);
  await expect.poll(() => stage.slack.as(dev).modal()).toContain('Declare incident');
  await stage.slack.as(dev).submit({ 'What is wrong': 'Scores are far off' });
  await stage.settle();
  await ask(dev, '/ml incident', 'Scores are far off');
  expect(await stage.slack.as(olga).home()).toContain('Scores are far off');
});
