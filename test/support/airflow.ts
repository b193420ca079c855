import { spawn, execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pythonPackage } from './python.ts';

/** One environment for everything that needs Airflow: with other packages it would be made anew. */
export const airflow = pythonPackage('apache-airflow', '3.1.5', 'requests==2.34.2');
const program = join(airflow.bin, 'airflow');
export const installAirflow = airflow.install;
const run = promisify(execFile);

export interface RealAirflow {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Of the same password; may look at everything and start nothing. */
  readonly viewer: string;
  close(): Promise<void>;
}

/** A real Airflow 3 on loopback over SQLite, in a directory that goes with it; `dags` are files by name. */
export async function startRealAirflow(dags: Readonly<Record<string, string>>): Promise<RealAirflow> {
  const home = await mkdtemp(join(tmpdir(), 'airflow-'));
  const folder = join(home, 'dags');
  await mkdir(folder);
  for (const [name, text] of Object.entries(dags)) await writeFile(join(folder, name), text);
  const [username, viewer, password] = ['pitcrew', 'onlooker', 'let me in'];
  const passwords = join(home, 'passwords.json');
  await writeFile(passwords, JSON.stringify({ [username]: password, [viewer]: password }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    PATH: `${airflow.bin}:${process.env['PATH'] ?? ''}`,
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: folder,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '2',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: `${username}:admin,${viewer}:viewer`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: passwords,
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${join(home, 'airflow.db')}`,
    AIRFLOW__API__BASE_URL: url,
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__WORKERS: '1',
    // PyJWT since 2.15 refuses tokens without one.
    AIRFLOW__API_AUTH__JWT_ISSUER: 'airflow',
    AIRFLOW__API_AUTH__JWT_SECRET: 'only for this test, and long enough for the signature',
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '5',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '2',
    AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC: '1',
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: join(home, 'logs'),
    SCARF_ANALYTICS: 'False',
    DO_NOT_TRACK: 'true',
    NO_PROXY: '*',
  };
  await run(program, ['db', 'migrate'], { env, cwd: home, timeout: 120_000 });
  const parts = [['api-server', '--port', String(port), '--host', '127.0.0.1'], ['dag-processor'], ['scheduler']];
  const children = parts.map((flags) => spawn(program, flags, { env, cwd: home, stdio: 'ignore', detached: true }));
  const close = async () => {
    for (const child of children) {
      const gone = new Promise<void>((done) => child.once('exit', () => done()));
      if (child.exitCode !== null || child.pid === undefined) continue;
      process.kill(-child.pid, 'SIGKILL');
      await gone;
    }
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  for (let tries = 0; tries < 480; tries += 1) {
    const ended = children.findIndex((child) => child.exitCode !== null);
    if (ended >= 0) throw new Error(`airflow ${parts[ended]?.[0]} stopped with ${children[ended]?.exitCode}`);
    const health = await fetch(`${url}/api/v2/monitor/health`).catch(() => undefined);
    const body = health?.ok === true ? JSON.stringify(await health.json()) : '';
    if (/"scheduler":\{"status":"healthy"/.test(body)) return { url, username, password, viewer, close };
    await wait(250);
  }
  await close();
  throw new Error('airflow did not get healthy within two minutes');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
