import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';

let folder: string;
let port: number;
let running: ChildProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitcrew-demo-'));
  port = await freePort();
});
afterAll(async () => {
  running?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

it(
  'starts with one command, says one URL, stops cleanly, and goes on where it stopped',
  { timeout: 90_000 },
  async () => {
    const first = await start();
    expect(first.said.match(/http:\/\/127\.0\.0\.1:\d+/g)).toEqual([`http://127.0.0.1:${port}`]);
    await expect.poll(welcome, { timeout: 15_000 }).toBe(1);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<html');
    expect(await stop('SIGINT')).toBe(0);

    await start();
    expect(await welcome()).toBe(1);
    expect(await stop('SIGTERM')).toBe(0);

    await start('--fresh');
    await expect.poll(welcome, { timeout: 15_000 }).toBe(1);
    expect(await stop('SIGINT')).toBe(0);
  },
);

async function start(...flags: string[]): Promise<{ said: string }> {
  const child = spawn(process.execPath, ['src/demo.ts', '--port', String(port), '--folder', folder, ...flags]);
  running = child;
  let said = '';
  let complained = '';
  child.stderr.on('data', (chunk: Buffer) => (complained += String(chunk)));
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('begins anew')) return { said };
  }
  throw new Error(`the demo ended: ${said}${complained}`);
}

async function stop(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null> {
  const exit = once(running ?? expect.unreachable('nothing runs'), 'exit');
  running?.kill(signal);
  const [code] = z.tuple([z.number().nullable(), z.unknown()]).parse(await exit);
  return code;
}

const State = z.object({ channels: z.array(z.object({ messages: z.array(z.object({ text: z.string() })) })) });

/** How often the welcome stands in the channels. */
async function welcome(): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/page/state?user=U01OLGA`);
  const { channels } = State.parse(await answer.json());
  return channels.flatMap(({ messages }) => messages).filter(({ text }) => text.includes('Welcome to the pit')).length;
}

/** Two neighbouring ports, below the range that the system hands out: nobody takes them between a stop and a start. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}
