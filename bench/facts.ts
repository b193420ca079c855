import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../src/context.ts';
import { openDatabase } from '../src/db/client.ts';
import { rowsOf } from '../src/db/rows.ts';
import { factsFor, teamFactsFor } from '../src/features/facts/queries.ts';
import { factKinds } from '../src/features/facts/rules.ts';
import { contextOf } from './context.ts';
import { quantile, table } from './figures.ts';

const workspace = 'TBENCH';
const counts = { teams: 500, models: 10, people: 20 };
const now = new Date('2026-11-23T08:00:00Z');
const atATime = 200;
const dayMs = 86_400_000;

/** A morning on which 10,000 people are asked about 5,000 models in the same minute, each since their own last answer. */
export async function benchFacts(databaseUrl: string): Promise<void> {
  // One connection, as temporary tables are its own, and no deadline.
  const filler = await openDatabase({ url: databaseUrl, connections: 1, deadlineMs: 0 });
  await filler.migrate();
  await fill(contextOf(filler.db, workspace, () => now));
  await filler.close();
  const database = await openDatabase({ url: databaseUrl });
  const ctx = contextOf(database.db, workspace, () => now);
  const everybody = Array.from({ length: counts.teams * counts.people }, (_, i) => ({
    personId: `U${i}`,
    since: new Date(now.getTime() - (1 + (i % 4)) * dayMs),
  }));
  const told = new Map<string, number>();
  const missing = new Set<string>();
  const batches: number[] = [];
  for (let at = 0; at < everybody.length; at += atATime) {
    const began = performance.now();
    const gathered = await factsFor(ctx, everybody.slice(at, at + atATime));
    batches.push(performance.now() - began);
    for (const { kind } of [...gathered.facts.values()].flat()) told.set(kind, (told.get(kind) ?? 0) + 1);
    for (const kind of gathered.missing) missing.add(kind);
  }
  const teams = await idsOfTeams(ctx);
  const began = performance.now();
  for (let at = 0; at < teams.length; at += 50) {
    const ids = teams.slice(at, at + 50);
    await teamFactsFor(ctx, ids, new Map(ids.map((id) => [id, new Date(now.getTime() - dayMs)])));
  }
  const ofTeams = performance.now() - began;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  table(`facts, 10,000 people and 5,000 models, ${atATime} people at a time, Postgres`, [
    ['all people', `${(batches.reduce((a, b) => a + b, 0) / 1000).toFixed(1)} s`],
    ['200 people, p50', ms(quantile(batches, 0.5))],
    ['200 people, p99', ms(quantile(batches, 0.99))],
    ['all teams, 50 at a time', ms(ofTeams)],
    ['kinds that were late or failed', [...missing].join(', ') || 'none'],
    ...factKinds.map((kind): [string, number] => [`facts: ${kind}`, told.get(kind) ?? 0]),
  ]);
  await database.close();
}

async function idsOfTeams(ctx: Context): Promise<string[]> {
  const found = await ctx.db.execute(sql`select id from teams where workspace = ${workspace}`);
  return z
    .array(z.object({ id: z.string() }))
    .parse(rowsOf(found))
    .map(({ id }) => id);
}

