import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { App, HTTPReceiver } from '@slack/bolt';
import { sql } from 'drizzle-orm';
import { Pool } from 'undici';
import { startApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/client.ts';
import { channels, crew } from '../src/demo/people.ts';
import { seed } from '../src/demo/seed.ts';
import { startLocalSlack } from '../src/local-slack/local-slack.ts';
import { shippedManifest } from '../src/manifest.ts';
import { createLog } from '../src/runtime/log.ts';
import { median, quantile, table } from './figures.ts';

const secret = 'bench-signing-secret';
const atOnce = 10;
const seconds = 4;

/** Signed slash commands: ours beside a bare Bolt handler, and beside one that commits four statements before its ack. */
export async function benchCommands(databaseUrl: string): Promise<void> {
  const slack = await startLocalSlack({
    people: crew.map(({ id, name, realName }) => ({ id, name, realName })),
    channels,
    manifest: shippedManifest(),
    rateLimits: false,
  });
  const config = readConfig({
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_SIGNING_SECRET: secret,
    SLACK_API_URL: slack.apiUrl,
    DATABASE_URL: databaseUrl,
    PORT: '0',
    LOG_LEVEL: 'silent',
  });
  const app = await startApp(config, createLog('silent'), { host: '127.0.0.1' });
  await seed(app.context);
  const bare = await bolt(slack.apiUrl, () => Promise.resolve());
  const database = await openDatabase({ url: databaseUrl });
  await database.db.execute(sql`create table bench_inbox (key text primary key)`);
  await database.db.execute(sql`create table bench_count (id int primary key, n int)`);
  await database.db.execute(sql`insert into bench_count select g, 0 from generate_series(1, 1000) g`);
  const committing = await bolt(slack.apiUrl, async (key) => {
    await database.db.transaction(async (tx) => {
      const id = 1 + Math.floor(Math.random() * 1000);
      await tx.execute(sql`insert into bench_inbox values (${key}) on conflict do nothing`);
      await tx.execute(sql`select n from bench_count where id = ${id} for update`);
      await tx.execute(sql`update bench_count set n = n + 1 where id = ${id}`);
      await tx.execute(sql`select count(*) from bench_count where id = ${id}`);
    });
  });
  const contenders = [
    ['bare Bolt, no-op', bare.url, '/ml', 'drift'],
    ['Bolt, four statements and a commit', committing.url, '/ml', 'drift'],
    ['Pitcrew, a read: /ml who churn-model', app.http.url, '/ml', 'who churn-model'],
    ['Pitcrew, the list: /ml drift', app.http.url, '/ml', 'drift'],
    ['Pitcrew, a change: /ml drift watch', app.http.url, '/ml', 'drift watch churn-model psi above 0.2'],
  ] as const;
  const rates = new Map<string, number[]>();
  for (let round = 0; round < 3; round += 1) {
    for (const [name, url, command, text] of contenders) {
      rates.set(name, [...(rates.get(name) ?? []), await closedLoop(url, command, text)]);
    }
  }
  const rate = (name: string) => median(rates.get(name) ?? []);
  table(
    `signed slash commands a second, ${atOnce} at once`,
    contenders.map(([name]) => [name, Math.round(rate(name)), rate(name) / rate(contenders[0][0])]),
  );
  const waits = await openLoop(app.http.url, '/ml', 'who churn-model', 500);
  table('the same at 500 a second, milliseconds', [
    ['p50', median(waits).toFixed(1)],
    ['p99', quantile(waits, 0.99).toFixed(1)],
    ['most', quantile(waits, 1).toFixed(1)],
  ]);
  await bare.close();
  await committing.close();
  await database.close();
  await app.stop();
  await slack.close();
}

async function bolt(slackApiUrl: string, work: (key: string) => Promise<void>) {
  const receiver = new HTTPReceiver({ signingSecret: secret, endpoints: ['/slack/events'] });
  const app = new App({ token: 'xoxb-local', receiver, clientOptions: { slackApiUrl }, deferInitialization: true });
  await app.init();
  app.command('/ml', async ({ body, ack }) => {
    await work(body.trigger_id);
    await ack();
  });
  const server = createServer(receiver.requestListener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, close: async () => void server.close() };
}

let sent = 0;

function request(command: string, text: string) {
  sent += 1;
  const body = new URLSearchParams({
    command,
    text,
    team_id: 'T0LOCAL',
    team_domain: 'local',
    user_id: 'U01OLGA',
    user_name: 'olga',
    channel_id: 'C02RETAIN',
    channel_name: 'ml-retention',
    trigger_id: `${sent}.${process.pid}`,
    response_url: 'http://127.0.0.1:9/none',
    api_app_id: 'A0',
    token: 't',
  }).toString();
  const stamp = Math.floor(Date.now() / 1000);
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(stamp),
    'x-slack-signature': signature,
  };
  return { path: '/slack/events', method: 'POST' as const, headers, body };
}

async function closedLoop(url: string, command: string, text: string): Promise<number> {
  const pool = new Pool(url, { connections: atOnce });
  const end = performance.now() + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) {
        const answer = await pool.request(request(command, text));
        await answer.body.dump();
        if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
        done += 1;
      }
    }),
  );
  await pool.close();
  return done / seconds;
}

/** Sends at a fixed rate whatever comes back, so that a stall is counted for everybody who waits in it. */
async function openLoop(url: string, command: string, text: string, perSecond: number): Promise<number[]> {
  const pool = new Pool(url, { connections: 50 });
  const total = perSecond * seconds;
  const began = performance.now();
  const waits = await Promise.all(
    Array.from({ length: total }, async (_, i) => {
      const due = began + (i * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      const answer = await pool.request(request(command, text));
      await answer.body.dump();
      return performance.now() - due;
    }),
  );
  await pool.close();
  return waits;
}
