import { and, eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { dice } from '../../src/demo/report.ts';
import { answerBlocker, askAboutBlocker } from '../../src/features/blockers/questions/changes.ts';
import { closeBlocker, reopenBlocker } from '../../src/features/blockers/closing/changes.ts';
import { giveBackBlocker, takeBlocker } from '../../src/features/blockers/taking/changes.ts';
import { passBlocker } from '../../src/features/blockers/passing/changes.ts';
import { passOverNext, tickNext } from '../../src/features/blockers/escalating/changes.ts';
import { raiseBlocker } from '../../src/features/blockers/raising/changes.ts';
import { needOf } from '../../src/features/blockers/needs.ts';
import { asksOf, blockerById } from '../../src/features/blockers/queries.ts';
import { blockers } from '../../src/features/blockers/schema.ts';
import { joinTeam, keepPerson } from '../../src/features/teams/store.ts';
import { firstBreak } from '../../src/ledger/chain.ts';
import { linesOf } from '../../src/ledger/ledger.ts';
import type { LedgerRow } from '../../src/ledger/schema.ts';
import { Refusal } from '../../src/lib/refusal.ts';
import { messages } from '../../src/messages/schema.ts';
import { houseIn } from '../support/house-on-postgres.ts';
import { createDatabase } from '../support/postgres.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) });
  await database.migrate();
});
afterAll(() => database.close());

const people = ['OLGA', 'DEPU', 'LEAD', 'ENGI', 'ENZA', 'PROD'];
const rounds = 200;
const atOnce = 6;

/** A clock that moves with each round: nights and weekends pass, too. */
function moving(ctx: Context): (hours: number) => void {
  let at = new Date('2026-03-02T09:00:00Z').getTime();
  Object.assign(ctx, { now: () => new Date(at) });
  Object.defineProperty(ctx, 'clock', { get: () => new Date(at).toISOString() });
  return (hours) => void (at += hours * 3_600_000);
}

/** Two at the same moment; the reason of the first where both were refused. */
async function both(ctx: Context, id: string): Promise<void> {
  const results = await Promise.allSettled([takeBlocker(ctx, id, 'ENGI'), takeBlocker(ctx, id, 'ENZA')]);
  const [refused] = results.filter((each) => each.status === 'rejected');
  if (refused && results.every(({ status }) => status === 'rejected')) throw refused.reason;
}

async function interleave(seed: number) {
  const house = houseIn(database.db);
  const { ctx } = house;
  const { model, teamId } = await house.team();
  await keepPerson(ctx, { id: 'ENZA', name: 'Enza', zone: 'Europe/Berlin', standing: 'member' });
  await joinTeam(ctx, teamId, 'ENZA', ['ops']);
  const pass = moving(ctx);
  const random = dice(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] ?? expect.unreachable('nothing');
  const origins = ['a', 'b', 'c'];
  const ids = new Map<string, string>();
  const raise = async (origin: string, by: string) => {
    const about = {
      what: 'The feed is late',
      need: needOf('role:ops'),
      severity: 'stopped',
      modelId: model.id,
    } as const;
    const { id } = await raiseBlocker(ctx, { ...about, origin }, by);
    expect(ids.get(origin) ?? id).toBe(id);
    ids.set(origin, id);
  };
  await Promise.all(origins.flatMap((origin) => [raise(origin, 'OLGA'), raise(origin, 'OLGA')]));
  const unexpected: unknown[] = [];
  const done = new Map<string, number>();
  const deeds: Readonly<Record<string, (id: string, by: string) => Promise<unknown>>> = {
    take: (id) => both(ctx, id),
    notUs: (id, by) =>
      passBlocker(
        ctx,
        id,
        { need: random() < 0.5 ? undefined : needOf(pick(['role:mle', 'role:pm'])), reason: '' },
        by,
      ),
    ask: (id, by) => askAboutBlocker(ctx, id, 'Which one?', by),
    answer: async (id) => {
      const { questions, raisedBy } = await blockerById(ctx, id);
      await answerBlocker(ctx, id, questions, 'This one', raisedBy);
    },
    giveBack: async (id) => {
      const { takenBy } = await blockerById(ctx, id);
      if (random() < 0.3) await giveBackBlocker(ctx, id, takenBy ?? 'OLGA');
    },
    close: async (id, by) => (random() < 0.15 ? await closeBlocker(ctx, id, 'It was the key', by) : undefined),
    reopen: (id) => reopenBlocker(ctx, id, 'OLGA'),
    clock: () => tickNext(ctx),
    clockToo: () => tickNext(ctx),
    passOver: () => passOverNext(ctx),
    raise: () => raise(pick(origins), pick(people)),
  };
  const names = Object.keys(deeds);
  const byTheClock = ['clock', 'clockToo', 'passOver'];
  for (let round = 0; round < rounds; round += 1) {
    // In between people are busy elsewhere, and only the clock goes on.
    const isQuiet = round % 10 > 4;
    pass(isQuiet ? 7 : 1);
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        const [name, id, by] = [pick(isQuiet ? byTheClock : names), pick([...ids.values()]), pick(people)];
        try {
          await deeds[name]?.(id, by);
          done.set(name, (done.get(name) ?? 0) + 1);
        } catch (error) {
          if (!(error instanceof Refusal)) unexpected.push(error);
        }
      }),
    );
  }
  return { ctx, ids: [...ids.values()], unexpected, done };
}

