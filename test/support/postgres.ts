import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chownSync, constants, existsSync, globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export interface PostgresServer {
  readonly url: string;
  /** Ends the server for good and removes its files. */
  stop(): Promise<void>;
  /** Down for as long as asked: connections are cut, new ones refused. */
  restart(downMs: number): Promise<void>;
  createDatabase(): Promise<string>;
}

/** A throw-away server on loopback; fast because it may forget everything in a power cut. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries();
  const runAs = unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(12).toString('hex');
  await writeFile(join(folder, 'password'), password, { mode: 0o600 });
  for (const path of [folder, join(folder, 'password')]) if (runAs) chownSync(path, runAs.uid, runAs.gid);
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${join(folder, 'password')}`, '-E', 'UTF8', '-N'],
    { ...runAs, cwd: folder, stdio: 'pipe' },
  );
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const settings = {
    port,
    fsync: 'off',
    max_connections: 100,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const start = async () => {
    const server = spawn(join(bin, 'postgres'), ['-D', data, ...flags], { ...runAs, cwd: folder, stdio: 'ignore' });
    await answers(url, server);
    return server;
  };

  let running = await start();
  return {
    url,
    stop: async () => {
      await end(running);
      await rm(folder, { recursive: true, force: true });
    },
    restart: async (downMs) => {
      await end(running);
      await sleep(downMs);
      running = await start();
    },
    createDatabase: async () => await createDatabase(url),
  };
}

/** An empty database of its own on a running server. */
export async function createDatabase(url: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = postgres(url, { max: 1 });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

/** For vitest's globalSetup: one server for the whole run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}

function binaries(): string {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...globSync('/usr/lib/postgresql/*/bin').toReversed(),
  ];
  const found = folders.find((folder) => ['initdb', 'postgres'].every((name) => isExecutable(join(folder, name))));
  if (!found)
    throw new Error('No PostgreSQL here: `apt-get install postgresql`, or put initdb and postgres on the PATH.');
  return found;
}

function isExecutable(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string, user: string) =>
    Number(execFileSync('id', [flag, user], { stdio: 'pipe', encoding: 'utf8' }));
  try {
    return { uid: idOf('-u', 'postgres'), gid: idOf('-g', 'postgres') };
  } catch {
    return { uid: idOf('-u', 'nobody'), gid: idOf('-g', 'nobody') };
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with code ${server.exitCode} before it answered`);
    const client = postgres(url, { max: 1, connect_timeout: 2, fetch_types: false });
    const up = await client`select 1`.then(
      () => true,
      () => false,
    );
    await client.end({ timeout: 1 });
    if (up) return;
    await sleep(100);
  }
  server.kill('SIGQUIT');
  throw new Error('PostgreSQL did not answer within 30 s');
}

/** A fast shutdown: open connections are cut with 57P01; the hard one if a backend does not listen. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  const harder = setTimeout(() => server.kill('SIGQUIT'), 5_000);
  await gone;
  clearTimeout(harder);
}
