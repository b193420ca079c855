import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { openDatabase } from '../src/db/client.ts';
import { rowsOf } from '../src/db/rows.ts';
import { startLocalSlack } from '../src/local-slack/local-slack.ts';
import { shippedManifest } from '../src/manifest.ts';
import { table } from './figures.ts';

const rituals = 10_000;
const processes = 4;
const leadMs = 25_000;
const patienceMs = 240_000;

const Standing = z.object({
  open: z.coerce.number(),
  asked: z.coerce.number(),
  prompts: z.coerce.number(),
  messages: z.coerce.number(),
  opened_ms: z.coerce.number().nullable(),
  asked_ms: z.coerce.number().nullable(),
  lag_ms: z.coerce.number().nullable(),
});

/** 10,000 standups of 10,000 teams due in the same minute, over four processes and one Postgres, each as `npm start` runs it. */
export async function benchStandups(databaseUrl: string): Promise<void> {
  const slack = await startLocalSlack({
    people: Array.from({ length: rituals }, (_, i) => ({
      id: `UB${i + 1}`,
      name: `p${i + 1}`,
      realName: `Person ${i + 1}`,
    })),
    channels: [],
    manifest: shippedManifest(),
    rateLimits: false,
  });
  const database = await openDatabase({ url: databaseUrl });
  await database.migrate();
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    SLACK_API_URL: slack.apiUrl,
    PORT: '0',
    LOG_LEVEL: 'silent',
  };
  const start = () => spawn(process.execPath, ['src/main.ts'], { env, stdio: 'ignore' });
  const running: ChildProcess[] = Array.from({ length: processes }, start);
  const workspace = await known(() => workspaceIn(database.db));
  const due = new Date(Date.now() + leadMs);
  await fill(database.db, workspace, due);
  await sleep(Math.max(0, due.getTime() - Date.now()));

  let at = await standing(database.db, workspace, due);
  for (
    const end = Date.now() + patienceMs;
    at.asked < rituals && Date.now() < end;
    at = await standing(database.db, workspace, due)
  )
    await sleep(1000);
  const posted = slack.calls('chat.postMessage').length;
  for (const each of running) {
    const exit = once(each, 'exit');
    each.kill('SIGKILL');
    await exit;
  }
  table(`${rituals} standups due in the same minute, ${processes} processes`, [
    ['runs opened (claimed), of 10,000', at.open],
    ['all opened after, s (goal 60)', seconds(at.opened_ms)],
    ['people asked, of 10,000', at.asked],
    ['messages that should stand (none twice: 10,000)', at.messages],
    ['all asked after, spread of 60 s included, s', seconds(at.asked_ms)],
    ['behind their own second, p99, s', seconds(at.lag_ms)],
    ['posted to Slack by then', posted],
  ]);
  await database.close();
  await slack.close();
}

const seconds = (ms: number | null) => (ms === null ? 'not yet' : (ms / 1000).toFixed(1));

type Db = Awaited<ReturnType<typeof openDatabase>>['db'];

async function known<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
    const seen = await look().catch(() => undefined);
    if (seen !== undefined) return seen;
  }
  throw new Error('no process made itself known');
}

async function workspaceIn(db: Db): Promise<string | undefined> {
  const found = await db.execute(sql`select workspace from installations limit 1`);
  return z.array(z.object({ workspace: z.string() })).parse(rowsOf(found))[0]?.workspace;
}

/** A person, a team and a ritual each; the runs come last, so that nobody begins before all are there. */
async function fill(db: Db, workspace: string, due: Date): Promise<void> {
  const rule = JSON.stringify({ rhythm: { every: 'day', interval: 1 }, start: '2026-01-01', except: [] });
  const at = due.toISOString();
  const [date, time] = [at.slice(0, 10), at.slice(11, 16)];
  const each = sql`generate_series(1, ${rituals}) g`;
  await db.execute(sql`insert into people (workspace, id, name, zone, standing, checked_at)
    select ${workspace}, 'UB' || g, 'Person ' || g, 'UTC', 'member', now() from ${each}`);
  await db.execute(sql`insert into teams (workspace, id, name, channel, lead_id, zone)
    select ${workspace}, gen_random_uuid(), 'Team ' || g, 'C1', 'UB' || g, 'UTC' from ${each}`);
  await db.execute(sql`insert into members (workspace, team_id, person_id, roles, joined_at)
    select workspace, id, lead_id, '{ds}', now() from teams where workspace = ${workspace}`);
  await db.execute(sql`insert into rituals (workspace, id, team_id, kind, name, channel, recurrence, time, clock, when_closed, digest_time, digest_days, created_by)
    select workspace, gen_random_uuid(), id, 'standup', 'Standup', 'C1', ${rule}::jsonb, ${time}, 'team', 'skip', '23:59', 2, lead_id
    from teams where workspace = ${workspace}`);
  await db.execute(sql`insert into ritual_preferences (workspace, person_id, quiet_from, quiet_to)
    select workspace, id, '00:00', '00:00' from people where workspace = ${workspace} and id like 'UB%'`);
  await db.execute(sql`insert into ritual_runs (workspace, ritual_id, date, state, revision, zone, zone_data, time, planned_at, opens_at, digest_at, closes_at)
    select workspace, id, ${date}, 'planned', revision, 'UTC', 'bench', time, now(), ${at}::timestamptz,
      ${at}::timestamptz + interval '2 days', ${at}::timestamptz + interval '3 days'
    from rituals where workspace = ${workspace}`);
  await db.execute(sql`analyze`);
}

async function standing(db: Db, workspace: string, due: Date) {
  const at = due.toISOString();
  const found = await db.execute(sql`select
    (select count(*) from ritual_runs where workspace = ${workspace} and state = 'open') as open,
    (select count(*) from ritual_prompts where workspace = ${workspace} and state = 'sent') as asked,
    (select count(*) from ritual_prompts where workspace = ${workspace}) as prompts,
    (select count(*) from messages where workspace = ${workspace} and key like 'standup:%') as messages,
    (select extract(epoch from max(opened_at) - ${at}::timestamptz) * 1000 from ritual_runs where workspace = ${workspace}) as opened_ms,
    (select extract(epoch from max(sent_at) - ${at}::timestamptz) * 1000 from ritual_prompts where workspace = ${workspace}) as asked_ms,
    (select extract(epoch from percentile_cont(0.99) within group (order by sent_at - send_at)) * 1000
      from ritual_prompts where workspace = ${workspace} and sent_at is not null) as lag_ms`);
  return Standing.parse(rowsOf(found)[0]);
}
