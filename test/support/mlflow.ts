import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pythonPackage } from './python.ts';

const mlflow = pythonPackage('mlflow', '3.17.2');
const program = join(mlflow.bin, 'mlflow');
export const installMlflow = mlflow.install;

export interface RealMlflow {
  readonly url: string;
  close(): Promise<void>;
}

/** A real tracking server over SQLite on a free loopback port, in a directory that goes with it. */
export async function startRealMlflow(): Promise<RealMlflow> {
  const directory = await mkdtemp(join(tmpdir(), 'mlflow-'));
  const port = await freePort();
  const store = `sqlite:///${join(directory, 'mlflow.db')}`;
  const flags = [
    '--backend-store-uri',
    store,
    '--no-serve-artifacts',
    '--host',
    '127.0.0.1',
    '--port',
    `${port}`,
    '--workers',
    '1',
  ];
  const child = spawn(program, ['server', ...flags], {
    cwd: directory,
    stdio: 'ignore',
    detached: true,
    env: {
      ...process.env,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
      MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: randomBytes(32).toString('base64url') + '=',
      MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'https,http',
      MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
      // Seconds for which it does not notice a new web-hook.
      MLFLOW_WEBHOOK_CACHE_TTL: '1',
    },
  });
  const gone = new Promise<void>((done) => {
    child.once('exit', () => done());
  });
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, 'SIGKILL');
    await gone;
    await rm(directory, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`mlflow server stopped with ${child.exitCode}`);
    const health = await fetch(`${url}/health`).catch(() => undefined);
    if (health?.ok === true) return { url, close };
    await wait(250);
  }
  await close();
  throw new Error('mlflow server did not get healthy within a minute');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
