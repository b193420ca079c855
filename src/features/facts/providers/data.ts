import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { datasets, feeds, type Problem, problemKinds } from '../../datasets/schema.ts';
import type { Asked, Found } from '../rules.ts';
import { dataSaid } from '../sentences/data.ts';
import { mine, newestOfEach, type Of } from './queries.ts';

const Row = z.object({
  person_id: z.string(),
  zone: z.string(),
  id: z.string(),
  at: z.coerce.date(),
  name: z.string(),
  state: z.enum(['warning', 'bad']),
  problems: z.array(
    z.object({ kind: z.enum(problemKinds), weight: z.enum(['warning', 'bad']), words: z.string() }),
  ) satisfies z.ZodType<Problem[]>,
  hushed: z.array(z.string()),
  since: z.coerce.date().nullable(),
  taken_by: z.string().nullable(),
  models: z.array(z.string()).min(1),
  model_ids: z.array(z.string()).min(1),
});

/** Data in trouble that my models eat, but for what people called not useful. */
export async function dataFacts(ctx: Context, asked: readonly Asked[], of: Of = 'person'): Promise<Found[]> {
  const found = sql`
    select m.person_id, d.id, coalesce(d.since, d.last_look_at) as at, d.name, d.state, d.problems, d.since, d.taken_by,
      coalesce(d.hushed -> 'kinds', '[]') as hushed, json_agg(m.model order by m.model, m.model_id) as models,
      json_agg(m.model_id order by m.model, m.model_id) as model_ids
    from mine m
    join ${feeds} f on f.workspace = ${ctx.workspace} and f.model_id = m.model_id
    join ${datasets} d on d.workspace = ${ctx.workspace} and d.id = f.dataset_id and d.state <> 'ok'
    group by m.person_id, d.workspace, d.id`;
  const rows = await newestOfEach(ctx, asked, Row, { of, withs: [mine(ctx, of)], found });
  return rows.flatMap((row) => {
    const problems = row.problems.filter(({ kind }) => !row.hushed.includes(kind));
    if (problems.length === 0) return [];
    const said = dataSaid({ ...row, problems }, { zone: row.zone, now: ctx.now() });
    const [modelId] = row.model_ids;
    const fact = { key: `data:${row.id}`, kind: 'data' as const, ...said, at: row.at };
    return [{ personId: row.person_id, fact: { ...fact, ...(modelId !== undefined && { modelId }) } }];
  });
}
