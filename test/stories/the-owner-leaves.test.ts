import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const offers = (who: string) => () => stage.slack.as(who).dm().join('\n');
const owner = async () => {
  await stage.slack.as(lea).command('/ml who churn-model', room);
  return told(lea)();
};

it('an owner offers the model; until the taker says yes nothing changes', async () => {
  await stage.slack.as(olga).command('/ml model transfer churn-model @enzo', room);
  await expect.poll(told(olga)).toContain('@enzo is asked');
  await stage.settle();
  expect(offers(enzo)()).toContain('@olga asks you to take over churn-model');
  await expect.poll(owner).toContain('Owner\n@olga');
  await stage.slack.as(enzo).press('Decline', { channel: 'dm' });
  await stage.settle();
  await expect.poll(offers(enzo)).toContain('Declined');
  await expect.poll(owner).toContain('Owner\n@olga');
});

it('only the owner or the lead hands a model over, and only to somebody of the team', async () => {
  await stage.slack.as(enzo).command('/ml model transfer churn-model @enzo', room);
  await expect.poll(told(enzo)).toContain('Only the owner of churn-model');
});

it('the owner leaves: the same minute the deputy is asked, and nobody approves in their place', async () => {
  stage.slack.setPerson(olga, { deleted: true });
  await expect
    .poll(offers(dev), { timeout: 5000 })
    .toContain('churn-model needs a new owner: @olga is no longer in its team');
  await expect.poll(owner).toContain('It has no owner who is still here');
  expect(await owner()).toMatch(/May approve a rollback\n@dev, @lea/);
});

it('the lead reads in one card what needs a new holder', async () => {
  await expect.poll(offers(lea)).toContain('@olga is no longer in Applied ML. 1 model needs an owner');
  await expect.poll(offers(lea)).toMatch(/churn-model: :\w+: @dev is asked/);
});

it('whoever is asked passes it on, and the next one is asked', async () => {
  const me = stage.slack.as(dev);
  await me.press('Choose somebody else', { channel: 'dm', containing: 'needs a new owner' });
  await expect.poll(() => me.modal()).toContain('New owner');
  expect((await me.submit({ 'New owner': 'dev' })).errors?.['New owner']).toContain('press Accept');
  await me.submit({ 'New owner': 'enzo' });
  await stage.settle();
  await expect.poll(offers(enzo)).toContain('needs a new owner');
});

it('once somebody accepts, the channel reads who owns it, and the model has an owner again', async () => {
  await stage.slack.as(enzo).press('Accept', { channel: 'dm', containing: 'needs a new owner' });
  await stage.settle();
  await expect
    .poll(() => stage.slack.as(lea).channel(room).join('\n'))
    .toContain('@enzo owns churn-model now; it was @olga');
  await expect.poll(owner).toContain('Owner\n@enzo');
  expect(await owner()).not.toContain('no owner');
});

it('and the lead reads that it is settled', async () => {
  await expect.poll(offers(lea)).toContain('Every model they held has a new holder');
  expect(offers(lea)()).toContain('churn-model: :white_check_mark: @enzo');
});

it('coming back does not bring the authority back', async () => {
  stage.slack.setPerson(olga, { deleted: false });
  await stage.settle();
  await stage.slack.as(olga).command('/ml team', room);
  await expect.poll(told(olga)).toContain('Data scientist: :grey_question: nobody yet');
  expect(stage.errors).toEqual([]);
});
