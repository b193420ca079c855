import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { actions } from '../../../src/actions.ts';
import type { Context } from '../../../src/context.ts';
import { type Database, openDatabase } from '../../../src/db/client.ts';
import { reject } from '../../../src/features/approvals/deciding/changes.ts';
import { withdraw } from '../../../src/features/approvals/taking-back/changes.ts';
import { approvals } from '../../../src/features/approvals/doors.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { requestById, votesOn } from '../../../src/features/approvals/queries.ts';
import { requests } from '../../../src/features/approvals/schema.ts';
import { expireNext } from '../../../src/features/approvals/ending/changes.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { leaveTeam } from '../../../src/features/teams/store.ts';
import { answerDoor } from '../../../src/runtime/answer.ts';
import { askFor, press } from '../../support/asking.ts';
import type { House } from '../../support/house.ts';
import { houseIn } from '../../support/house-on-postgres.ts';
import { createDatabase } from '../../support/postgres.ts';

let database: Database;
let house: House;
let ctx: Context;
let model: Model;
let teamId: string;
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) });
  await database.migrate();
});
afterAll(() => database.close());
beforeEach(async () => {
  house = houseIn(database.db);
  ctx = house.ctx;
  ({ model, teamId } = await house.team());
});

const rounds = Array.from({ length: 12 }, (_, i) => i);
/** What became of each: its answer, or the sentence of the refusal. */
const all = async (acts: Promise<unknown>[]) =>
  (await Promise.allSettled(acts)).map((each) =>
    each.status === 'fulfilled' ? 'done' : each.reason instanceof Error ? each.reason.message : String(each.reason),
  );
const state = async (id: string) => (await requestById(ctx, id)).state;
const fresh = async () => (await askFor(ctx, { modelId: model.id }, 'ENGI')).id;
const overIn = (id: string, ms: number) =>
  ctx.db
    .update(requests)
    .set({ expiresAt: new Date(Date.now() + ms) })
    .where(eq(requests.id, id));

