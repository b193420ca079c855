import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const sources = (loadedHoursAgo: number, lookedHoursAgo: number) => ({
  metadata: {
    dbt_schema_version: 'https://schemas.getdbt.com/dbt/sources/v3.json',
    generated_at: hoursAgo(lookedHoursAgo),
  },
  results: [
    {
      unique_id: 'source.shop.raw.orders',
      status: 'error',
      max_loaded_at: hoursAgo(loadedHoursAgo),
      snapshotted_at: hoursAgo(lookedHoursAgo),
      criteria: { warn_after: { count: 12, period: 'hour' }, error_after: { count: 24, period: 'hour' } },
    },
  ],
});
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);

it('what dbt looks at is known at once, and calls nobody while nobody eats it', async () => {
  expect(await stage.post('/hooks/dbt', sources(30, 2))).toMatchObject({ status: 202, body: { accepted: 1 } });
  await stage.settle();
  await stage.slack.as(olga).command('/ml data', room);
  await expect.poll(told(olga)).toContain('raw.orders – no new rows for 30 h, limit 24 h – nobody owns it');
  expect(stage.slack.as(lea).channel(room)).toEqual([]);
});

it('with an owner and a model that eats it, its trouble is told in the channel', async () => {
  const me = stage.slack.as(olga);
  await me.command('/ml data raw.orders', room);
  await expect.poll(told(olga)).toContain('after 24 h, says the tool');
  await me.press('Owner and limits', { containing: 'raw.orders' });
  await expect.poll(() => me.modal()).toContain('Owner and limits');
  const wrong = await me.submit({ 'Eaten by': 'chrun-model' });
  expect(wrong.errors?.['Eaten by']).toContain('No model is registered under "chrun-model"');
  await me.submit({ 'Eaten by': 'churn-model' });
  await stage.settle();
  const card = () => stage.slack.as(dev).channel(room).join('\n');
  await expect.poll(card).toContain('Data in trouble: raw.orders');
  expect(card()).toContain('no new rows for 30 h, limit 24 h');
  expect(card()).toContain('churn-model');
});

it('the card leads to what eats it; of two people who set limits the later sees both', async () => {
  const [me, other] = [stage.slack.as(dev), stage.slack.as(lea)];
  await me.press('What eats it', { channel: room, containing: 'Data in trouble' });
  await expect.poll(() => me.modal()).toContain('churn-model, owned by @olga');
  await me.closeModal();
  for (const each of [me, other]) {
    await each.press('Owner and limits', { channel: room, containing: 'Data in trouble' });
    await expect.poll(() => each.modal()).toContain('At most % missing');
  }
  await other.submit({ 'At most % missing in a column': '5' });
  await me.submit({ 'At most % missing in a column': '7' });
  await expect.poll(() => me.modal()).toContain('Somebody saved this data set while you wrote.');
  expect(me.modal()).toContain('% missing: theirs 5, yours 7');
  await me.submit({});
  await expect.poll(() => me.modal()).toBeUndefined();
});

it('somebody takes it; with new rows the same card says that it is well', async () => {
  await stage.slack.as(dev).press('Acknowledge', { channel: room, containing: 'Data in trouble' });
  await stage.settle();
  await expect.poll(() => stage.slack.as(olga).channel(room).join()).toContain('@dev is on it');
  await stage.post('/hooks/dbt', sources(1, 0.1));
  await stage.settle();
  const said = stage.slack.as(lea).channel(room);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('raw.orders is well again');
});

it('what is not useful is closed with its reason', async () => {
  await stage.post('/hooks/dbt', sources(26, 0.05));
  await stage.settle();
  const me = stage.slack.as(olga);
  await me.press('Not useful', { channel: room, containing: 'Data in trouble' });
  await expect.poll(() => me.modal()).toContain('Why was it not useful?');
  await me.submit({ 'Why was it not useful?': 'We expected this', 'Anything to add': 'a holiday <!channel>' });
  await stage.settle();
  const said = stage.slack.as(dev).channel(room).at(-1);
  expect(said).toContain('@olga found the trouble of raw.orders not useful: We expected this. a holiday <!channel>.');
});

it('a model shows what it eats', async () => {
  await stage.slack.as(dev).command('/ml who churn-model', room);
  await expect.poll(told(dev)).toContain('churn-model');
  await stage.slack.as(dev).press('Data', { containing: 'churn-model' });
  await expect.poll(() => stage.slack.as(dev).modal()).toContain('raw.orders');
  expect(stage.errors).toEqual([]);
});
