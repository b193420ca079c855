import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { evaluations } from '../../gates/schema.ts';
import { models } from '../../models/schema.ts';
import { trainings, trainingStates } from '../../retraining/schema.ts';
import type { Asked, Found } from '../rules.ts';
import { type Headline, runSaid } from '../sentences/run.ts';
import { mine, newestOfEach } from './queries.ts';

const Row = z.object({
  person_id: z.string(),
  zone: z.string(),
  id: z.string(),
  model_id: z.string(),
  model: z.string(),
  at: z.coerce.date(),
  number: z.number(),
  state: z.enum(trainingStates),
  asked_by: z.string(),
  asked_at: z.coerce.date(),
  started_at: z.coerce.date().nullable(),
  detail: z.string().nullable(),
  candidate: z.string().nullable(),
  asks: z.boolean(),
  gate: z.enum(['pass', 'fail']).nullable(),
  results: z.unknown(),
});

/** Trainings that I asked for, and those of my models: under way, or over since; with the number that the gate saw. */
export async function runFacts(ctx: Context, asked: readonly Asked[]): Promise<Found[]> {
  const { workspace } = ctx;
  const columns = sql.raw(`x.id, x.model_id, x.environment, x.number, x.state, x.asked_by, x.asked_at, x.started_at,
    x.ended_at, x.detail, x.candidate, jsonb_array_length(x.questions) > 0 as asks`);
  const found = sql`
    select w.*, m.name as model, coalesce(w.ended_at, w.started_at, w.asked_at) as at, e.result as gate, e.results
    from (
      select m.person_id, ${columns} from mine m
        join ${trainings} x on x.workspace = ${workspace} and x.model_id = m.model_id
          and (x.ended_at > m.since or x.ended_at is null)
      union
      select a.person_id, ${columns} from asked a
        join ${trainings} x on x.workspace = ${workspace} and x.asked_by = a.person_id
          and (x.ended_at > a.since or x.ended_at is null)) w
    join ${models} m on m.workspace = ${workspace} and m.id = w.model_id and m.retired_at is null
    left join lateral (
      select v.result, v.results from ${evaluations} v
      where v.workspace = ${workspace} and v.model_id = w.model_id and v.environment = w.environment
        and v.version = w.candidate
      order by v.number desc limit 1) e on true`;
  const rows = await newestOfEach(ctx, asked, Row, { withs: [mine(ctx, 'person')], found });
  return rows.map((row) => ({
    personId: row.person_id,
    fact: {
      key: `run:${row.id}`,
      kind: 'run',
      ...runSaid({ ...row, headline: headlineOf(row.results) }, { zone: row.zone, now: ctx.now() }),
      at: row.at,
      modelId: row.model_id,
    },
  }));
}

const Measured = z.object({ value: z.number() });
const Metric = z.object({
  check: z.object({ kind: z.literal('metric'), name: z.string() }),
  used: z.object({ candidate: Measured, baseline: Measured.nullish() }),
});

/** The gate says its most important check first. */
function headlineOf(results: unknown): Headline | undefined {
  const all = z.array(z.unknown()).safeParse(results).data ?? [];
  const first = all.map((each) => Metric.safeParse(each).data).find((each) => each !== undefined);
  return (
    first && { name: first.check.name, value: first.used.candidate.value, baseline: first.used.baseline?.value ?? null }
  );
}