/** Months of history, so that what is new is a small part of it; everything made by the database itself. */
async function fill({ db }: Context): Promise<void> {
  const run = (statement: SQL) => db.execute(statement);
  // Foreign keys and guards would take minutes to check what is true by construction.
  await run(sql`set session_replication_role = replica`);
  const [teams, perTeam, people] = [counts.teams, counts.models, counts.people];
  const at = sql.raw(`timestamptz '${now.toISOString()}'`);
  await run(sql`insert into people (workspace, id, name, zone, standing, checked_at)
    select ${workspace}, 'U' || n, 'Person ' || n, (array['UTC', 'Europe/Berlin', 'Asia/Kolkata'])[1 + n % 3], 'member', now()
    from generate_series(0, ${teams * people - 1}::int) n`);
  await run(sql`insert into teams (workspace, name, channel, lead_id)
    select ${workspace}, 'Team ' || n, 'C' || n, 'U' || n * ${people}::int from generate_series(0, ${teams - 1}::int) n`);
  await run(sql`create temporary table nth_team as
    select id, (substr(name, 6))::int as nth from teams where workspace = ${workspace}`);
  await run(sql`insert into members (workspace, team_id, person_id, roles, joined_at)
    select ${workspace}, t.id, 'U' || t.nth * ${people}::int + n,
      array[(array['ds', 'mle', 'de', 'ops', 'qa', 'mon', 'pm', 'ds'])[1 + n % 8]], now()
    from nth_team t, generate_series(0, ${people - 1}::int) n`);
  await run(sql`insert into models (workspace, name, team_id, owner_id, deputy_id, channel, tier, registry_name, registered_at)
    select ${workspace}, 'model-' || t.nth || '-' || n, t.id, 'U' || t.nth * ${people}::int + n,
      'U' || t.nth * ${people}::int + n + 1, 'C' || t.nth, 1 + n % 3, 'm', now()
    from nth_team t, generate_series(1, ${perTeam}::int) n`);
  await run(sql`create temporary table nth_model as
    select id, owner_id, team_id, row_number() over (order by id) as nth from models where workspace = ${workspace}`);
  await run(sql`insert into duty_assignments (workspace, model_id, duty, person_id, assigned_by, assigned_at, confirmed_at)
    select ${workspace}, m.id, 'oncall', 'U' || m.nth % 10000, m.owner_id, now(), now() from nth_model m`);
  await run(sql`insert into alerts (workspace, number, model_id, environment, items, state, severity, raised_at, ended_at, outcome)
    select ${workspace}, m.nth * 100 + n, m.id, 'production',
      '[{"watchId": "w", "metric": "psi", "severity": "high", "since": "2026-11-01", "windows": 2, "lastWindow": "2026-11-02",
        "findings": [{"column": "tenure_days", "method": "psi", "label": "PSI", "score": 0.4, "limit": 0.2,
          "direction": "above", "drifted": true}]}]',
      case when n = 0 and m.nth % 5 = 0 then 'open' else 'resolved' end, 'high',
      ${at} - make_interval(days => n * 4, hours => (m.nth % 24)::int),
      case when n = 0 and m.nth % 5 = 0 then null else ${at} - make_interval(days => n * 4, hours => (m.nth % 20)::int) end,
      'cleared'
    from nth_model m, generate_series(0, 19) n`);
  await run(sql`insert into connections (workspace, name, kind, url, sign_in, made_by, made_at)
    values (${workspace}, 'Airflow', 'airflow', 'https://airflow.example', 'none', 'U0', now())`);
  await run(sql`insert into trainings (workspace, number, model_id, environment, connection_id, pipeline, params, excluded, reason,
      asked_by, asked_at, state, candidate, started_at, ended_at)
    select ${workspace}, m.nth * 100 + n, m.id, 'production', c.id, 'train', '{}', '[]', 'weekly',
      case when n % 2 = 0 then m.owner_id else 'policy' end, ${at} - make_interval(days => n * 3, hours => 5),
      case when n = 0 and m.nth % 7 = 0 then 'running' when n % 9 = 0 then 'failed' else 'succeeded' end, n::text,
      ${at} - make_interval(days => n * 3, hours => 4),
      case when n = 0 and m.nth % 7 = 0 then null else ${at} - make_interval(days => n * 3, hours => 2) end
    from nth_model m, generate_series(0, 19) n, connections c`);
  await run(sql`insert into gate_evaluations (workspace, number, model_id, environment, version, gate_revision, spec_hash,
      evidence_hash, hash, result, results, said, started_at, at, by)
    select ${workspace}, m.nth * 100 + n, m.id, 'production', n::text, 1, '', '', '', 'pass',
      '[{"key": "auc", "check": {"kind": "metric", "name": "auc", "direction": "higher", "required": true}, "line": "auc",
        "required": true, "outcome": "pass", "failed": [], "because": "", "used": {"candidate": {"value": 0.91},
        "baseline": {"value": 0.9}}}]', '{}', ${at}, ${at}, 'ci'
    from nth_model m, generate_series(0, 9) n`);
  await run(sql`insert into alias_moves (workspace, model_id, environment, from_version, to_version, at, who, why)
    select ${workspace}, m.id, 'production', n::text, (n + 1)::text, ${at} - make_interval(days => n * 5, hours => (m.nth % 24)::int),
      'ci', 'release' from nth_model m, generate_series(0, 19) n`);
  await run(sql`insert into releases (workspace, model_id, environment, key, version, state, by, source, started_at, said_at, ended_at)
    select ${workspace}, m.id, 'production', n::text, n::text, case when n % 4 = 0 then 'failed' else 'succeeded' end, 'ci', 'GitHub',
      ${at} - make_interval(days => n * 5, hours => 3), ${at} - make_interval(days => n * 5, hours => 2),
      ${at} - make_interval(days => n * 5, hours => 2)
    from nth_model m, generate_series(0, 19) n`);
  await run(sql`insert into requests (workspace, kind, number, model_id, environment, from_version, to_version, alias_revision, reason,
      requested_by, requested_at, slots, facts, steps, digest, state, expires_at, approved_at, ended_at)
    select ${workspace}, 'rollback', m.nth * 100 + n, m.id, 'production', '2', '1', 1, 'scores fell', 'U' || m.nth,
      ${at} - make_interval(days => n * 20, hours => 3), '[]', '{}', '{100}', '',
      case when n = 0 and m.nth % 10 = 0 then 'requested' else 'done' end, ${at} + interval '20 hours',
      ${at} - make_interval(days => n * 20, hours => 2),
      case when n = 0 and m.nth % 10 = 0 then null else ${at} - make_interval(days => n * 20, hours => 2) end
    from nth_model m, generate_series(0, 7) n`);
  await run(sql`insert into incidents (workspace, number, title, summary, severity, worst, model_id, state, declared_by, declared_at, onset, resolved_at)
    select ${workspace}, m.nth * 10 + n, 'It answers late', 'Slow', 'sev2', 'sev2', m.id,
      case when n = 0 and m.nth % 20 = 0 then 'active' else 'closed' end, m.owner_id,
      ${at} - make_interval(days => n * 30 + (m.nth % 30)::int), ${at} - make_interval(days => n * 30 + (m.nth % 30)::int),
      case when n = 0 and m.nth % 20 = 0 then null else ${at} - make_interval(days => n * 30 + (m.nth % 30)::int) + interval '9 hours' end
    from nth_model m, generate_series(0, 3) n`);
  await run(sql`insert into incident_roles (workspace, incident_id, role, holder, since)
    select ${workspace}, i.id, r, i.declared_by, now() from incidents i, unnest(array['commander', 'scribe']) r`);
  await run(sql`insert into incident_updates (workspace, incident_id, number, conditions, actions, needs, by, at)
    select ${workspace}, i.id, n, '', '', '', 'U' || (i.number * 7 + n) % 10000, now() from incidents i, generate_series(1, 4) n`);
  await run(sql`insert into postmortems (workspace, incident_id, document, owner_id, due_at, started_by, started_at)
    select ${workspace}, i.id, '{}', i.declared_by, now(), i.declared_by, now() from incidents i where i.number % 10 > 0`);
  await run(sql`insert into commitments (workspace, number, postmortem_id, model_id, text, type, owner_id, due, verification, state,
      made_by, made_at, ended_at)
    select ${workspace}, row_number() over (), p.id, i.model_id, 'Watch for nulls', 'detect',
      'U' || (row_number() over () * 3) % 10000, '2026-11-2' || n, 'An alert', case when n = 1 then 'open' else 'done' end, 'U1',
      ${at} - make_interval(days => 20), case when n = 1 then null else ${at} - make_interval(days => (i.number % 40)::int) end
    from postmortems p join incidents i on i.id = p.incident_id, generate_series(1, 2) n`);
  await run(sql`insert into datasets (workspace, namespace, name, seen, last_look_at, source, state, problems, trouble, since)
    select ${workspace}, 'db', 'table_' || n, '{"columns": [], "verdicts": {}}', ${at}, 'dbt', case when n % 20 = 0 then 'bad' else 'ok' end,
      case when n % 20 = 0 then '[{"kind": "late", "weight": "bad", "words": "no new rows for 26 h, limit 24 h"}]'::jsonb else '[]' end,
      1, ${at} - make_interval(days => n % 60) from generate_series(1, 3000) n`);
  await run(sql`insert into dataset_feeds (workspace, dataset_id, model_id)
    select distinct ${workspace}, d.id, m.id from nth_model m
    join (select id, substr(name, 7)::int as nth from datasets) d on d.nth % 1000 = m.nth % 1000`);
  await run(sql`insert into series (workspace, model_id, environment, metric)
    select ${workspace}, m.id, 'production', k from nth_model m, unnest(array['auc', 'latency', 'requests']) k`);
  await run(sql`insert into goals (workspace, model_id, environment, metric, name, kind, measure, direction, target, period_days, set_by, set_at)
    select ${workspace}, s.model_id, 'production', s.metric, s.metric, 'performance',
      case s.metric when 'requests' then 'events' else 'value' end,
      case s.metric when 'latency' then 'at_most' else 'at_least' end,
      case s.metric when 'requests' then 99 when 'latency' then 200 else 0.8 end, 30, 'U1', now() from series s`);
  await run(sql`insert into readings (workspace, series_id, at, value, rows, good, received_at)
    select ${workspace}, s.id, ${at} - make_interval(days => n),
      case s.metric when 'latency' then 100 + 130 * random() else 0.75 + 0.25 * random() end, 1000, 980 + (20 * random())::int, now()
    from series s, generate_series(0, 44) n`);
  await run(sql`insert into work_items (workspace, number, team_id, type, title, state, owner_id, made_by, made_at, moved_by, moved_at,
      started_at, finished_at)
    select ${workspace}, p.nth * 40 + n, t.id, (array['feature', 'bug', 'chore', 'data'])[1 + n % 4], 'Backfill the labels',
      case when n > 3 then 'done' when n > 1 then 'review' else 'doing' end, p.id, p.id, ${at} - make_interval(days => n * 3 + 2),
      p.id, ${at} - make_interval(days => n * 3 + 1, hours => p.nth % 24), ${at} - make_interval(days => n * 3 + 2 + p.nth % 5),
      case when n > 3 then ${at} - make_interval(days => n * 3 + 1, hours => p.nth % 24) end
    from (select id, substr(id, 2)::int as nth from people where workspace = ${workspace}) p
    join nth_team t on t.nth = p.nth / ${people}::int, generate_series(0, 29) n`);
  await run(sql`insert into work_events (workspace, item_id, number, kind, at, by, "from", "to")
    select workspace, id, n, 'moved', moved_at, moved_by, 'ready', state from work_items, generate_series(1, 3) n
    where workspace = ${workspace}`);
  await run(sql`analyze`);
}
