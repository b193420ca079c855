import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { lockDirectory } from '../../src/db/lock.ts';
import { rowsOf } from '../../src/db/rows.ts';

const lockModule = new URL('../../src/db/lock.ts', import.meta.url).href;

let folder: string;
let directory: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-'));
  directory = join(folder, 'state', 'db');
  await mkdir(join(folder, 'state'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it('refuses a second opener in one sentence, and keeps what was written for the next', async () => {
  const first = await openDatabase({ directory });
  await first.db.execute(sql`create table t as select 1 as n`);
  await expect(openDatabase({ directory })).rejects.toThrow(
    `The database in ${directory} is in use: process ${process.pid} has it open.`,
  );
  await first.close();
  const second = await openDatabase({ directory });
  expect(rowsOf(await second.db.execute(sql`select n from t`))).toEqual([{ n: 1 }]);
  await second.close();
});

it('takes over from a process that was killed', async () => {
  const holder = hold();
  await untilHeld();
  await expect(lockDirectory(directory)).rejects.toThrow(`process ${holder.pid} has it open`);
  const gone = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await gone;
  expect(await takeAndRelease()).toEqual([]);
});

it('takes over from a dead process whose number another one has now', async () => {
  await leave({ pid: process.pid, started: 'long ago', host: hostname(), nonce: 'dead' });
  expect(await takeAndRelease()).toEqual([]);
});

it('takes over a file that was never filled', async () => {
  await writeFile(lockFile(), '');
  expect(await takeAndRelease()).toEqual([]);
});

it('believes another machine as long as it is heard', async () => {
  await leave({ pid: 1, started: 'x', host: 'elsewhere', nonce: 'foreign' });
  await expect(lockDirectory(directory)).rejects.toThrow('process 1 on elsewhere, last heard 0 s ago, has it open');
});

it('lets one of many heirs win', async () => {
  await leave({ pid: process.pid, started: 'long ago', host: hostname(), nonce: 'dead' });
  const script = `import { lockDirectory } from '${lockModule}';
    await lockDirectory('${directory}').then(() => console.log('won'), () => console.log('lost'));
    setTimeout(() => {}, 3_000);`;
  const heirs = Array.from({ length: 6 }, () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]),
  );
  const outcomes = (await Promise.all(heirs)).map(({ stdout }) => stdout.trim()).toSorted();
  expect(outcomes).toEqual(['lost', 'lost', 'lost', 'lost', 'lost', 'won']);
});

/** What lies beside the directory afterwards. */
async function takeAndRelease(): Promise<string[]> {
  const unlock = await lockDirectory(directory);
  await unlock();
  return (await readdir(join(folder, 'state'))).filter((name) => name.includes('lock'));
}

const lockFile = () => `${directory}.lock`;

function hold() {
  const script = `import { lockDirectory } from '${lockModule}'; await lockDirectory('${directory}'); setInterval(() => {}, 1_000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
}

async function untilHeld(): Promise<void> {
  while (!(await readFile(lockFile(), 'utf8').catch(() => ''))) await sleep(20);
}

async function leave(holder: object): Promise<void> {
  await writeFile(lockFile(), JSON.stringify(holder));
}
