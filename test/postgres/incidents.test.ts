import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { dice } from '../../src/demo/report.ts';
import { cancel, changeSeverity, confirm, mitigate, reopen, resolve } from '../../src/features/incidents/changes.ts';
import { declare } from '../../src/features/incidents/declaring/changes.ts';
import { merge, unmerge } from '../../src/features/incidents/merging/changes.ts';
import { notify } from '../../src/features/incidents/notices/changes.ts';
import { noticesOf } from '../../src/features/incidents/notices/queries.ts';
import { askNext, update } from '../../src/features/incidents/news/changes.ts';
import { incidentById, lastUpdate, openIncidents, rolesOf } from '../../src/features/incidents/queries.ts';
import { answerOffer, offerRole, takeCommand } from '../../src/features/incidents/roles/changes.ts';
import type { Incident } from '../../src/features/incidents/schema.ts';
import { house as everything } from '../../src/features/incidents/visibility/queries.ts';
import { start } from '../../src/features/postmortems/store.ts';
import { firstBreak } from '../../src/ledger/chain.ts';
import { linesOf } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/refusal.ts';
import { houseIn } from '../support/house-on-postgres.ts';
import { createDatabase } from '../support/postgres.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) });
  await database.migrate();
});
afterAll(() => database.close());

const people = ['OLGA', 'DEPU', 'LEAD', 'ENGI', 'PROD'];
const why = 'because of this and that';
const rounds = 200;
/** Which of them happen is up to the races: it goes on until each of these did, for so long at most. */
const mostRounds = 1000;
const wanted = ['declare', 'resolve', 'reopen', 'command', 'update', 'mitigate', 'merge', 'unmerge', 'notice'];
const atOnce = 8;

/** Everybody does something to the same few incidents at the same moment; what each may do is decided by the house. */
async function interleave(seed: number) {
  const house = houseIn(database.db);
  const { ctx } = house;
  const { model } = await house.team();
  const random = dice(seed);
  const pick = <T>(of: readonly T[]): T =>
    of[Math.floor(random() * of.length)] ?? expect.unreachable('nothing to pick');
  const ids: string[] = [];
  const unexpected: unknown[] = [];
  const done = new Map<string, number>();
  const say = async (by: string, key: string) => {
    const about = { title: 'Scores are off', summary: '', severity: 'sev2', version: '14', evidence: '' } as const;
    const { incident } = await declare(ctx, { ...about, modelId: model.id, onset: new Date(), dedupeKey: key }, by);
    if (!ids.includes(incident.id)) ids.push(incident.id);
  };
  await say('OLGA', 'a');
  const deeds: Readonly<Record<string, (id: string, by: string) => Promise<unknown>>> = {
    declare: (_id, by) => say(by, pick(['a', 'b', 'c'])),
    confirm: (id, by) => confirm(ctx, id, by),
    mitigate: (id, by) => mitigate(ctx, id, why, '', by),
    resolve: (id, by) => resolve(ctx, id, why, why, by),
    reopen: (id, by) => reopen(ctx, id, why, by),
    cancel: async (id, by) => (random() < 0.2 ? await cancel(ctx, id, 'false_positive', why, by) : undefined),
    severity: (id, by) => changeSeverity(ctx, id, pick(['sev1', 'sev2', 'sev3']), why, by),
    merge: (id, by) => merge(ctx, id, pick(ids), by),
    unmerge: async (_id, by) => {
      const all = await Promise.all(ids.map((id) => incidentById(ctx, id, everything)));
      const [merged] = all.filter(({ state }) => state === 'merged');
      if (!merged) throw new Refusal('None is merged.');
      await unmerge(ctx, merged.id, by);
    },
    notice: (id, by) => notify(ctx, id, { text: why, channel: 'C2', people: [] }, by),
    command: (id, by) => takeCommand(ctx, id, by),
    offer: (id, by) => offerRole(ctx, id, 'scribe', pick(people), by),
    accept: (id, by) => answerOffer(ctx, id, 'scribe', random() < 0.8, by),
    update: (id, by) => update(ctx, id, { conditions: why, actions: '', needs: '' }, by),
    ask: () => askNext(ctx),
    postmortem: async (id, by) => (random() < 0.3 ? await start(ctx, id, by) : undefined),
  };
  const names = Object.keys(deeds);
  const isLively = () => wanted.every((name) => (done.get(name) ?? 0) > 2);
  for (let round = 0; round < rounds || (round < mostRounds && !isLively()); round += 1) {
    const acts = Array.from({ length: atOnce }, async () => {
      const [name, id, by] = [pick(names), pick(ids), pick(people)];
      try {
        await deeds[name]?.(id, by);
        done.set(name, (done.get(name) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof Refusal)) unexpected.push(error);
      }
    });
    await Promise.all(acts);
  }
  return { ctx, ids, unexpected, done };
}

describe('two hundred moments in which everybody acts at once', () => {
  it.each([1, 20_261_123])(
    'seed %i: every effect once, nothing lost, no two that are open for one key',
    async (seed) => {
      const { ctx, ids, unexpected, done } = await interleave(seed);
      expect(unexpected).toEqual([]);
      for (const name of wanted) expect([name, (done.get(name) ?? 0) > 2]).toEqual([name, true]);

      const open = await openIncidents(ctx, everything);
      const keys = open.flatMap(({ dedupeKey }) => dedupeKey ?? []);
      expect(new Set(keys).size).toBe(keys.length);

      const lines = await linesOf(ctx.db, ctx.workspace);
      expect(firstBreak(lines)).toBeUndefined();
      const count = (id: string, what: string) =>
        lines.filter((line) => line.subject === `incident:${id}` && line.what === `incident.${what}`).length;
      for (const id of ids) {
        const incident = await incidentById(ctx, id, everything);
        // Between two ends lies one opening, or it was merged or called off for good.
        const ends = count(id, 'resolved') + count(id, 'merged') - count(id, 'unmerged') + count(id, 'cancelled');
        const isOver = !open.some((each) => each.id === id);
        const fromMitigated = incident.reopenCount - (ends - (isOver ? 1 : 0));
        expect(fromMitigated).toBeGreaterThanOrEqual(0);
        expect(fromMitigated).toBeLessThanOrEqual(count(id, 'mitigated'));
        expect(incident.reopenCount).toBe(count(id, 'reopened'));
        expect((await lastUpdate(ctx, id))?.number ?? 0).toBe(count(id, 'updated'));
        expect((await noticesOf(ctx, id)).map(({ number }) => number)).toEqual(
          Array.from({ length: count(id, 'stakeholders_told') }, (_each, i) => i + 1),
        );
        expect(count(id, 'declared')).toBe(1);
        expect((await rolesOf(ctx, id)).filter(({ role }) => role === 'commander').length).toBeLessThanOrEqual(1);
        expect(
          lines.filter(({ subject, what }) => subject === `incident:${id}` && what === 'postmortem.started').length,
        ).toBeLessThanOrEqual(1);
        await theEndOf(ctx, incident, ids.length);
      }
    },
  );
});

/** Follows where it was merged into; in a circle it would never end. */
async function theEndOf(ctx: Context, incident: Incident, most: number): Promise<void> {
  expect(most).toBeGreaterThanOrEqual(0);
  if (incident.mergedInto !== null)
    await theEndOf(ctx, await incidentById(ctx, incident.mergedInto, everything), most - 1);
}
