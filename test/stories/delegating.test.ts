import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const dm = (who: string) => () => stage.slack.as(who).dm().join('\n');
const nextWeek = () => new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
const card = () =>
  stage.slack
    .as(lea)
    .channel(room)
    .findLast((text) => text.includes('Roll back churn-model')) ?? '';
const press = (who: string, label: string) =>
  stage.slack.as(who).press(label, { channel: room, containing: 'Roll back churn-model' });

it('the owner goes on holiday and asks a colleague to approve until then', async () => {
  await stage.slack.as(olga).command('/ml delegate', room);
  await expect.poll(told(olga)).toContain('Nobody stands in for you, and you for nobody.');
  await stage.slack.as(olga).command('/ml delegate @pia tomorrow', room);
  await expect.poll(told(olga)).toContain('Write the day like 2026-12-24.');
  await stage.slack.as(olga).command(`/ml delegate @pia ${nextWeek()}`, room);
  await expect.poll(told(olga)).toContain('@pia approves in your place until');
  await stage.settle();
  await expect.poll(dm(pia)).toContain('@olga asks you to approve rollbacks and promotions in their place until');
  await stage.slack.as(pia).command('/ml delegate', room);
  await expect.poll(told(pia)).toContain('You approve in place of @olga until');
});

it('the colleague approves with both names; with the next yes it is decided', async () => {
  const asks = stage.slack.as(enzo);
  await asks.command('/ml rollback churn-model', room);
  await expect.poll(() => asks.modal()).toContain('Back to version');
  await asks.submit({ 'Back to version': 'Version 13', Why: 'complaints doubled since version 14' });
  await stage.settle();
  expect(card()).toContain('@pia');
  await press(pia, 'Approve');
  await stage.settle();
  expect(card()).toContain('@pia for @olga');
  await press(dev, 'Approve');
  await stage.settle();
  await expect.poll(card).toContain('Alias moved');
});

it('back early, the owner takes it back, and the colleague is told', async () => {
  await stage.slack.as(olga).command('/ml delegate end', room);
  await expect.poll(told(olga)).toContain('Done: 1 delegation ended. You approve by yourself again.');
  await stage.settle();
  await expect.poll(dm(pia)).toContain('You no longer approve in place of @olga. Thank you.');
  await stage.slack.as(olga).command('/ml delegate end', room);
  await expect.poll(told(olga)).toContain('Nobody stands in for you, so there is nothing to take back.');
  expect(stage.errors).toEqual([]);
});
