import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { playMainLoop } from '../stories/main-loop.ts';
import { createDatabase } from '../support/postgres.ts';
import { dev, enzo, olga, room, setTheStage, type Stage } from '../support/stage.ts';

async function onPostgres(): Promise<Stage> {
  const database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) });
  await database.migrate();
  return await setTheStage({ transport: 'socket', database });
}

describe('from drift to post-mortem, on a real Postgres', () => {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await onPostgres();
  });
  afterAll(() => stage?.close());
  playMainLoop(() => stage ?? expect.unreachable('the stage was not set'));
});

describe('races, with several connections', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await onPostgres();
  });
  afterAll(() => stage.close());

  it('forty bad windows that come in together raise one alert', async () => {
    const { post, settle, slack } = stage;
    const at = (minute: number) => new Date(Date.now() - (60 - minute) * 60_000).toISOString();
    const report = JSON.stringify({
      metrics: [
        {
          id: 'a',
          metric_name: 'ValueDrift(column=plan)',
          config: { type: 'evidently:metric_v2:ValueDrift', column: 'plan', method: 'psi', threshold: 0.1 },
          value: 0.4,
        },
      ],
      tests: [],
    });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => post(`/hooks/evidently?model=churn-model&window_end=${at(i)}`, report)),
    );
    expect(answers.filter((answer) => answer.status !== 202)).toEqual([]);
    await settle();
    expect(
      slack
        .as(olga)
        .channel(room)
        .filter((said) => said.includes('Drift: churn-model')),
    ).toHaveLength(1);
  });

  it('two people who take an alert in the same instant: one has it, the other is told who', async () => {
    const { slack, settle } = stage;
    await Promise.all([olga, dev].map((who) => slack.as(who).press('Acknowledge', { channel: room })));
    await settle();
    const told = () => [olga, dev].flatMap((who) => slack.as(who).ephemerals());
    await expect.poll(told).toHaveLength(1);
    expect(told()[0]).toMatch(/Alert 1 was taken (just now|\d+ s ago) by @(olga|dev)/);
  });

  it('two people who ask for a rollback and two who approve it: one request, one move of the alias', async () => {
    const { slack, settle, mlflow } = stage;
    for (const who of [enzo, dev]) {
      await slack.as(who).command('/ml rollback churn-model', room);
      await expect.poll(() => slack.as(who).modal()).toContain('Roll back model');
    }
    const answer = { 'Back to version': 'Version 13', Why: 'scores are far off since noon' };
    await Promise.all([enzo, dev].map((who) => slack.as(who).submit(answer)));
    await settle();
    expect(
      slack
        .as(olga)
        .channel(room)
        .filter((said) => said.includes('Roll back churn-model')),
    ).toHaveLength(1);

    await Promise.all(['U03LEA', olga].map((who) => slack.as(who).press('Approve', { channel: room })));
    await settle();
    const moves = mlflow.calls.filter(({ method, path }) => method === 'POST' && path === 'registered-models/alias');
    expect(moves).toHaveLength(1);
    expect(stage.errors).toEqual([]);
  });
});
