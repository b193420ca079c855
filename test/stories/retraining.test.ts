import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainings } from '../../src/features/retraining/schema.ts';
import { type LocalAirflow, startLocalAirflow } from '../../src/local-airflow/local-airflow.ts';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
let airflow: LocalAirflow;
beforeAll(async () => {
  airflow = await startLocalAirflow({ dags: [{ dag_id: 'retrain_churn' }], users: { pitcrew: 'let me in' } });
  stage = await setTheStage({ transport: 'socket', secretKey: randomBytes(32).toString('base64') });
});
afterAll(async () => {
  await stage.close();
  await airflow.close();
});

const patience = { timeout: 15_000 };
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const dm = (who: string) => () => stage.slack.as(who).dm().join('\n');
const modal = (who: string) => () => stage.slack.as(who).modal();
const cards = () =>
  stage.slack
    .as(pia)
    .channel(room)
    .filter((text) => text.includes('Retrain churn-model'));
/** The newest card of a training. */
const card = () => cards().at(-1) ?? '';
/** What stands now in the thread where this was asked. */
async function questioned(subject: string): Promise<() => string> {
  const me = stage.slack.as(pia);
  const ts = await me.find(room, subject);
  return () => me.thread(room, ts).join('\n');
}
const run = () => airflow.runs().at(-1)?.dag_run_id ?? '';
const press = (who: string, label: string, containing = 'Retrain churn-model') =>
  stage.slack.as(who).press(label, { channel: room, containing });

/** As if the seconds until the next look had passed. */
async function look(): Promise<void> {
  await stage.app.context.db
    .update(trainings)
    .set({ nextAt: sql`now() - interval '1 second'` })
    .where(sql`next_at is not null`);
  await stage.settle();
}

it('where no tool is connected, and where nobody said how it is trained, the way there is said', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml retrain set-up churn-model', room);
  await expect.poll(told(dev)).toContain('Connect one first: /ml connect airflow or /ml connect kubeflow.');
  await me.command('/ml retrain churn-model', room);
  await expect.poll(told(dev)).toContain('Say it with /ml retrain set-up churn-model.');
  await me.command('/ml retrain', room);
  await expect.poll(told(dev)).toContain('No training is under way.');
});

it('Airflow is connected, and it is said how the model is trained and when that starts by itself', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml connect airflow', room);
  await expect.poll(modal(dev)).toContain('Connect Airflow');
  await me.submit({
    Address: airflow.url,
    'How to sign in': 'User and password',
    User: 'pitcrew',
    'Password or token': 'let me in',
  });
  await expect.poll(modal(dev), patience).toContain('Airflow 3.1.5, 1 DAG');
  await me.closeModal();
  await me.command('/ml retrain set-up churn-model', room);
  await expect.poll(modal(dev)).toContain('How it is retrained');
  const wrong = await me.submit({ Pipeline: 'retrain_churn', Parameters: 'skip {excluded}' });
  expect(wrong.errors?.['Parameters']).toContain('Line 1 is not "name = value".');
  await me.submit({ Parameters: 'model = {model}\nskip = {excluded}' });
  await expect.poll(dm(dev)).toContain('How churn-model is retrained is saved. It starts only when somebody asks.');
  await me.command('/ml retrain policy churn-model', room);
  await expect.poll(told(dev)).toContain('churn-model is retrained by retrain_churn in airflow.');
});

it('drifts; Retrain knows why and what to leave out; the second who presses it is told', async () => {
  await stage.report(4, 0.31);
  await stage.report(3, 0.42);
  const me = stage.slack.as(olga);
  await press(olga, 'Retrain', 'Drift');
  await expect.poll(modal(olga), patience).toContain('retrain_churn');
  expect(modal(olga)()).toContain('Somebody else has to approve it first.');
  expect(modal(olga)()).toContain('drift alert 1');
  await press(lea, 'Retrain', 'Drift');
  await expect.poll(modal(lea), patience).toContain('retrain_churn');
  await Promise.all([
    me.submit({ Why: 'tenure_days drifts since the new tariff' }),
    stage.slack.as(lea).submit({ Why: 'it drifts since Monday' }),
  ]);
  await stage.settle();
  expect(cards()).toHaveLength(1);
  expect([modal(lea)(), modal(olga)()].join('')).toContain('Training 1 of churn-model waits for approval already.');
  expect(card()).toContain('Waits for approval');
  expect(card()).toContain('Left out of the data');
  expect(airflow.runs()).toEqual([]);
});

it('who asked does not approve; somebody else does, and it starts', async () => {
  const asker = card().includes('@olga') && !card().includes('of @olga') ? olga : lea;
  await press(asker, 'Approve');
  await expect.poll(told(asker)).toContain('You asked for this training, so somebody else has to approve it.');
  await press(enzo, 'Approve');
  await expect.poll(told(enzo)).toContain("Only the model's owner, its deputy, the team's lead");
  await press(dev, 'Approve');
  await stage.settle();
  await expect.poll(card, patience).toContain('Queued in airflow');
  expect(card()).toContain('Approved by\n@dev');
  expect(airflow.runs()).toMatchObject([{ conf: { model: 'churn-model' } }]);
  expect(airflow.runs()[0]?.conf['skip']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ\//);
});

it('asks a person: one question is answered here, the other in Airflow', async () => {
  airflow.ask(run(), { task: 'look', subject: 'Is the new model good?', body: 'AUC 0.93' });
  airflow.ask(run(), { task: 'push', subject: 'Push it to the registry?' });
  await look();
  expect(card()).toContain('Running in airflow');
  const good = await questioned('Is the new model good?');
  expect(good()).toContain('AUC 0.93');
  await stage.slack.as(olga).press('Approve', { channel: room, containing: 'Is the new model good?' });
  await stage.settle();
  await expect.poll(good).toContain('@olga answered Approve in airflow');
  expect(airflow.runs()[0]?.questions?.[0]).toMatchObject({ answer: { options: ['Approve'] } });

  const push = await questioned('Push it to the registry?');
  airflow.answer(run(), { task: 'push', option: 'Approve' });
  await look();
  await expect.poll(push).toContain('was answered in airflow');
});

it('ends in the same message with a candidate, what its gate says of it, and the way on', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml gate edit churn-model', room);
  await expect.poll(modal(dev)).toContain('gate');
  await me.submit({ 'Checks, one a line': 'auc >= 0.8' });
  await stage.settle();
  const version = stage.mlflow.addVersion({ model: 'churn-model', metrics: { auc: 0.93 } });
  airflow.finish(run(), 'success', { said: { version } });
  await look();
  await expect.poll(card, patience).toContain(`Its candidate is version ${version}. Its gate:`);
  expect(card()).toContain('passes the gate of production');
  expect(card()).toContain('[Promote] [Show gate]');
  expect(cards()).toHaveLength(1);
});

it('that fails says why and what to do next', async () => {
  const me = stage.slack.as(olga);
  await me.command('/ml retrain churn-model', room);
  await expect.poll(modal(olga), patience).toContain('retrain_churn');
  await me.submit({ Why: 'with the data of this week' });
  await stage.settle();
  await press(dev, 'Approve', 'with the data of this week');
  await stage.settle();
  await expect.poll(card, patience).toContain('Queued in airflow');
  airflow.finish(run(), 'failed');
  await look();
  await expect.poll(card, patience).toContain('Failed');
  expect(card()).toContain('Look at its log, then press Retrain.');
  expect(card()).toContain('[Retrain] [Roll back]');
  expect(cards()).toHaveLength(2);
  expect(stage.errors).toEqual([]);
});
