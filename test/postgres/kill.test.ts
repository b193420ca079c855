import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, inject, it } from 'vitest';
import { z } from 'zod';
import { type Context, within } from '../../src/context.ts';
import { crew } from '../../src/demo/people.ts';
import { dice } from '../../src/demo/report.ts';
import { startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { shippedManifest } from '../../src/manifest.ts';
import { announce } from '../../src/messages/announce.ts';
import { messages } from '../../src/messages/schema.ts';
import { sentence } from '../../src/slack/blocks.ts';
import { md } from '../../src/slack/mrkdwn.ts';
import { besideTheApp, ended } from '../support/beside-the-app.ts';
import { createDatabase } from '../support/postgres.ts';

const rooms = 20;
const perRoom = 6;
const kills = 6;

it('processes killed while they deliver lose no message and post none twice', { timeout: 180_000 }, async () => {
  const channels = Array.from({ length: rooms }, (_, i) => ({
    id: `CKILL${i}`,
    name: `room-${i}`,
    members: ['U01OLGA'],
  }));
  const slack = await startLocalSlack({
    people: crew.map(({ id, name, realName }) => ({ id, name, realName })),
    channels,
    manifest: shippedManifest(),
    rateLimits: false,
  });
  // Slow enough that a kill often falls between Slack's deed and our note of it.
  slack.fault({ method: 'chat.postMessage', kind: 'slow', times: 100_000, ms: 60 });
  const { ctx, database, start } = await besideTheApp(slack, await createDatabase(inject('postgresUrl')));
  const keys = channels.flatMap(({ id }) => Array.from({ length: perRoom }, (_, i) => ({ id, key: `${id}:${i}` })));
  for (const { id, key } of keys) {
    await within(ctx, (ctx) => announce(ctx, key, { channel: id }, sentence(md`first words of ${key}`)));
  }

  const random = dice(7);
  const running: ChildProcess[] = [start(), start()];
  for (let i = 0; i < kills; i += 1) {
    await expect.poll(() => posted(slack), { timeout: 30_000 }).toBeGreaterThan((i * keys.length) / (kills + 2));
    await sleep(random() * 200);
    const victim = running.shift();
    if (victim) await ended(victim, 'SIGKILL');
    running.push(start());
    for (const { id, key } of keys.filter((_, n) => n % kills === i)) {
      await within(ctx, (ctx) => announce(ctx, key, { channel: id }, sentence(md`last words of ${key}`)));
    }
  }
  await expect.poll(() => left(ctx), { timeout: 90_000, interval: 500 }).toBe(0);
  for (const each of running) await ended(each, 'SIGTERM');

  const said = channels
    .flatMap(({ name }) => slack.as('U01OLGA').channel(name))
    .filter((each) => each.includes('words of'));
  expect(said.toSorted()).toEqual(keys.map(({ key }) => `last words of ${key}`).toSorted());
  await database.close();
  await slack.close();
});

function posted(slack: Awaited<ReturnType<typeof startLocalSlack>>): number {
  return slack.calls('chat.postMessage').length;
}

async function left(ctx: Context): Promise<number> {
  const rows = await ctx.db
    .select({ n: sql`count(*)` })
    .from(messages)
    .where(sql`${messages.state} <> 'done'`);
  return z.coerce.number().parse(rows[0]?.n);
}
