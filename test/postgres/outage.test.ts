import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { olga, room, setTheStage, type Stage } from '../support/stage.ts';

let server: PostgresServer;
let stage: Stage;
beforeAll(async () => {
  server = await startPostgres();
  const database = await openDatabase({ url: server.url });
  await database.migrate();
  stage = await setTheStage({ transport: 'socket', database });
});
afterAll(async () => {
  await stage.close();
  await server.stop();
});

it('the database is gone for 10 seconds: everybody is told, nothing is lost, and it goes on by itself', async () => {
  const { report, slack, post, settle } = stage;
  await report(3, 0.4);
  await report(2, 0.4);
  const back = server.restart(10_000);
  const reading = [{ model: 'churn-model', metric: 'accuracy', value: 0.9 }];
  await expect.poll(async () => (await post('/api/v1/readings', reading)).status, { timeout: 9_000 }).toBe(503);
  await slack.as(olga).press('Acknowledge', { channel: room });
  await expect
    .poll(() => slack.as(olga).ephemerals().at(-1), { timeout: 9_000 })
    .toContain('I cannot reach my database right now, and nothing was changed');

  await back;
  await expect.poll(async () => (await post('/api/v1/readings', reading)).status, { timeout: 20_000 }).toBe(202);
  await slack.as(olga).press('Acknowledge', { channel: room });
  await settle();
  expect(
    slack
      .as(olga)
      .channel(room)
      .filter((said) => said.includes('Drift:')),
  ).toHaveLength(1);
  expect(
    slack
      .as(olga)
      .channel(room)
      .find((said) => said.includes('Drift:')),
  ).toContain('is on it');
});
