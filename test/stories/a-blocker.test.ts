import { afterAll, beforeAll, expect, it } from 'vitest';
import { enzo, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

const mei = 'U06MEI';
let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const dm = (who: string) => () => stage.slack.as(who).dm().join('\n');
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

it('a data scientist is blocked by a late feed, and says so', async () => {
  const sources = {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/sources/v3.json',
      generated_at: hoursAgo(1),
    },
    results: [
      {
        unique_id: 'source.shop.raw.orders',
        status: 'error',
        max_loaded_at: hoursAgo(30),
        snapshotted_at: hoursAgo(1),
        criteria: { error_after: { count: 24, period: 'hour' } },
      },
    ],
  };
  expect(await stage.post('/hooks/dbt', sources)).toMatchObject({ status: 202 });
  const me = stage.slack.as(olga);
  await me.command('/ml blocker Orders of Sunday are missing <!channel>', room);
  await expect.poll(() => me.modal()).toContain('What stands in your way');
  const wrong = await me.submit({ 'What do you need?': 'A certain person' });
  expect(wrong.errors?.['Which person']).toContain('Choose the person.');
  await me.submit({
    'What do you need?': 'Data that is late or missing',
    'Which data set': 'raw.orders',
    'Which model it blocks': 'churn-model',
    'How bad is it?': 'Stopped: I cannot go on',
  });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('@mei was asked');
});

it('the data engineer gets it as a direct message, and nobody reads it in a channel', async () => {
  await expect.poll(dm(mei)).toContain('Blocker 1 – @olga of Applied ML needs somebody to watch the freshness');
  expect(dm(mei)()).toContain('Orders of Sunday are missing <!channel>.');
  expect(dm(mei)()).toContain('Data set: raw.orders');
  expect(stage.slack.as(lea).channel(room)).toEqual([]);
  await expect.poll(async () => await stage.slack.as(mei).home()).toContain('Applied ML is stopped for 0 h');
});

it('she needs more, and the clock stands until it is answered', async () => {
  const me = stage.slack.as(mei);
  await me.press('Need more', { channel: 'dm', containing: 'Blocker 1' });
  await expect.poll(() => me.modal()).toContain('What do you need to know?');
  await me.submit({ 'What do you need to know?': 'Which shop?' });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('@mei needs more for blocker 1');
  expect(dm(mei)()).toContain('the clock stands until then');
  const asker = stage.slack.as(olga);
  await asker.press('Answer', { channel: 'dm', containing: 'needs more for blocker 1' });
  await expect.poll(() => asker.modal()).toContain('Which shop?');
  await asker.submit({ Answer: 'The one in Berlin' });
  await stage.settle();
  await expect.poll(dm(mei)).toContain('The answer: The one in Berlin');
});

it('she takes it; whoever comes second reads that she has it', async () => {
  await stage.slack.as(mei).press('Take it', { channel: 'dm', containing: 'your question is answered' });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('@mei took blocker 1');
  expect(dm(olga)()).toContain('@mei is on it since');
  const other = stage.slack.as(enzo);
  await other.command('/ml blockers', room);
  await expect.poll(told(enzo)).toContain('@mei is on it and is asked about it');
  await other.press('Open', { containing: 'Orders of Sunday' });
  await expect.poll(told(enzo)).toContain('Blocker 1 – @olga of Applied ML');
  expect(told(enzo)()).not.toContain('Take it');
});

it('unblocked asks what it was, and tells the other side', async () => {
  const me = stage.slack.as(mei);
  await me.press('Unblocked', { channel: 'dm', containing: 'Blocker 1' });
  await expect.poll(() => me.modal()).toContain('What unblocked it?');
  await me.submit({ 'What unblocked it?': 'The loader had an old key' });
  await stage.settle();
  await expect.poll(dm(olga)).toContain('Blocker 1 is solved, says @mei: The loader had an old key.');
  await stage.slack.as(lea).command('/ml blockers report', room);
  await expect.poll(told(lea)).toContain('Data scientist → Data engineer: n 1');
  expect(told(lea)()).not.toMatch(/@|Mei|Olga/);
  await stage.slack.as(lea).press('CSV', { containing: 'Time blocked' });
  await expect.poll(dm(lea)).toContain('Time blocked in the last 90 days');
});

it('comes to her first when it is back', async () => {
  await stage.slack.as(olga).press('It is back', { channel: 'dm', containing: 'Blocker 1' });
  await stage.settle();
  await expect.poll(dm(mei)).toContain('Blocker 1 is back: Orders of Sunday are missing');
  const me = stage.slack.as(mei);
  await me.press('Not us', { channel: 'dm', containing: 'Blocker 1 –' });
  await expect.poll(() => me.modal()).toContain('What is needed instead?');
  await me.submit({
    'What is needed instead?': 'Somebody for DevOps and infrastructure',
    'What the next one should know': 'The key is yours',
  });
  await stage.settle();
  await expect.poll(dm(enzo)).toContain('needs somebody for DevOps and infrastructure: The key is yours.');
  expect(stage.errors).toEqual([]);
});
