import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const incident = { channel: room, containing: 'Incident 1: ' };

it('from the first call to the figure: what Slack took counts, also after a restart', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml incident declare churn-model', room);
  await expect.poll(() => me.modal() ?? '').toContain('Declare incident');
  await me.submit({ 'What is wrong': 'Scores are far off', 'What we see': 'Forty calls were wrong.' });
  await stage.settle();
  expect(me.channel(room).join('\n')).toMatch(/\*Began\*\s+not known yet|Began\s+not known yet/);
  await stage.restart(() => {});
  await stage.slack.as(olga).press('Take command', incident);
  await stage.settle();
  await stage.slack.as(olga).press('Resolve', incident);
  await stage.slack.as(olga).submit({ 'What ended it': 'The feed was put right.' });
  await stage.settle();
  await stage.slack.as(pia).command('/ml incident report', room);
  await expect.poll(told(pia)).toContain('1 incident ended in the last 90 days');
  expect(told(pia)()).toMatch(/TTA-page\*? until somebody was on it, from the first call that was sent: 0 min \(n 1\)/);
  expect(told(pia)()).toMatch(/TTD\*? until it was detected, from when it began: not known of any/);
  expect(stage.errors).toEqual([]);
});
