import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type DemoProcess, freePort, startDemo } from '../support/demo-process.ts';

let folder: string;
let port: number;
let running: DemoProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitcrew-demo-'));
  port = await freePort();
});
afterAll(async () => {
  running?.kill();
  await rm(folder, { recursive: true, force: true });
});

const start = async (...flags: string[]) => (running = await startDemo(folder, port, ...flags));

it(
  'starts with one command, says one URL, stops cleanly, and goes on where it stopped',
  { timeout: 90_000 },
  async () => {
    const first = await start();
    expect(first.said.match(/http:\/\/127\.0\.0\.1:\d+/g)).toEqual([`http://127.0.0.1:${port}`]);
    await expect.poll(welcome, { timeout: 15_000 }).toBe(1);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<html');
    expect(await first.stop('SIGINT')).toBe(0);

    const second = await start();
    expect(await welcome()).toBe(1);
    // Another one that begins anew takes nothing from under it.
    await expect(startDemo(folder, await freePort(), '--fresh')).rejects.toThrow(/in use|already|another/i);
    expect(await welcome()).toBe(1);
    expect(await second.stop('SIGTERM')).toBe(0);

    const third = await start('--fresh');
    await expect.poll(welcome, { timeout: 15_000 }).toBe(1);
    expect(await third.stop('SIGINT')).toBe(0);
  },
);

const State = z.object({ channels: z.array(z.object({ messages: z.array(z.object({ text: z.string() })) })) });

/** How often the welcome stands in the channels. */
async function welcome(): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/page/state?user=U01OLGA`);
  const { channels } = State.parse(await answer.json());
  return channels.flatMap(({ messages }) => messages).filter(({ text }) => text.includes('Welcome to the pit')).length;
}
