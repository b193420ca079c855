import { afterEach, beforeEach, expect, it } from 'vitest';
import { dev, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setTheStage({ transport: 'http' });
  await stage.report(3, 0.3);
  await stage.report(2, 0.4);
});
afterEach(() => stage.close());

const card = () =>
  stage.slack
    .as(pia)
    .channel(room)
    .find((said) => said.includes('Drift: churn-model')) ?? '';
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);

it('Snooze asks how long, and the card says until when', async () => {
  const me = stage.slack.as(olga);
  await me.press('Snooze', { channel: room });
  await expect.poll(() => me.modal()).toContain('For how long');
  await me.submit({ 'For how long': '1 day' });
  await stage.settle();
  expect(card()).toContain('Snoozed until');
  expect(card()).not.toContain('[Snooze]');
  expect(card()).toContain('[Acknowledge]');
});

it('Not useful asks why, closes the alert and says so', async () => {
  const me = stage.slack.as(olga);
  await me.press('Not useful', { channel: room });
  await expect.poll(() => me.modal()).toContain('Why was it not useful?');
  await me.submit({ 'Why was it not useful?': 'We expected this', 'Anything to add': 'The winter tariff began.' });
  await stage.settle();
  expect(card()).toContain('found it not useful: We expected this. The winter tariff began.');
  expect(card()).not.toContain('[Roll back]');
});

it('the same can be said in words', async () => {
  await stage.slack.as(dev).command('/ml drift', room);
  await expect
    .poll(told(dev))
    .toContain('churn-model (production): tenure_days 0.4 (limit 0.1) – Open, nobody is on it yet');
  await stage.slack.as(dev).command('/ml drift snooze 1 4h', room);
  await expect.poll(told(dev)).toContain('Alert 1 is quiet for 4h.');
  await stage.slack.as(dev).command('/ml drift ack 1', room);
  await expect.poll(told(dev)).toContain('Alert 1 is yours now.');
  await stage.slack.as(dev).command('/ml drift not-useful 1 holiday season', room);
  await expect.poll(told(dev)).toContain('closed as not useful');
  await stage.slack.as(dev).command('/ml drift', room);
  await expect.poll(told(dev)).toContain('No model is drifting. Nothing to do.');
  await stage.settle();
  expect(card()).toContain('found it not useful: holiday season');
});

it.each([
  ['/ml drift ack 99', 'There is no drift alert 99.'],
  ['/ml drift ack soon', '"soon" is no alert number.'],
  ['/ml drift snooze 1 forever', 'Say it like 30m, 4h or 2d'],
  ['/ml drift snooze 1 90d', 'Two weeks is the longest snooze'],
  ['/ml drift watch churn-model psi over 0.2', 'Say above or below.'],
  ['/ml drift watch chrun-model psi above 0.2', 'Did you mean churn-model?'],
  ['/ml dirft', 'Did you mean'],
  ['/ml', 'What you can do|1 model'],
  ['/ml help', '/ml drift snooze'],
  ['/ml who churn-model', 'Owner'],
  ['/ml releases churn-model', 'points to version 14'],
  ['/ml connect evidently', 'shown only this once'],
  ['/ml connect fax', 'I can connect: evidently'],
])('%s is answered', async (typed, words) => {
  await stage.slack.as(dev).command(typed, room);
  await expect.poll(told(dev)).toMatch(new RegExp(words));
});

it('an address given by /ml connect takes reports with its token, and no others', async () => {
  await stage.slack.as(dev).command('/ml connect evidently', room);
  await expect.poll(told(dev)).toContain('Authorization: Bearer');
  const said = stage.slack.as(dev).ephemerals().at(-1) ?? '';
  const path = /\/hooks\/[0-9a-f-]{36}/.exec(said)?.[0] ?? '';
  const token = /Bearer (\S+?)"/.exec(said)?.[1] ?? '';
  const query = '?model=churn-model&window_end=2026-01-01T00:00:00Z';
  const body = '{"metrics": [], "tests": []}';
  const post = (bearer: string) => stage.post(`${path}${query}`, body, { authorization: `Bearer ${bearer}` });
  expect((await post(token)).status).toBe(202);
  expect((await post('pit_guess')).status).toBe(401);
});

it('the drift goes away: the card closes by itself', async () => {
  await stage.report(1, 0.03);
  await stage.report(0, 0.03);
  expect(card()).toContain('Back within the limits');
});
