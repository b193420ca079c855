import { readdirSync, readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { expect, it } from 'vitest';

const files = readdirSync('migrations')
  .filter((name) => name.endsWith('.sql'))
  .toSorted();
const sql = (name: string) => readFileSync(`migrations/${name}`, 'utf8').replaceAll('--> statement-breakpoint', '');

/** A database with everything before `first` of the migrations, what stood in it then, and the rest of them. */
async function upgraded(first: string, before: string) {
  const db = new PGlite();
  const upTo = files.findIndex((name) => name.startsWith(first));
  for (const name of files.slice(0, upTo)) await db.exec(sql(name));
  await db.exec(before);
  for (const name of files.slice(upTo)) await db.exec(sql(name));
  return db;
}

/** One person's team and its model, ending in 9. */
const aModel = `insert into people (workspace, id, name, standing, checked_at) values ('T1', 'U1', 'Ada', 'member', '2026-01-01');
     insert into teams (workspace, id, name, channel, lead_id) values ('T1', '00000000-0000-4000-8000-000000000008', 'Fraud', 'C1', 'U1');
     insert into models (workspace, id, team_id, name, owner_id, channel, tier, registry_name, registered_at)
       values ('T1', '00000000-0000-4000-8000-000000000009', '00000000-0000-4000-8000-000000000008', 'fraud', 'U1', 'C1', 1, 'fraud', '2026-01-01');`;

it('tools that were connected before keep their token, and get a name', async () => {
  const old = (id: string, day: number) =>
    `insert into sources (workspace, id, kind, token_hash, made_by, made_at)
     values ('T1', '00000000-0000-4000-8000-00000000000${id}', 'evidently', 'hash${id}', 'U1', '2026-03-0${day}');`;
  const db = await upgraded('0009', old('2', 2) + old('1', 1));
  const { rows } = await db.query('select name, secret from sources order by name');
  expect(rows).toEqual([
    { name: 'evidently-1', secret: 'hash1' },
    { name: 'evidently-2', secret: 'hash2' },
  ]);
  await db.close();
});

it('rollbacks of before are requests with their votes, and none that was under way is lost', async () => {
  const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
  const old = (n: number, state: string) =>
    `insert into rollbacks (workspace, id, number, model_id, environment, from_version, to_version, alias_revision,
       reason, state, requested_by, requested_at, expires_at, outcome)
     values ('T1', '${id(n)}', ${n}, '${id(9)}', 'production', '14', '13', 3,
       'Scores fell', '${state}', 'U1', '2026-03-01', '2026-03-02', 'as it was');`;
  const db = await upgraded(
    '0010',
    `${aModel}
     ${old(1, 'alias_moved')} ${old(2, 'rolled_back')} ${old(3, 'rejected')}
     insert into approvals (workspace, rollback_id, person_id, at) values ('T1', '${id(2)}', 'U2', '2026-03-01');`,
  );
  const { rows } = await db.query(
    'select kind, number, state, to_version as "to", steps, outcome from requests order by number',
  );
  const same = { kind: 'rollback', to: '13', steps: [100], outcome: 'as it was' };
  expect(rows).toEqual([
    { ...same, number: 1, state: 'moved' },
    { ...same, number: 2, state: 'done' },
    { ...same, number: 3, state: 'rejected' },
  ]);
  expect((await db.query('select request_id as id, person_id as who from votes')).rows).toEqual([
    { id: id(2), who: 'U2' },
  ]);
  await db.close();
});

it('incidents of before go on, with who led them and when', async () => {
  const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
  const old = (n: number, state: string, commander: string, end: string) =>
    `insert into incidents (workspace, id, number, title, summary, severity, model_id, state, declared_by, declared_at,
       onset, commander, resolved_by, resolved_at, resolution)
     values ('T1', '${id(n)}', ${n}, 'Scores are off', '', 'sev2', '${id(9)}', '${state}', 'U1', '2026-03-02',
       '2026-03-01', ${commander}, ${end});`;
  const db = await upgraded(
    '0011',
    `${aModel}
     ${old(1, 'open', 'null', 'null, null, null')} ${old(2, 'resolved', "'U1'", "'U1', '2026-03-03', 'over'")}
     insert into postmortems (workspace, id, incident_id, document, started_by, started_at) values ('T1', '${id(7)}', '${id(2)}',
       '{"title": "Incident 2", "sections": {"summary": "S", "impact": "", "factors": "F", "learned": "L"}, "facilitator": "U2"}',
       'U1', '2026-03-04');`,
  );
  const { rows } = await db.query('select number, kind, state, ended_by, resolution from incidents order by number');
  expect(rows).toEqual([
    { number: 1, kind: 'incident', state: 'active', ended_by: null, resolution: null },
    { number: 2, kind: 'incident', state: 'reviewing', ended_by: 'U1', resolution: 'over' },
  ]);
  const held = await db.query('select incident_id as id, role, holder from incident_roles');
  expect(held.rows).toEqual([{ id: id(2), role: 'commander', holder: 'U1' }]);
  const known = await db.query(`select name from milestones where incident_id = '${id(2)}' order by name`);
  expect(known.rows.map((row) => JSON.stringify(row)).join()).toBe(
    '{"name":"declared"},{"name":"onset"},{"name":"resolved"}',
  );
  const kept = await db.query('select owner_id, facilitator_id, document from postmortems');
  expect(kept.rows).toEqual([{ owner_id: 'U1', facilitator_id: 'U2', document: { title: 'Incident 2' } }]);
  const texts = await db.query('select section, revision, text, by from postmortem_versions order by section');
  expect(texts.rows).toEqual([
    { section: 'summary', revision: 1, text: 'S', by: 'U1' },
    { section: 'trigger', revision: 1, text: 'F', by: 'U1' },
    { section: 'went_well', revision: 1, text: 'L', by: 'U1' },
  ]);
  await db.close();
});
