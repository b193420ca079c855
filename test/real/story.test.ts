import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { airflowPipelines } from '../../src/integrations/airflow/airflow.ts';
import { mlflowRegistry } from '../../src/integrations/mlflow/mlflow.ts';
import { installAirflow, type RealAirflow, startRealAirflow } from '../support/airflow.ts';
import { installMlflow, type RealMlflow, startRealMlflow } from '../support/mlflow.ts';
import { dev, enzo, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';
import { registeringDag } from './airflow-dags.ts';

const installed = [await installMlflow(), await installAirflow()];
const why = installed.flatMap((each) => (each.ok ? [] : [each.why]))[0];
if (why) console.warn(`The story over the real MLflow and Airflow is not played: ${why}.`);

const model = 'churn-model';
const alias = 'champion';

/** Drift, a new version trained in Airflow, its gate, promotion, worse, back: everything by what people see and press. */
describe.runIf(why === undefined)(
  'from drift to a version that is seen to be back, on a real MLflow and Airflow',
  () => {
    let mlflow: RealMlflow;
    let airflow: RealAirflow;
    let stage: Stage;
    beforeAll(async () => {
      [mlflow, airflow] = await Promise.all([
        startRealMlflow(),
        startRealAirflow({ 'retrain_churn.py': registeringDag }),
      ]);
      await registerVersions(mlflow.url, 14);
      const secretKey = randomBytes(32).toString('base64');
      stage = await setTheStage({ transport: 'socket', registryUrl: mlflow.url, secretKey });
      const { url, username, password } = airflow;
      const pipelines = airflowPipelines({ url, auth: { username, password }, allowedHosts: ['127.0.0.1'] });
      await vi.waitFor(async () => expect(await pipelines.obstacle('retrain_churn')).toBeUndefined(), {
        timeout: 90_000,
        interval: 1000,
      });
    }, 400_000);
    afterAll(async () => {
      await stage?.close();
      await airflow?.close();
      await mlflow?.close();
    });

    const live = () => mlflowRegistry({ url: mlflow.url, allowedHosts: ['127.0.0.1'] }).aliasVersion({ model, alias });
    const card = (words: string) =>
      stage.slack
        .as(lea)
        .channel(room)
        .findLast((said) => said.includes(words)) ?? '';
    const served = async (value: string) => {
      const at = new Date().toISOString();
      const { status } = await stage.post('/api/v1/readings', [{ model, metric: 'served_version', value, at }]);
      expect(status).toBe(202);
      await stage.settle();
    };
    /** As long as the tools take; the house looks by itself, every few seconds. */
    async function until(words: string, inCard: string): Promise<string> {
      for (let i = 0; i < 180 && !card(inCard).includes(words); i += 1) {
        await stage.settle();
        await wait(1000);
      }
      expect(card(inCard)).toContain(words);
      return card(inCard);
    }

    it('Airflow is connected, and it is said how the model is retrained', async () => {
      const me = stage.slack.as(dev);
      await me.command('/ml connect airflow', room);
      await expect.poll(() => me.modal()).toContain('Connect Airflow');
      await me.submit({
        Address: airflow.url,
        'How to sign in': 'User and password',
        User: airflow.username,
        'Password or token': airflow.password,
      });
      await expect.poll(() => me.modal(), { timeout: 20_000 }).toContain('Airflow 3');
      await me.closeModal();
      await me.command('/ml retrain set-up churn-model', room);
      await expect.poll(() => me.modal()).toContain('How it is retrained');
      await me.submit({
        Pipeline: 'retrain_churn',
        Parameters: `model = {model}\nmlflow = ${mlflow.url}\nexclude = {excluded}`,
        'Needs approval': 'No',
      });
      await stage.settle();
      await me.command('/ml gate edit churn-model', room);
      await expect.poll(() => me.modal()).toContain('Release gate');
      await me.submit({ 'Checks, one a line': 'auc >= 0.80, at most 1% worse' });
      await stage.settle();
    });

    it('drifts; Retrain starts a run that is followed to its end, and its version passes the gate', async () => {
      await stage.report(4, 0.31);
      await stage.report(3, 0.42);
      const me = stage.slack.as(olga);
      await me.press('Retrain', { channel: room, containing: 'Drift' });
      await expect.poll(() => me.modal(), { timeout: 20_000 }).toContain('retrain_churn');
      expect(me.modal()).toContain('drift alert 1');
      await me.submit({ Why: 'tenure_days drifts since the new tariff' });
      const done = await until('Done', 'Retrain churn-model');
      expect(done).toContain('Its candidate is version 15');
      expect(done).toContain('[Promote] [Show gate]');
    }, 240_000);

    it('is promoted by two people who did not ask, and live only when it is seen', async () => {
      const me = stage.slack.as(enzo);
      await me.press('Promote', { channel: room, containing: 'Retrain churn-model' });
      await expect.poll(() => me.modal(), { timeout: 20_000 }).toContain('Promote a version');
      await me.submit({ 'What is better': 'Trained without the days of the broken feed.' });
      await stage.settle();
      await stage.slack.as(olga).press('Approve', { channel: room, containing: 'Promote churn-model' });
      expect(await live()).toBe('14');
      await stage.slack.as(lea).press('Approve', { channel: room, containing: 'Promote churn-model' });
      await until('Alias moved', 'Promote churn-model');
      expect(await live()).toBe('15');
      await served('15');
      expect(card('Promote churn-model')).toContain('Live: serving was seen to serve version 15');
    }, 120_000);

    it('does worse; it is rolled back by two, and back only when that is seen', async () => {
      await stage.report(2, 0.5);
      await stage.report(1, 0.6);
      const me = stage.slack.as(enzo);
      await me.press('Roll back', { channel: room, containing: 'Promote churn-model' });
      await expect.poll(() => me.modal(), { timeout: 20_000 }).toContain('Roll back model');
      await me.submit({ 'Back to version': 'Version 14', Why: 'worse than before on new customers' });
      await stage.settle();
      expect(card('Roll back churn-model')).toContain('then replaced by version 15: promotion 1');
      for (const who of [dev, lea])
        await stage.slack.as(who).press('Approve', { channel: room, containing: 'Roll back churn-model' });
      await until('Alias moved', 'Roll back churn-model');
      expect(await live()).toBe('14');
      await served('14');
      expect(card('Roll back churn-model')).toContain('Rolled back: serving was seen to serve version 14');
      expect(stage.errors).toEqual([]);
    }, 120_000);
  },
);

/** So many versions with a run each; the last is live. */
async function registerVersions(url: string, count: number): Promise<void> {
  const Run = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) });
  const ask = async (path: string, fields: object): Promise<unknown> => {
    const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  };
  await ask('registered-models/create', { name: model });
  for (let version = 1; version <= count; version += 1) {
    const { run } = Run.parse(await ask('runs/create', { experiment_id: '0' }));
    const { run_id } = run.info;
    const metrics = [{ key: 'auc', value: 0.9 + version / 1000, timestamp: Date.now(), step: 0 }];
    await ask('runs/log-batch', { run_id, metrics });
    await ask('model-versions/create', { name: model, source: `s3://models/${version}`, run_id });
  }
  await ask('registered-models/alias', { name: model, alias, version: String(count) });
}
