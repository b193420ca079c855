import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'http' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const modal = (who: string) => () => stage.slack.as(who).modal() ?? '';
const dm = (who: string) => () => stage.slack.as(who).dm().join('\n');
const incident = { channel: room, containing: 'Incident 1: ' };

it('what was learnt is found again by its words', async () => {
  await stage.slack.as(dev).command('/ml incident declare churn-model', room);
  await expect.poll(modal(dev)).toContain('Declare incident');
  await stage.slack.as(dev).submit({ 'What is wrong': 'Scores are far off', 'What we see': 'Forty calls were wrong.' });
  await stage.settle();
  await stage.slack.as(olga).press('Resolve', incident);
  await stage.slack.as(olga).submit({ 'What ended it': 'The feed was put right.' });
  await stage.settle();
  await stage.slack.as(lea).command('/ml postmortem export 1', room);
  await expect.poll(told(lea)).toContain('Incident 1 has no post-mortem yet.');
  await stage.slack.as(olga).press('Start post-mortem', incident);
  await stage.settle();
  await stage.slack.as(lea).command('/ml postmortem search wrong calls', room);
  await expect.poll(told(lea)).toContain('1 post-mortem with “wrong calls”');
  expect(told(lea)()).toContain('1 Scores are far off (churn-model, SEV2, reviewing)');
  await stage.slack.as(lea).command('/ml postmortem search', room);
  await expect.poll(told(lea)).toContain('Say what to look for');
});

it('leaves Slack as a file, sent to who asked', async () => {
  await stage.slack.as(lea).command('/ml postmortem export 1', room);
  await expect.poll(told(lea)).toContain('[Markdown] [Markdown, roles only] [JSON]');
  await stage.slack.as(lea).press('Markdown, roles only', { channel: room });
  await expect.poll(dm(lea)).toContain('Post-mortem of incident 1, as it stands now.');
  expect(stage.slack.calls('files.completeUploadExternal')).toHaveLength(1);
  expect(stage.slack.as(olga).channel(room).join('\n')).not.toContain('as it stands now');
});

it('whoever meets the like is led to it', async () => {
  await stage.slack.as(dev).command('/ml incident declare churn-model', room);
  await expect.poll(modal(dev)).toContain('Declare incident');
  await stage.slack.as(dev).submit({ 'What is wrong': 'Calls go wrong' });
  await stage.settle();
  await stage.slack.as(dev).command('/ml incident similar 2', room);
  await expect.poll(told(dev)).toContain('Past incidents like incident 2');
  expect(told(dev)()).toContain('Scores are far off');
});

it('figures come as a picture and a file, to who asked', async () => {
  await stage.slack.as(lea).command('/ml incidents report', room);
  await expect.poll(told(lea)).toContain('1 incident ended in the last 90 days');
  await stage.slack.as(lea).press('Picture and CSV', { channel: room });
  await stage.settle();
  await expect.poll(dm(lea)).toContain('Dots on a logarithmic axis.');
  await expect.poll(dm(lea)).toContain('durations in minutes, instants in UTC');
  expect(stage.errors).toEqual([]);
});
