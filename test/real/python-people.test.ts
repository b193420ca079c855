import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { airflow } from '../support/airflow.ts';
import { pythonPackage } from '../support/python.ts';
import { olga, room, setTheStage, type Stage } from '../support/stage.ts';

const evidently = pythonPackage('evidently', '0.7.21', 'numpy==2.4.6', 'pandas==2.3.3', 'requests==2.34.2');
const installed = [await evidently.install(), await airflow.install()];
const why = installed.flatMap((each) => (each.ok ? [] : [each.why]))[0];
if (why) console.warn(`The snippets for Python people are not run: ${why}.`);

const run = promisify(execFile);
const patience = { timeout: 180_000 };
const page = await readFile(new URL('../../docs/python.md', import.meta.url), 'utf8');
const snippets = [...page.matchAll(/```(?:python|sh)\n(# (\S+)\n[\s\S]*?)```/g)];
const shown = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']): unknown => JSON.parse(text));

const api = { PITCREW_API_TOKEN: 'test-token' };
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const csv = (header: string, row: (i: number) => string) =>
  [header, ...Array.from({ length: 1000 }, (_, i) => row(i))].join('\n');

it('every block of docs/python.md has a name and a test here', () => {
  const names = snippets.map(([, , name]) => name);
  expect(names).toEqual([
    'metrics.py',
    'features.py',
    'evidently_report.py',
    'retrain_churn.py',
    'metrics.sh',
    'release.sh',
  ]);
  expect(page.match(/^```\w/gm)).toHaveLength(names.length + shown.length);
});

describe.runIf(why === undefined)('the snippets of docs/python.md, as they stand there', () => {
  let stage: Stage;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'python-people-'));
    for (const [, text = '', name = ''] of snippets) await writeFile(join(folder, name), text);
    stage = await setTheStage({ transport: 'socket' });
  }, patience.timeout);
  afterEach(async () => {
    await stage?.close();
    await rm(folder, { recursive: true, force: true });
    expect(stage?.errors).toEqual([]);
  });

  async function play(program: string, args: readonly string[], env: Record<string, string>): Promise<string> {
    const here = { PATH: process.env['PATH'], HOME: folder, PYTHONPATH: folder, PITCREW_URL: stage.app.http.url };
    const { stdout } = await run(program, args, { cwd: folder, env: { ...here, ...env }, ...patience });
    await stage.settle();
    return stdout;
  }
  const python = (file: string, env: Record<string, string>) => play(join(evidently.bin, 'python'), [file], env);

  /** Connects a tool as a person does, and reads off its address and token. */
  async function connect(kind: string): Promise<Record<string, string>> {
    const said = await asked(`/ml connect ${kind} churn-model`);
    const path = /\/hooks\/[\w-]+/.exec(said)?.[0] ?? '';
    const token = /Bearer (\S+?)"/.exec(said)?.[1] ?? '';
    const tool = `PITCREW_${kind.toUpperCase()}`;
    return { [`${tool}_URL`]: `${stage.app.http.url}${path}`, [`${tool}_TOKEN`]: token };
  }
  async function asked(command: string): Promise<string> {
    const me = stage.slack.as(olga);
    const before = me.ephemerals().length;
    await me.command(command, room);
    await expect.poll(() => me.ephemerals().length).toBeGreaterThan(before);
    return me.ephemerals().at(-1) ?? '';
  }
  const standing = () => stage.slack.as(olga).channel(room).join('\n');

  it('metrics are taken, and once when they are sent again', patience, async () => {
    expect(await python('metrics.py', api)).toContain('202 {"accepted":3,"rejected":[]}');
    expect(await python('metrics.py', api)).toContain('"duplicate":true');
  });

  it('what CI found out and brought live stands in Slack', patience, async () => {
    const said = await play('sh', ['release.sh'], api);
    expect(said.match(/"accepted":\d/g)).toEqual(['"accepted":3', '"accepted":1', '"accepted":1']);
    expect(await asked('/ml releases churn-model')).toContain('ersion 15');
  });

  it('a shell does the same', patience, async () => {
    expect(await play('sh', ['metrics.sh'], api)).toContain('"accepted":1');
    expect(await play('sh', ['metrics.sh'], api)).toContain('"duplicate":true');
  });

  it('a wrong token is told in words, also where Python only says 401', patience, async () => {
    const failing = { PITCREW_API_TOKEN: 'wrong' };
    await expect(python('metrics.py', failing)).rejects.toMatchObject({
      stdout: expect.stringContaining('"title":"Not authorised"'),
      stderr: expect.stringContaining('401 Client Error'),
    });
    await expect(play('sh', ['metrics.sh'], failing)).rejects.toMatchObject({
      stdout: expect.stringContaining('"title":"Not authorised"'),
    });
  });

  it('the answers shown are those that come', patience, async () => {
    const auc = { model: 'churn-model', metric: 'auc', value: 0.9 };
    const readings = [{ ...auc, at: hoursAgo(-1) }, auc, { ...auc, at: hoursAgo(1) }];
    const key = { 'idempotency-key': 'a batch' };
    expect((await stage.post('/api/v1/readings', readings, key)).body).toEqual(shown[0]);
    const corrected = await stage.post('/api/v1/readings', [{ ...auc, at: hoursAgo(2) }], key);
    expect(corrected.body, 'what was rejected needs a new key').toMatchObject({ accepted: 0, duplicate: true });
    const { status, body } = await stage.post('/hooks/evidently?model=churn-model&window_end=yesterday', {});
    expect({ status, body }).toEqual({ status: 422, body: shown[1] });
  });

  it('features become the reference, and those that move in two windows are one alert', patience, async () => {
    const window = async (end: string, days: number, missing: number) => {
      const plan = (i: number) => (i % 100 < missing ? '' : i % 3 === 0 ? 'pro' : 'free');
      const rows = csv('customer,tenure_days,plan', (i) => `${i},${((i * 37) % 700) + days},${plan(i)}`);
      await writeFile(join(folder, 'features.csv'), rows);
      return await python('features.py', { ...api, WINDOW_END: end });
    };
    expect(await window(hoursAgo(4), 0, 5)).toContain('202 {"accepted":2,"rejected":[],"frozen":2,"drifted":0}');
    expect(await window(hoursAgo(3), 0, 5)).toContain('"frozen":0,"drifted":0');
    const end = hoursAgo(2);
    expect(await window(end, 9000, 25)).toContain('"drifted":2');
    expect(await window(end, 9000, 25), 'the same window again').toContain('"drifted":0');
    expect(standing()).not.toContain('tenure_days');
    expect(await window(hoursAgo(1), 9000, 25)).toContain('"drifted":2');
    expect(standing()).toContain('tenure_days: PSI is');
    expect(standing()).toContain('plan: Share of missing values, more than in the reference is 0.2');
  });

  it('a real report of Evidently is an alert after two bad windows', patience, async () => {
    const tool = await connect('evidently');
    const rows = (days: number) => csv('tenure_days,charge', (i) => `${((i * 37) % 700) + days},${(i * 13) % 50}`);
    await writeFile(join(folder, 'reference.csv'), rows(0));
    await writeFile(join(folder, 'current.csv'), rows(600));
    const report = (at: string) => python('evidently_report.py', { ...tool, WINDOW_END: at });
    const first = hoursAgo(2);
    expect(await report(first)).toContain('202 {"accepted":2,"drifted":1,"judged":true}');
    expect(await report(first), 'the same window again').toContain('"accepted":0,"duplicate":true');
    expect(standing()).not.toContain('bad windows in a row');
    expect(await report(hoursAgo(1))).toContain('"drifted":1');
    expect(standing()).toContain('tenure_days: ');
    expect(standing()).not.toContain('charge: ');
    expect(standing()).toContain('2 bad windows in a row');
  });

  it('a DAG of Airflow warns when it fails, until it succeeds, however its run ends', patience, async () => {
    const home = join(folder, 'airflow');
    await mkdir(home);
    const env = {
      ...(await connect('airflow')),
      AIRFLOW_HOME: home,
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGS_FOLDER: folder,
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${home}/airflow.db`,
    };
    const ended = (args: readonly string[], more = {}) => play(join(airflow.bin, 'python'), args, { ...env, ...more });
    const dagTest = ['-c', 'from retrain_churn import dag; print(dag.test().state)'];
    const processor = fileURLToPath(new URL('end-as-the-dag-processor.py', import.meta.url));
    await play(join(airflow.bin, 'airflow'), ['db', 'migrate'], env);

    expect(await ended(dagTest, { TRAINING_FAILS: '1' })).toContain('failed');
    expect(await asked('/ml drift')).toContain('retrain_churn failed');
    expect(await ended(dagTest)).toContain('success');
    expect(await asked('/ml drift')).not.toContain('retrain_churn failed');

    await ended([processor, 'failed']);
    expect(await asked('/ml drift'), 'a run without a task').toContain('retrain_churn failed');
    await ended([processor, 'success', 'failed']);
    expect(await asked('/ml drift'), 'the same run fails once more').toContain('retrain_churn failed');
    await ended([processor, 'success']);
    expect(await asked('/ml drift')).not.toContain('retrain_churn failed');
  });
});
