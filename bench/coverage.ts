import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../src/context.ts';
import { type Database, openDatabase } from '../src/db/client.ts';
import { openEmbedded } from '../src/db/embedded.ts';
import { rowsOf } from '../src/db/rows.ts';
import { coverageOf, coverageOfTeams } from '../src/features/duties/gaps/queries.ts';
import { contextOf } from './context.ts';
import { quantile, table } from './figures.ts';

const workspace = 'TBENCH';
const counts = { teams: 200, models: 25, people: 8 };
const now = new Date('2026-11-23T12:00:00Z');

/** What 200 teams of 8 people with 25 models each lack: 35 duties a model, with zones, absences and names. */
export async function benchCoverage(databaseUrl: string): Promise<void> {
  const embedded = await openEmbedded({});
  await embedded.migrate();
  await measure('embedded database', embedded);
  const server = await openDatabase({ url: databaseUrl });
  await server.migrate();
  await measure('Postgres', server);
}

async function measure(where: string, database: Database): Promise<void> {
  const ctx = contextOf(database.db, workspace, () => now);
  const teamIds = await fill(ctx);
  const one: number[] = [];
  for (const id of teamIds.slice(0, 60)) one.push(await took(() => coverageOf(ctx, id)));
  const all: number[] = [];
  let gaps = 0;
  for (let i = 0; i < 3; i += 1) {
    all.push(
      await took(async () => {
        gaps = 0;
        for (let at = 0; at < teamIds.length; at += 10) {
          for (const found of await coverageOfTeams(ctx, teamIds.slice(at, at + 10))) gaps += found.gaps.length;
        }
      }),
    );
  }
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  table(`coverage, ${counts.teams} teams × ${counts.models} models × 35 duties, ${where}`, [
    ['one team, p50', ms(quantile(one.slice(10), 0.5))],
    ['one team, p99', ms(quantile(one.slice(10), 0.99))],
    ['all teams, 10 at a time (8 reads each)', ms(quantile(all, 0.5))],
    ['gaps found', gaps],
  ]);
  await database.close();
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function fill(ctx: Context): Promise<string[]> {
  const people = counts.teams * counts.people;
  await ctx.db.execute(sql`insert into people (workspace, id, name, zone, standing, checked_at)
    select ${workspace}, 'U' || n, 'Person ' || n,
      (array['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Singapore', 'Asia/Kolkata'])[1 + n % 5],
      case when n % 40 = 0 then 'deactivated' else 'member' end, now()
    from generate_series(0, ${people - 1}::int) n`);
  await ctx.db.execute(sql`insert into teams (workspace, name, channel, lead_id)
    select ${workspace}, 'Team ' || n, 'C' || n, 'U' || n * ${counts.people}::int from generate_series(0, ${counts.teams - 1}::int) n`);
  await ctx.db.execute(sql`insert into members (workspace, team_id, person_id, roles, joined_at)
    select ${workspace}, t.id, 'U' || t.nth * ${counts.people}::int + n,
      array[(array['ds', 'mle', 'de', 'ops', 'qa', 'mon', 'pm', 'ds'])[1 + n], (array['mle', 'ds'])[1 + n % 2]], now()
    from (select id, row_number() over (order by name) - 1 as nth from teams) t, generate_series(0, ${counts.people - 1}::int) n`);
  await ctx.db.execute(sql`insert into absences (workspace, person_id, "from", until)
    select ${workspace}, 'U' || n, date '2026-11-20' + n % 7, date '2026-11-20' + n % 30 from generate_series(0, ${people - 1}::int, 5) n
    where n % 30 >= n % 7`);
  await ctx.db
    .execute(sql`insert into models (workspace, name, team_id, owner_id, deputy_id, channel, tier, registry_name, registered_at)
    select ${workspace}, t.name || ' model ' || n, t.id, t.lead_id, null, t.channel, 1 + n % 3, 'm', now()
    from teams t, generate_series(1, ${counts.models}::int) n`);
  await ctx.db
    .execute(sql`insert into duty_assignments (workspace, model_id, duty, person_id, assigned_by, assigned_at, confirmed_at)
    select ${workspace}, m.id, d, m.owner_id, m.owner_id, now(), date '2026-08-01' + (random() * 100)::int
    from models m, unnest(array['oncall', 'incident.lead', 'deploy.approve', 'rollback.approve']) d`);
  await ctx.db.execute(sql`analyze`);
  const found = await ctx.db.execute(sql`select id from teams where workspace = ${workspace} order by name`);
  return z
    .array(z.object({ id: z.string() }))
    .parse(rowsOf(found))
    .map(({ id }) => id);
}
