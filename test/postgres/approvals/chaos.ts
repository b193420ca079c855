import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, sql } from 'drizzle-orm';
import { type Context, databaseClock, within } from '../../../src/context.ts';
import type { Db } from '../../../src/db/client.ts';
import { dice } from '../../../src/demo/report.ts';
import { reject } from '../../../src/features/approvals/deciding/changes.ts';
import { revoke, withdraw } from '../../../src/features/approvals/taking-back/changes.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { requests } from '../../../src/features/approvals/schema.ts';
import { expireNext } from '../../../src/features/approvals/ending/changes.ts';
import { assign } from '../../../src/features/duties/changes.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { aliasMoved, liveVersion } from '../../../src/features/releases/store.ts';
import { createTeam, joinTeam, keepPerson, leaveTeam } from '../../../src/features/teams/store.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { firstTime } from '../../../src/messages/inbox.ts';
import type { Registry } from '../../../src/ports.ts';
import { askFor, press } from '../../support/asking.ts';
import { noTools } from '../../support/no-tools.ts';
import { quietSlack } from '../../support/house.ts';

const people = ['ANN', 'BOB', 'CYD', 'DEE', 'EVE', 'FAY', 'GUS'];
const models = 24;
const leaseMs = 150;

export interface Chaos {
  readonly ctx: Context;
  /** Every move of an alias that the registry was made to do: the version is of one request only. */
  readonly effects: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  /** Until when each request could be decided, as the database wrote it. */
  readonly deadlines: ReadonlyMap<string, Date>;
}

/** One guard taken away on purpose, to see that the checker notices. */
export type Ablation = 'none' | 'laggingRegistry' | 'lateClock' | 'noLock';

