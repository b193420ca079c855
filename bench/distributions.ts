import { z } from 'zod';
import { sql } from 'drizzle-orm';
import type { Context } from '../src/context.ts';
import { databaseClock } from '../src/context.ts';
import { openDatabase } from '../src/db/client.ts';
import { rowsOf } from '../src/db/rows.ts';
import { takeHistograms } from '../src/features/distributions/store.ts';
import { histogramMethods } from '../src/features/drift/detectors/methods.ts';
import { takeReadings } from '../src/features/drift/intake.ts';
import { setWatch } from '../src/features/drift/store.ts';
import { findModels } from '../src/features/models/queries.ts';
import { registerModel } from '../src/features/models/store.ts';
import { createTeam, joinTeam, keepPerson } from '../src/features/teams/store.ts';
import { median, table } from './figures.ts';
import { tools } from '../src/integrations/tools.ts';

const features = 1000;
const [psi] = histogramMethods;

/** PSI of 1,000 ten-bin features from the database, and one new window judged with little and with much history. */
export async function benchDistributions(databaseUrl: string): Promise<void> {
  const database = await openDatabase({ url: databaseUrl });
  await database.migrate();
  let now = new Date('2026-03-02T09:00:00Z');
  const ctx = contextOf(database.db, () => now);
  await cast(ctx);
  const later = () => (now = new Date(now.getTime() + 3_600_000));

  const window = (shift: number) =>
    Array.from({ length: features }, (_, i) => ({
      model: 'bench-model',
      column: `f${i}`,
      edges: Array.from({ length: 11 }, (_, edge) => edge),
      counts: Array.from({ length: 10 }, (_, bin) => 100 + ((bin * 13 + i + shift) % 7)),
      at: now.toISOString(),
    }));
  await takeHistograms(ctx, window(0));
  const times: number[] = [];
  const before = process.memoryUsage().rss;
  for (let round = 1; round <= 7; round += 1) {
    later();
    const body = window(round);
    const began = performance.now();
    await takeHistograms(ctx, body);
    times.push(performance.now() - began);
  }
  const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
  const [ref, cur] = [window(0)[0]?.counts ?? [], window(1)[0]?.counts ?? []];
  const began = performance.now();
  const rounds = 200_000;
  for (let i = 0; i < rounds; i += 1) psi.score(ref, cur);
  const bare = ((performance.now() - began) / rounds) * features;
  table('PSI of 1,000 ten-bin features, stored, judged and kept (goal: under 1 s, 100 MB)', [
    ['the arithmetic alone, ms', bare.toFixed(2)],
    ['with references from and scores into Postgres, ms', Math.round(median(times))],
    ['memory grown by, MB', Math.round(grown)],
  ]);
  await judging(ctx, later);
  await database.close();
}

/** The index leads to the newest window: history behind it must not be felt. */
async function judging(ctx: Context, later: () => Date): Promise<void> {
  const [model] = await findModels(ctx, 'bench-model');
  if (!model) throw new Error('no model');
  const name = { modelId: model.id, environment: 'production', metric: 'auc', column: '' };
  await setWatch(ctx, name, { raiseAt: 0.5, clearAt: 0.5, direction: 'below', minRows: 0 }, 'U1');
  const judge = async () => {
    const times: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const at = later().toISOString();
      const began = performance.now();
      await takeReadings(ctx, [{ model: model.name, metric: 'auc', value: 0.9, at }]);
      times.push(performance.now() - began);
    }
    return median(times.slice(100));
  };
  const grow = async (series: number, each: number) => {
    for (let n = 0; n < series; n += 1) {
      await ctx.db.execute(sql`
        with made as (
          insert into series (workspace, model_id, environment, metric)
          values (${ctx.workspace}, ${model.id}::uuid, 'production', ${`history-${each}-${n}`})
          returning id)
        insert into readings (workspace, series_id, at, value, received_at)
        select ${ctx.workspace}, id, timestamptz '2026-01-01' + make_interval(mins => m), 0.9, now()
        from made, generate_series(1, ${each}) m`);
    }
  };
  await grow(100, 1_000);
  await ctx.db.execute(sql`analyze readings`);
  const few = await judge();
  const much = Number(process.env['BENCH_READINGS'] ?? 5_000_000);
  await grow(Math.ceil(much / 50_000), 50_000);
  await ctx.db.execute(sql`analyze readings`);
  const many = await judge();
  const counted = await ctx.db.execute(sql`select count(*) as n from readings`);
  const total = z.tuple([z.object({ n: z.coerce.number() })]).parse(rowsOf(counted))[0].n;
  table('one new window judged, ms (goal: at most 1.2 times)', [
    ['with 100,000 readings of history', few.toFixed(2), 1],
    [`with ${new Intl.NumberFormat('en').format(total)}`, many.toFixed(2), many / few],
  ]);
}

function contextOf(db: Context['db'], now: () => Date): Context {
  const refuse = () => Promise.resolve({ ok: false as const, why: 'unclear' as const, detail: 'bench' });
  const slack = new Proxy({}, { get: () => refuse });
  return {
    workspace: 'T1',
    db,
    now,
    clock: databaseClock,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody is told anything here
    slack: slack as Context['slack'],
    registry: undefined,
    tools,
    allowedHosts: [],
    log: { info: () => {}, warn: () => {}, error: () => {} },
    publicUrl: 'http://localhost',
  };
}

async function cast(ctx: Context): Promise<void> {
  await ctx.db.execute(
    sql`insert into installations (workspace, name, bot_user, at) values ('T1', 'Bench', 'UB', now()) on conflict do nothing`,
  );
  await keepPerson(ctx, { id: 'U1', name: 'Bench', zone: 'UTC', standing: 'member' });
  const team = await createTeam(ctx, { name: 'Bench', channel: 'C1', leadId: 'U1', zone: 'UTC' }, 'U1');
  await joinTeam(ctx, team.id, 'U1', ['ds']);
  await registerModel(
    ctx,
    { name: 'bench-model', teamId: team.id, ownerId: 'U1', channel: 'C1', tier: 2, registryName: 'bench-model' },
    'U1',
  );
}