describe('a hundred moments in which everybody acts at once, and quiet ones between', () => {
  it.each([1, 20_261_130])('seed %i: one taker, one message a step, nobody asked who said no', async (seed) => {
    const { ctx, ids, unexpected, done } = await interleave(seed);
    expect(unexpected).toEqual([]);
    for (const name of ['take', 'notUs', 'ask', 'answer', 'close', 'reopen', 'clock'])
      expect([name, (done.get(name) ?? 0) > 0]).toEqual([name, true]);
    expect(ids).toHaveLength(3);
    const all = await ctx.db.select().from(blockers).where(eq(blockers.workspace, ctx.workspace));
    expect(new Set(all.map(({ number }) => number)).size).toBe(3);

    const lines = await linesOf(ctx.db, ctx.workspace);
    expect(firstBreak(lines)).toBeUndefined();
    const byClock = lines.filter(({ what }) => what === 'blocker.still_asked' || what === 'blocker.reminded');
    expect(byClock.length).toBeGreaterThan(0);
    for (const id of ids) {
      const blocker = await blockerById(ctx, id);
      const own = lines.filter(({ subject }) => subject === `blocker:${id}`).map(({ what }) => what.slice(8));
      expect(own.filter((what) => what === 'raised')).toHaveLength(1);
      // Between two times somebody took it, it came free: given back, gone on, or opened again.
      const turns = own.filter((what) => ['taken', 'given_back', 'reopened', 'passed_over'].includes(what));
      turns.forEach((what, i) => {
        if (what === 'taken') expect(turns[i - 1] ?? 'free').not.toBe('taken');
      });
      expect(blocker.state === 'taken').toBe(blocker.takenBy !== null && blocker.endedAt === null);
      if (blocker.askedId !== null) expect(blocker.takenBy).toBeNull();
      expect(blocker.reopened).toBe(own.filter((what) => what === 'reopened').length);

      const sent = await ctx.db
        .select({ key: messages.key })
        .from(messages)
        .where(and(eq(messages.workspace, ctx.workspace), like(messages.key, `blocker:${id}:%`)));
      const count = (part: string) => sent.filter(({ key }) => key.split(':')[2] === part).length;
      expect(count('taken')).toBe(own.filter((what) => what === 'taken').length);
      expect(count('question')).toBe(own.filter((what) => what === 'asked_back').length);
      expect(count('answer')).toBe(own.filter((what) => what === 'answered').length);
      expect(count('remind')).toBe(own.filter((what) => what === 'reminded').length);
      expect(count('still')).toBe(own.filter((what) => what === 'still_asked').length);
      const asks = await asksOf(ctx, id);
      expect(count('to')).toBe(new Set(['OLGA', ...asks.map(({ personId }) => personId)]).size);
      // Each asking is a first card or a word that it comes once more.
      const askings = own.filter((what) => what === 'asked').length;
      expect(count('again')).toBeLessThanOrEqual(askings - 1);
      theyWereLeftInPeace(lines.filter(({ subject }) => subject === `blocker:${id}`));
    }
  });
});

it('of two who take it at the same moment one has it, and the other reads a kind sentence', async () => {
  const { ctx, ids } = await theHouse();
  for (const id of ids) {
    const results = await Promise.allSettled(['ENGI', 'ENZA'].map((by) => takeBlocker(ctx, id, by)));
    const reasons = results.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
    expect(reasons).toEqual([
      expect.stringMatching(/<@(ENGI|ENZA)> took blocker \d+ a moment before you\. Nothing to do/),
    ]);
    expect(reasons[0]).toContain((await blockerById(ctx, id)).takenBy);
  }
});

/** Ten that wait for somebody. */
async function theHouse() {
  const house = houseIn(database.db);
  const { teamId } = await house.team();
  await keepPerson(house.ctx, { id: 'ENZA', name: 'Enza', zone: 'Europe/Berlin', standing: 'member' });
  await joinTeam(house.ctx, teamId, 'ENZA', ['ops']);
  const ids: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    const about = { what: `Feed ${n} is late`, need: needOf('role:ops'), severity: 'slowed' } as const;
    ids.push((await raiseBlocker(house.ctx, about, 'OLGA')).id);
  }
  return { ctx: house.ctx, ids };
}

/** Whoever said no was not asked afterwards, unless they took it after all. */
function theyWereLeftInPeace(lines: readonly LedgerRow[]): void {
  const saidNo = new Set<string>();
  for (const { what, who, data } of lines) {
    if (what === 'blocker.passed_on' || what === 'blocker.given_back') saidNo.add(who);
    if (what === 'blocker.taken') saidNo.delete(who);
    if (what === 'blocker.asked') expect(saidNo).not.toContain(data['person']);
  }
}
