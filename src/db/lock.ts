import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const Holder = z.object({ pid: z.number(), started: z.string(), host: z.string(), nonce: z.string() });
type Holder = z.infer<typeof Holder>;

const heartbeatMs = 5_000;
const silentMs = 30_000;

/** Keeps a second opener out of a directory for as long as this process has it; returns the release. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const file = `${resolve(directory)}.lock`;
  const mine: Holder = { pid: process.pid, started: startOf(process.pid), host: hostname(), nonce: randomUUID() };
  await take(file, mine);
  const heartbeat = setInterval(() => void touch(file), heartbeatMs).unref();
  return async () => {
    clearInterval(heartbeat);
    if ((await read(file))?.nonce === mine.nonce) await rm(file, { force: true });
  };
}

/** A dead holder's lock is replaced only by whoever holds the lock named after it: two heirs cannot both win. */
async function take(file: string, mine: Holder): Promise<void> {
  while (!(await create(file, mine))) {
    const holder = await read(file);
    if (!holder) continue;
    const silence = await silenceOf(file);
    if (lives(holder, silence)) throw new Error(refusal(file, holder, silence));
    const heir = `${file}.${holder.nonce}`;
    await take(heir, mine);
    const inherited = (await read(file))?.nonce === holder.nonce;
    await (inherited ? rename(heir, file) : rm(heir));
    if (inherited) return;
  }
}

async function create(file: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Nothing when the file is gone. A file that stays unreadable was left by a death between making and filling it. */
async function read(file: string): Promise<Holder | undefined> {
  for (let tries = 0; tries < 10; tries++) {
    try {
      return Holder.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      await sleep(50);
    }
  }
  return { pid: 0, started: '', host: hostname(), nonce: 'unreadable' };
}

/** On this machine the process table knows; of another (a container on the same disk) only the heartbeat tells. */
function lives(holder: Holder, silence: number): boolean {
  if (holder.host !== hostname()) return silence < silentMs;
  if (holder.pid === 0 || !isRunning(holder.pid)) return false;
  const started = startOf(holder.pid);
  return started === '' || started === holder.started;
}

function refusal(file: string, holder: Holder, silence: number): string {
  const directory = file.slice(0, file.lastIndexOf('.lock'));
  const who =
    holder.host === hostname()
      ? `process ${holder.pid}`
      : `process ${holder.pid} on ${holder.host}, last heard ${Math.round(silence / 1000)} s ago,`;
  return `The database in ${directory} is in use: ${who} has it open. Stop that one first, or set DATABASE_URL.`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Tells a process from a later one that got the same number; empty where the system will not say. */
function startOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields?.[19]}`;
  } catch {
    return process.platform === 'linux' || process.platform === 'win32' ? '' : startByPs(pid);
  }
}

function startByPs(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

async function silenceOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : Infinity;
}

async function touch(file: string): Promise<void> {
  const now = Date.now() / 1000;
  await utimes(file, now, now).catch(() => undefined);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
