import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { startApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/client.ts';
import { rowsOf } from '../src/db/rows.ts';
import { crew, models } from '../src/demo/people.ts';
import { seed } from '../src/demo/seed.ts';
import { startLocalSlack } from '../src/local-slack/local-slack.ts';
import { shippedManifest } from '../src/manifest.ts';
import { createLog } from '../src/runtime/log.ts';
import { median, table } from './figures.ts';

/** Readings through the API (1,000 a request, detection on) beside the same rows by raw INSERT … unnest, on one Postgres. */
export async function benchIngest(databaseUrl: string): Promise<void> {
  const slack = await startLocalSlack({
    people: crew.map(({ id, name, realName }) => ({ id, name, realName })),
    channels: [],
    manifest: shippedManifest(),
    rateLimits: false,
  });
  const token = 'bench-token';
  const config = readConfig({
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    SLACK_API_URL: slack.apiUrl,
    DATABASE_URL: databaseUrl,
    PITCREW_API_TOKEN: token,
    PORT: '0',
    LOG_LEVEL: 'silent',
  });
  const app = await startApp(config, createLog('silent'), { host: '127.0.0.1' });
  await seed(app.context);
  const raw = await openDatabase({ url: databaseUrl });
  // A series of its own in the very same table, so that partitions, keys and the foreign key cost both alike.
  const found = await raw.db.execute(sql`insert into series (workspace, model_id, environment, metric)
    select workspace, id, environment, 'bench' from models limit 1 returning workspace, id`);
  const { workspace, id } = z.object({ workspace: z.string(), id: z.string() }).parse(rowsOf(found)[0]);

  const size = 1000;
  const rounds = 40;
  const start = Date.now() - 60 * 86_400_000;
  const instant = (round: number, i: number) => new Date(start + (round * size + i) * 1000).toISOString();

  async function throughApi(round: number): Promise<void> {
    const body = Array.from({ length: size }, (_, i) => ({
      model: models[i % 3]?.name,
      metric: 'accuracy',
      value: 0.9,
      at: instant(round, i),
    }));
    const answer = await fetch(`${app.http.url}/api/v1/readings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status !== 202) throw new Error(`answered ${answer.status}: ${await answer.text()}`);
    await answer.body?.cancel();
  }

  async function byHand(round: number): Promise<void> {
    const all = Array.from({ length: size }, (_, i) => i);
    await raw.db.execute(sql`insert into readings (workspace, series_id, at, value, received_at)
      select ${workspace}, ${id}::uuid, r.at, r.value, now()
      from unnest(${sql.param(all.map((i) => instant(round, i)))}::timestamptz[], ${sql.param(all.map(() => 0.9))}::float8[]) as r(at, value)`);
  }

  const api: number[] = [];
  const hand: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [into, run] of [
      [api, throughApi],
      [hand, byHand],
    ] as const) {
      const began = performance.now();
      await run(round);
      into.push(size / ((performance.now() - began) / 1000));
    }
  }
  const [ours, reference] = [median(api.slice(5)), median(hand.slice(5))];
  table('readings a second, 1,000 a request', [
    ['raw INSERT … unnest', Math.round(reference), 1],
    ['POST /api/v1/readings, detection on', Math.round(ours), ours / reference],
  ]);
  await raw.close();
  await app.stop();
  await slack.close();
}