describe('at the same instant', () => {
  it('three approvers: two decide, the third reads that it is decided, and it is carried out once', async () => {
    for (const round of rounds) {
      const id = await fresh();
      const answers = await all(['OLGA', 'LEAD', 'DEPU'].map((who) => press(ctx, id, who)));
      expect(answers.filter((each) => each === 'done')).toHaveLength(2);
      expect(answers.find((each) => each !== 'done')).toMatch(/^Rollback \d+ was already approved/);
      expect(await votesOn(ctx, id)).toHaveLength(2);
      expect(await all([executeNext(ctx), executeNext(ctx), executeNext(ctx)])).toEqual(['done', 'done', 'done']);
      expect(house.registry.moves).toHaveLength(round + 1);
      expect(await state(id)).toBe('moved');
      // Back to where it was, for the next round.
      await finish(id);
    }
  });

  it('one person twice: one vote, and the second click is told so', async () => {
    for (const _ of rounds) {
      const id = await fresh();
      const answers = await all([press(ctx, id, 'OLGA'), press(ctx, id, 'OLGA')]);
      expect(answers.toSorted()).toEqual([expect.stringMatching(/^You already approved rollback/), 'done']);
      expect(await votesOn(ctx, id)).toHaveLength(1);
      await withdraw(ctx, id, 'ENGI');
    }
  });

  it('one click that Slack delivers three times: one vote, and the others are known to be the same', async () => {
    const door = approvals.actions?.find((each) => each.id === actions.approveRequest.id);
    if (!door) throw new Error('nobody answers Approve');
    for (const round of rounds) {
      const id = await fresh();
      const value = { requestId: id, digest: (await requestById(ctx, id)).digest };
      const knock = {
        key: `click:${round}`,
        door: door.id,
        prepare: (ctx: Context) => door.prepare(ctx, { id: 'OLGA' }, value),
        handle: (ctx: Context) => door.handle(ctx, { id: 'OLGA' }, value),
      };
      const answers = await Promise.all([1, 2, 3].map(() => answerDoor(ctx, knock, () => {})));
      expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['done', 'repeated', 'repeated']);
      expect(await votesOn(ctx, id)).toHaveLength(1);
      await withdraw(ctx, id, 'ENGI');
    }
  });

  it('approved and rejected: one of both, never half of each', async () => {
    for (const _ of rounds) {
      const id = await fresh();
      await press(ctx, id, 'OLGA');
      const [yes, no] = await all([press(ctx, id, 'LEAD'), reject(ctx, id, 'it is only the weekend', 'DEPU')]);
      expect([yes, no].filter((each) => each === 'done')).toHaveLength(1);
      expect(await state(id)).toBe(yes === 'done' ? 'approved' : 'rejected');
      if (yes === 'done') await executeNext(ctx).then(() => finish(id));
    }
  });

  it('asked twice: one request, and the other is told of it', async () => {
    for (const _ of rounds) {
      const answers = await all([
        askFor(ctx, { modelId: model.id }, 'ENGI'),
        askFor(ctx, { modelId: model.id }, 'PROD'),
      ]);
      expect(answers.filter((each) => each === 'done')).toHaveLength(1);
      expect(answers.find((each) => each !== 'done')).toMatch(/already waiting|just now/);
      const [open] = await ctx.db.select().from(requests).where(eq(requests.state, 'requested'));
      await withdraw(ctx, open?.id ?? '', open?.requestedBy ?? '');
    }
  });

  it('the sweeper and the vote that completes it: expired or approved, and no vote counts after that', async () => {
    for (const round of rounds) {
      const id = await fresh();
      await press(ctx, id, 'OLGA');
      await overIn(id, round * 2);
      await all([press(ctx, id, 'LEAD'), expireNext(ctx), expireNext(ctx)]);
      while ((await state(id)) === 'requested') await expireNext(ctx);
      if ((await state(id)) === 'approved') {
        expect(await votesOn(ctx, id)).toHaveLength(2);
        await executeNext(ctx);
        await finish(id);
      } else {
        expect(await state(id)).toBe('expired');
        await expect(press(ctx, id, 'DEPU')).rejects.toThrow('was already over: it expired without a decision');
      }
    }
  });

  it('an approver leaves while the last vote is cast: approved by both, or not at all', async () => {
    const id = await fresh();
    await press(ctx, id, 'DEPU');
    await all([leaveTeam(ctx, teamId, 'DEPU', 'LEAD'), press(ctx, id, 'LEAD')]);
    await executeNext(ctx);
    expect(house.registry.moves).toHaveLength((await state(id)) === 'moved' ? 1 : 0);
    expect(['requested', 'failed', 'moved']).toContain(await state(id));
  });
});

describe('clocks that go wrong', () => {
  const minutes = (n: number): Context => ({ ...ctx, now: () => new Date(Date.now() + n * 60_000) });

  it.each([-2, 2])('%i minutes: the database says whether a vote is in time', async (off) => {
    const late = await fresh();
    await press(ctx, late, 'OLGA');
    await overIn(late, -1000);
    await press(minutes(off), late, 'LEAD');
    expect(await state(late)).toBe('expired');
    const inTime = await fresh();
    await press(ctx, inTime, 'OLGA');
    await overIn(inTime, 60_000);
    await press(minutes(off), inTime, 'LEAD');
    expect(await state(inTime)).toBe('approved');
  });

  it('a fast one takes over nothing that another is at', async () => {
    const id = await fresh();
    for (const who of ['OLGA', 'LEAD']) await press(ctx, id, who);
    const { setAlias } = house.registry;
    const letGo = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    house.registry.setAlias = async (target) => {
      reached.resolve();
      await letGo.promise;
      await setAlias(target);
    };
    const first = executeNext(ctx);
    await reached.promise;
    expect(await executeNext(minutes(60))).toBe(false);
    letGo.resolve();
    await first;
    expect(await requestById(ctx, id)).toMatchObject({ state: 'moved', fence: 1 });
  });
});

async function finish(id: string): Promise<void> {
  await ctx.db.update(requests).set({ state: 'done' }).where(eq(requests.id, id));
  house.registry.aliases.set('churn-model/champion', '14');
  await aliasMoved(ctx, { modelId: model.id, environment: 'production', version: '14', who: 'ci', why: 'release' });
}
