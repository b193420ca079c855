import { createHmac } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { Pool } from 'undici';
import { z } from 'zod';
import { type App, startApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { type Database, openDatabase } from '../src/db/client.ts';
import { openEmbedded } from '../src/db/embedded.ts';
import { crew } from '../src/demo/people.ts';
import { keepPerson } from '../src/features/teams/store.ts';
import { startLocalSlack } from '../src/local-slack/local-slack.ts';
import { shippedManifest } from '../src/manifest.ts';
import { createLog } from '../src/runtime/log.ts';
import { quantile, table } from './figures.ts';

const secret = 'bench-signing-secret';
const counts = { models: 5000, teams: 200 };
const goalMs = 300;
const times = 100;

/** 5,000 models of 200 teams: how long a person waits for the list under their fingers, and for an answer. */
export async function benchRegistry(databaseUrl: string): Promise<void> {
  const embedded = await openEmbedded({});
  await embedded.migrate();
  await measure('embedded database', embedded);
  const server = await openDatabase({ url: databaseUrl });
  await server.migrate();
  await measure('Postgres', server);
}

async function measure(where: string, database: Database): Promise<void> {
  const slack = await startLocalSlack({
    people: crew.map(({ id, name, realName }) => ({ id, name, realName })),
    channels: [],
    manifest: shippedManifest(),
    rateLimits: false,
  });
  const config = readConfig({
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_SIGNING_SECRET: secret,
    SLACK_API_URL: slack.apiUrl,
    PORT: '0',
    LOG_LEVEL: 'silent',
  });
  const app = await startApp(config, createLog('silent'), { host: '127.0.0.1', database });
  await fill(app);
  await app.workers.drain();
  const pool = new Pool(app.http.url, { connections: 1 });
  const rows: (readonly [string, string])[] = [];
  for (const [what, ask, expected] of questions(app.workspace)) {
    const waits: number[] = [];
    for (let i = 0; i < times + 10; i += 1) {
      const began = performance.now();
      const answer = await pool.request(signed(ask(i)));
      const text = await answer.body.text();
      if (i >= 10) waits.push(performance.now() - began);
      if (!text.includes(expected)) throw new Error(`${what} was answered with ${answer.statusCode} ${text}`);
    }
    const [p50, p99] = [quantile(waits, 0.5), quantile(waits, 0.99)];
    rows.push([what, `${p50.toFixed(1)} / ${p99.toFixed(1)}${p99 > goalMs ? ` over ${goalMs}` : ''}`]);
  }
  table(`${counts.models} models, ${counts.teams} teams, ${where}: p50 / p99 in milliseconds`, rows);
  await pool.close();
  await app.stop();
  await slack.close();
}

/** What a person does, how it is asked the nth time, and what the answer has to hold. */
function questions(team: string): (readonly [string, (nth: number) => Record<string, string>, string])[] {
  const find = (value: string) => ({
    payload: JSON.stringify({
      type: 'block_suggestion',
      team: { id: team },
      user: { id: 'U01OLGA' },
      action_id: 'lookup.model',
      block_id: 'modelId',
      value,
    }),
  });
  const say = (text: string, nth: number) => ({
    command: '/ml',
    text,
    team_id: team,
    team_domain: 'local',
    user_id: 'U01OLGA',
    user_name: 'olga',
    channel_id: 'C02RETAIN',
    channel_name: 'ml-retention',
    trigger_id: `${text}.${nth}`,
    response_url: 'http://127.0.0.1:9/none',
    api_app_id: 'A0',
    token: 't',
  });
  return [
    ['the list opens, nothing typed', () => find(''), 'model-'],
    ['search: the beginning of a name', (nth) => find(`churn-model-4${nth % 10}`), 'churn-model-4'],
    ['search: letters in the middle', (nth) => find(`model-${100 + nth}`), 'model-'],
    ['search: nothing is found', (nth) => find(`nothing ${nth}`), '"options":[]'],
    ['/ml who <model>', (nth) => say(`who churn-model-${nth * 4}`, nth), 'Owner'],
    ['/ml who, one letter wrong', (nth) => say(`who churn-modle-${nth * 4}`, nth), 'Did you mean'],
    ['/ml models', (nth) => say('models', nth), '5000 models'],
    ['/ml models <letters>', (nth) => say(`models model-${nth + 10}`, nth), 'model-'],
    ['/ml models orphans', (nth) => say('models orphans', nth), '50 models'],
  ];
}

function signed(fields: Record<string, string>) {
  const body = new URLSearchParams(fields).toString();
  const stamp = Math.floor(Date.now() / 1000);
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;
  return {
    path: '/slack/events',
    method: 'POST' as const,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(stamp),
      'x-slack-signature': signature,
    },
    body,
  };
}

/** Straight into the tables; one model in a hundred has an owner who left its team. */
async function fill({ context: ctx, workspace }: App): Promise<void> {
  for (const { id, realName, tz } of crew) await keepPerson(ctx, { id, name: realName, zone: tz, standing: 'member' });
  const people = z.tuple([z.string(), z.string()]).parse(crew.slice(0, 2).map(({ id }) => id));
  await ctx.db.execute(sql`insert into teams (workspace, name, channel, lead_id)
    select ${workspace}, 'Team ' || n, 'C' || n, ${people[1]} from generate_series(1, ${counts.teams}::int) n`);
  await ctx.db.execute(sql`insert into members (workspace, team_id, person_id, roles, joined_at)
    select workspace, id, ${people[0]}, '{ds}', now() from teams`);
  await ctx.db.execute(sql`
    insert into models (workspace, name, team_id, owner_id, channel, tier, registry_name, registered_at)
    select ${workspace}, (array['churn', 'price', 'fraud', 'demand'])[1 + n % 4] || '-model-' || n, t.id,
      case when n % 100 = 0 then 'U06MEI' else ${people[0]} end, t.channel, 1 + n % 3, 'model-' || n, now()
    from generate_series(0, ${counts.models - 1}::int) n
    join (select id, channel, row_number() over (order by name) - 1 as nth from teams) t on t.nth = n % ${counts.teams}::int`);
  await ctx.db.execute(sql`analyze`);
}