/** Runs so many requests through the machine while people, aliases, leases and executors misbehave. */
export async function chaos(
  db: Db,
  seed: number,
  wanted: number,
  workspace = `T${seed}`,
  without: Ablation = 'none',
): Promise<Chaos> {
  const random = dice(seed);
  const pick = <T>(of: readonly T[]): T => {
    const one = of[Math.floor(random() * of.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  const counts = new Map<string, number>();
  const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const world = registryWithCrashes(random, count, without === 'laggingRegistry');
  const ctx: Context = {
    workspace,
    db,
    now: () => new Date(),
    // A clock that runs behind lets votes in that come too late.
    clock: without === 'lateClock' ? sql`clock_timestamp() - interval '300 ms'` : databaseClock,
    slack: quietSlack(),
    registry: world.registry,
    tools: noTools,
    allowedHosts: [],
    log: { info: () => {}, warn: () => {}, error: () => {} },
    publicUrl: '',
  };
  const cast = await castOf(ctx, world.aliases);
  const ids: string[] = [];
  const deadlines = new Map<string, Date>();
  let over = false;

  /** What a person does is either done or kindly refused; anything else is a bug that the test must see. */
  async function act(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      count(what);
    } catch (error) {
      if (without === 'noLock' && !(error instanceof Refusal)) return count('stopped by the database');
      // The app waits a second for a lock; on a busy machine that may be too short.
      if (isBusy(error)) return count(`too busy for ${what}`);
      if (!(error instanceof Refusal)) throw error;
      count(`refused ${what}`);
    }
  }

  async function story(): Promise<void> {
    const model = pick(cast.models);
    const live = await liveVersion(ctx, model.id, 'production');
    const toVersion = `v${seed}-${counts.get('asked') ?? 0}-${Math.floor(random() * 1e9)}`;
    const asker = pick(['ANN', 'BOB', 'DEE', 'GUS']);
    let id: string | undefined;
    await act('asked', async () => {
      const asking = { modelId: model.id, fromVersion: live?.version ?? '', toVersion, replace: true };
      id = (await askFor(ctx, asking, asker)).id;
    });
    if (id === undefined) return await sleep(5);
    const request = id;
    ids.push(request);
    const lives = pick([60, 150, 400, 86_400_000, 86_400_000, 86_400_000]);
    const [limited] = await ctx.db.transaction(async (tx) => {
      // This statement is the test's own: on a busy machine it may wait longer than the app would.
      await tx.execute(sql`set local lock_timeout = '20s'`);
      return await tx
        .update(requests)
        .set({ expiresAt: sql`clock_timestamp() + make_interval(secs => ${lives / 1000})` })
        .where(and(eq(requests.id, request), eq(requests.state, 'requested')))
        .returning();
    });
    if (limited) deadlines.set(request, limited.expiresAt);
    const acts: Promise<void>[] = [];
    const clicks = 3 + Math.floor(random() * 6);
    for (let i = 0; i < clicks; i += 1) {
      const who = pick(people);
      const click = async (key: string) =>
        await act('vote', () =>
          within(ctx, async (ctx) => {
            if (!(await firstTime(ctx, key))) count('replayed');
            else await (random() < 0.95 ? press(ctx, request, who) : reject(ctx, request, 'no, not now', who));
          }),
        );
      const key = `${request}:${i}`;
      acts.push(click(key));
      // Slack sends the same click again; a person clicks a second time.
      if (random() < 0.4) acts.push(click(key));
      if (random() < 0.2) acts.push(click(`${key}b`));
      if (random() < 0.4) await sleep(random() * 20);
    }
    if (random() < 0.1) acts.push(act('withdrawn', () => withdraw(ctx, request, pick(people))));
    if (random() < 0.1) acts.push(act('revoked', () => revoke(ctx, request, pick(people))));
    await Promise.all(acts);
    // What found no quorum makes room for the next.
    if (random() < 0.8) await act('withdrawn', () => withdraw(ctx, request, asker));
  }

  const executed = () =>
    executeNext(ctx, leaseMs).catch((error: unknown) => {
      if (without !== 'noLock') throw error;
      count('stopped by the database');
      return false;
    });
  async function execute(): Promise<void> {
    while (!over) {
      // An executor that crashes never comes back: its promise is left alone and another takes its place.
      const crashed = sleep(leaseMs * 4).then(() => true);
      const worked = await Promise.race([executed(), crashed]);
      if (!worked) await sleep(10);
    }
  }
  async function sweep(): Promise<void> {
    while (!over) {
      let swept = false;
      await act('swept', async () => {
        swept = await expireNext(ctx);
      });
      if (!swept) await sleep(15);
    }
  }
  async function trouble(): Promise<void> {
    while (!over) {
      await sleep(10);
      if (random() < 0.3) {
        const model = pick(cast.models);
        const version = `other-${Math.floor(random() * 1e9)}`;
        world.aliases.set(model.registryName, version);
        await aliasMoved(ctx, { modelId: model.id, environment: 'production', version, who: 'ci', why: 'release' });
      } else {
        const who = pick(people);
        await act('membership', () =>
          random() < 0.5 ? leaveTeam(ctx, cast.teamId, who, 'CYD') : joinTeam(ctx, cast.teamId, who, [], 'CYD'),
        );
      }
    }
  }
  const background = [execute(), execute(), execute(), sweep(), trouble()];
  const runners = Array.from({ length: 8 }, async () => {
    while (ids.length < wanted) await story();
  });
  await Promise.all(runners);
  const deadline = Date.now() + 30_000;
  while ((await underWay(ctx)) > 0 && Date.now() < deadline) await sleep(50);
  over = true;
  await Promise.all(background);
  while (await expireNext(ctx)) continue;
  return { ctx, effects: world.effects, counts, deadlines };
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && 'code' in error.cause && error.cause.code === '55P03';

async function underWay(ctx: Context): Promise<number> {
  const rows = await ctx.db
    .select({ id: requests.id })
    .from(requests)
    .where(sql`${requests.workspace} = ${ctx.workspace} and ${requests.state} in ('approved', 'executing', 'unclear')`);
  return rows.length;
}

/** A registry that survives crashes; some calls never answer, before their effect or after it. */
function registryWithCrashes(random: () => number, count: (what: string) => void, lags: boolean) {
  const seen = new Map<string, string | undefined>();
  const aliases = new Map<string, string>();
  const effects: string[] = [];
  const mayCrash = async (share: number) => {
    if (random() >= share) return;
    count('crashed');
    await new Promise<never>(() => {});
  };
  const registry: Registry = {
    name: 'MLflow',
    aliasVersion: async ({ model }) => {
      await mayCrash(0.08);
      return lags && seen.has(model) ? seen.get(model) : aliases.get(model);
    },
    setAlias: async ({ model, version }) => {
      await mayCrash(0.1);
      effects.push(version);
      seen.set(model, aliases.get(model));
      setTimeout(() => seen.delete(model), leaseMs * 2);
      aliases.set(model, version);
      if (random() < 0.1) await sleep(leaseMs * 2); // Slow to answer: the lease runs out and another takes over.
      await mayCrash(0.2);
    },
    versionExists: () => Promise.resolve(true),
    versionFacts: () => Promise.resolve(undefined),
    tagVersion: () => mayCrash(0.05),
    models: () => Promise.resolve({ models: [] }),
    recentVersions: () => Promise.resolve([]),
    aliasPage: () => Promise.resolve({ models: [] }),
    tellUs: () => Promise.resolve(),
    check: () => Promise.resolve(''),
  };
  return { registry, aliases, effects };
}

async function castOf(ctx: Context, aliases: Map<string, string>): Promise<{ teamId: string; models: Model[] }> {
  for (const id of people)
    await keepPerson(ctx, { id, name: id, zone: 'UTC', standing: id === 'FAY' ? 'guest' : 'member' });
  const team = await createTeam(ctx, { name: 'Chaos', channel: 'C1', leadId: 'CYD', zone: 'UTC' }, 'CYD');
  for (const id of people.filter((each) => each !== 'FAY')) await joinTeam(ctx, team.id, id, []);
  const made: Model[] = [];
  for (let i = 0; i < models; i += 1) {
    const name = `model-${i}`;
    const about = { ownerId: 'ANN', deputyId: 'BOB', channel: 'C1', tier: 1, teamId: team.id } as const;
    const model = await registerModel(ctx, { name, registryName: name, ...about }, 'ANN');
    aliases.set(name, 'first');
    const first = { modelId: model.id, environment: 'production', version: 'first', who: 'ci', why: 'release' };
    await aliasMoved(ctx, first);
    made.push(model);
  }
  await assign(ctx, { teamId: team.id }, 'rollback.approve', ['DEE', 'EVE'], 'CYD');
  return { teamId: team.id, models: made };
}
