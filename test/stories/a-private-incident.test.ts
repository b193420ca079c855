import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const secret = 'Scores differ by gender';
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const modal = (who: string) => () => stage.slack.as(who).modal() ?? '';
const dm = (who: string) => () => stage.slack.as(who).dm().join('\n');
const private_ = 'inc-1-churn-model';

it('is declared by a form, for the people named there', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml incident declare churn-model', room);
  await expect.poll(modal(dev)).toContain('Who sees it');
  await me.submit({
    'What is wrong': secret,
    'Who sees it': 'Only the people I name: private',
    'If private: who else sees it': [olga],
  });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('Private: only its own people see it.');
  await expect.poll(() => stage.slack.as(olga).channel(private_).join('\n')).toContain(secret);
});

it('its channel is private, and nobody else hears of it anywhere', async () => {
  const made = stage.slack.calls('conversations.create').map(({ args }) => args['is_private']);
  expect(made.map(String)).toEqual(['true']);
  for (const who of [lea, enzo, pia]) {
    const me = stage.slack.as(who);
    expect(me.channel(room).join('\n')).not.toContain(secret);
    expect(() => me.channel(private_)).toThrow(private_);
    expect(dm(who)()).not.toContain(secret);
    await me.command('/ml incident', room);
    await expect.poll(told(who)).toContain('No incident is open.');
    await me.command('/ml incident times 1', room);
    await expect.poll(told(who)).toContain('There is no incident 1.');
    await me.command('/ml incident declare churn-model', room);
    await expect.poll(modal(who)).toContain('Declare incident');
    expect(modal(who)()).not.toContain(secret);
    await me.closeModal();
    expect(await me.home()).not.toContain('gender');
  }
});

it('its people work on it as on any other, and let somebody in', async () => {
  await stage.slack.as(olga).command('/ml incident', room);
  await expect.poll(told(olga)).toContain(secret);
  await stage.slack.as(olga).press('Take command', { channel: private_, containing: 'Incident 1: ' });
  await stage.settle();
  await stage.slack.as(olga).press('Let in', { channel: private_, containing: 'Incident 1: ' });
  await expect.poll(modal(olga)).toContain('They see all of it, from its beginning.');
  await stage.slack.as(olga).submit({ Who: [lea] });
  await stage.settle();
  await expect.poll(dm(lea)).toContain(secret);
  await expect.poll(() => stage.slack.as(lea).channel(private_).join('\n'), { timeout: 10_000 }).toContain(secret);
  expect(stage.errors).toEqual([]);
});
