import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeHistograms } from '../../src/features/distributions/store.ts';
import { pythonPackage } from '../support/python.ts';
import { olga, room, setTheStage, type Stage } from '../support/stage.ts';

const evidently = pythonPackage('evidently', '0.7.21', 'pandas==2.3.3');
const airflow = pythonPackage('apache-airflow', '3.1.5');
const installed = [await evidently.install(), await airflow.install()];
const why = installed.flatMap((each) => (each.ok ? [] : [each.why]))[0];
if (why) console.warn(`The snippets for Python people are not run: ${why}.`);

const run = promisify(execFile);
const patience = 180_000;

describe.runIf(why === undefined)('the snippets of docs/python.md, as they stand there', () => {
  let stage: Stage;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'python-people-'));
    const page = await readFile(new URL('../../docs/python.md', import.meta.url), 'utf8');
    for (const [, text = ''] of page.matchAll(/```(?:python|sh)\n([\s\S]*?)```/g)) {
      await writeFile(join(folder, /^# (\S+)/.exec(text)?.[1] ?? 'unnamed'), text);
    }
    stage = await setTheStage({ transport: 'socket' });
  }, patience);
  afterAll(async () => {
    await stage?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const here = () => ({ PATH: process.env['PATH'], HOME: folder, PITCREW_URL: stage.app.http.url });
  async function python(bin: string, file: string, env: Record<string, string>): Promise<string> {
    const { stdout } = await run(join(bin, 'python'), [join(folder, file)], {
      env: { ...here(), ...env },
      timeout: patience,
    });
    return stdout;
  }
  /** Connects a tool as a person does, and reads off its address and token. */
  async function connect(kind: string): Promise<{ PITCREW_SOURCE: string; PITCREW_TOKEN: string }> {
    const me = stage.slack.as(olga);
    await me.command(`/ml connect ${kind} churn-model`, room);
    await expect.poll(() => me.ephemerals().at(-1)).toContain('Bearer');
    const said = me.ephemerals().at(-1) ?? '';
    const path = /\/hooks\/[\w-]+/.exec(said)?.[0] ?? '';
    const token = /Bearer (\S+?)"/.exec(said)?.[1] ?? '';
    return { PITCREW_SOURCE: `${stage.app.http.url}${path}`, PITCREW_TOKEN: token };
  }
  const card = () => stage.slack.as(olga).channel(room).join('\n');
  const token = 'test-token';

  it('metrics are taken once, also when they are sent again', { timeout: patience }, async () => {
    expect(await python(evidently.bin, 'metrics.py', { PITCREW_TOKEN: token })).toContain("'accepted': 3");
    expect(await python(evidently.bin, 'metrics.py', { PITCREW_TOKEN: token })).toContain("'duplicate': True");
  });

  it('a shell does the same', { timeout: patience }, async () => {
    const { stdout } = await run('sh', [join(folder, 'metrics.sh')], { env: { ...here(), PITCREW_TOKEN: token } });
    expect(stdout).toContain('"accepted":1');
  });

  it('a wrong token is told in words', { timeout: patience }, async () => {
    const failing = python(evidently.bin, 'metrics.py', { PITCREW_TOKEN: 'wrong' });
    await expect(failing).rejects.toThrow(/401 Client Error/);
  });

  it('features become the reference, and what moves later is an alert', { timeout: patience }, async () => {
    expect(await python(evidently.bin, 'features.py', { PITCREW_TOKEN: token })).toContain("'frozen': 2");
    const moved = { categories: { free: 100, pro: 1900 }, model: 'churn-model', column: 'plan' };
    for (const minutes of [1, 2]) {
      const at = new Date(Date.now() + minutes * 60_000).toISOString();
      await takeHistograms(stage.app.context, [{ ...moved, at }]);
    }
    await stage.settle();
    expect(card()).toContain('plan: PSI is');
  });

  it('a real report of Evidently drifts after two windows', { timeout: patience }, async () => {
    const source = await connect('evidently');
    for (const hours of [2, 1]) {
      const end = new Date(Date.now() - hours * 3_600_000).toISOString();
      expect(await python(evidently.bin, 'evidently_report.py', { ...source, WINDOW_END: end })).toContain(
        "'drifted': 1",
      );
    }
    await stage.settle();
    expect(card()).toContain('tenure_days: ');
    expect(card()).toContain('2 bad windows in a row');
  });

  it(
    'a DAG that fails is told by its callback, and well again after a run that succeeds',
    { timeout: patience },
    async () => {
      const source = await connect('airflow');
      const home = join(folder, 'airflow');
      await mkdir(home);
      const env = {
        ...source,
        AIRFLOW_HOME: home,
        AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
        AIRFLOW__CORE__DAGS_FOLDER: folder,
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${home}/airflow.db`,
      };
      await run(join(airflow.bin, 'airflow'), ['db', 'migrate'], { env: { ...here(), ...env }, timeout: patience });
      await writeFile(join(folder, 'once.py'), 'from retrain_churn import dag\nprint(dag.test().state)\n');
      expect(await python(airflow.bin, 'once.py', { ...env, TRAINING_FAILS: '1' })).toContain('failed');
      await stage.settle();
      expect(card()).toContain('retrain_churn failed');
      expect(await python(airflow.bin, 'once.py', env)).toContain('success');
      await stage.settle();
      expect(card()).not.toContain('retrain_churn failed');
      expect(stage.errors).toEqual([]);
    },
  );
});
