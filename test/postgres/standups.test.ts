import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, inject, it } from 'vitest';
import { z } from 'zod';
import { rowsOf } from '../../src/db/rows.ts';
import { dice } from '../../src/demo/report.ts';
import { usualAsked } from '../../src/features/rituals/asked.ts';
import { saveRitual } from '../../src/features/rituals/changes.ts';
import { createTeam, joinTeam, keepPerson } from '../../src/features/teams/store.ts';
import { startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { shippedManifest } from '../../src/manifest.ts';
import { besideTheApp, ended } from '../support/beside-the-app.ts';
import { createDatabase } from '../support/postgres.ts';

const teams = 8;
const perTeam = 10;
const kills = 8;

const Count = z.array(z.object({ n: z.coerce.number() }));

it(
  'processes killed while they ask and post the digests lose nobody and ask nobody twice',
  { timeout: 240_000 },
  async () => {
    const people = Array.from({ length: teams * perTeam }, (_, i) => ({
      id: `UK${i}X`,
      name: `person${i}`,
      realName: `Person ${i}`,
    }));
    const of = (team: number) => people.slice(team * perTeam, (team + 1) * perTeam);
    const channels = Array.from({ length: teams }, (_, i) => ({
      id: `CK${i}X`,
      name: `team-${i}`,
      members: of(i).map(({ id }) => id),
    }));
    const slack = await startLocalSlack({ people, channels, manifest: shippedManifest(), rateLimits: false });
    // Slow enough that a kill often falls between Slack's deed and our note of it.
    slack.fault({ method: 'chat.postMessage', kind: 'slow', times: 100_000, ms: 50 });
    const { ctx, database, start } = await besideTheApp(slack, await createDatabase(inject('postgresUrl')));
    for (const { id, realName } of people)
      await keepPerson(ctx, { id, name: realName, zone: 'UTC', standing: 'member' });
    for (const [i, { id: channel, name }] of channels.entries()) {
      const lead = of(i)[0]?.id ?? '';
      const team = await createTeam(ctx, { name, channel, leadId: lead, zone: 'UTC' }, lead);
      for (const { id } of of(i)) await joinTeam(ctx, team.id, id, ['ds']);
      const asked = usualAsked('standup', team, ctx.now().toISOString().slice(0, 10));
      await saveRitual(ctx, { ...asked, often: 'day:1', digestTime: '23:59', digestDays: 2, reminders: 'none' }, lead);
    }
    await database.db.execute(sql`insert into ritual_preferences (workspace, person_id, quiet_from, quiet_to)
    select workspace, id, '00:00', '00:00' from people where workspace = ${ctx.workspace}`);

    const random = dice(11);
    const running: ChildProcess[] = [start(), start(), start()];
    // Everything of one run is spread over a minute; the digests come soon after.
    await database.db.execute(sql`update ritual_runs set opens_at = clock_timestamp() + interval '8 seconds',
    digest_at = clock_timestamp() + interval '85 seconds' where workspace = ${ctx.workspace} and state = 'planned'`);
    for (let i = 0; i < kills; i += 1) {
      await sleep(6000 + random() * 5000);
      const victim = running.shift();
      if (victim) await ended(victim, 'SIGKILL');
      running.push(start());
    }
    const left = async () => {
      const found = await database.db
        .execute(sql`select (select count(*) from ritual_runs where workspace = ${ctx.workspace} and state = 'open')
      + (select count(*) from messages where workspace = ${ctx.workspace} and state <> 'done') + ${teams}
      - (select count(*) from ritual_runs where workspace = ${ctx.workspace} and state = 'posted') as n`);
      return Count.parse(rowsOf(found))[0]?.n;
    };
    await expect.poll(left, { timeout: 90_000, interval: 1000 }).toBe(0);
    for (const each of running) await ended(each, 'SIGTERM');

    const asked = people.map(
      ({ id }) =>
        slack
          .as(id)
          .dm()
          .filter((text) => text.includes('Standup')).length,
    );
    expect(asked).toEqual(people.map(() => 1));
    const digests = channels.map(
      ({ name, members }) =>
        slack
          .as(members[0] ?? '')
          .channel(name)
          .filter((text) => text.includes('Standup of')).length,
    );
    expect(digests).toEqual(channels.map(() => 1));
    expect(
      slack
        .as(people[0]?.id ?? '')
        .channel('team-0')
        .join(),
    ).toContain('0 answered, 10 not yet');
    await database.close();
    await slack.close();
  },
);
