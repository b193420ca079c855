import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { alertStates, alerts, type Item } from '../../drift/schema.ts';
import type { Asked, Found } from '../rules.ts';
import { alertSaid } from '../sentences/alert.ts';
import { newestOfEach, type Of, watched } from './queries.ts';

const Row = z.object({
  person_id: z.string(),
  zone: z.string(),
  id: z.string(),
  model_id: z.string(),
  model: z.string(),
  at: z.coerce.date(),
  number: z.number(),
  state: z.enum(alertStates),
  outcome: z.string().nullable(),
  /** Written by ourselves. */
  items: z.custom<readonly Item[]>(Array.isArray),
  raised_at: z.coerce.date(),
  snoozed_until: z.coerce.date().nullable(),
  taken_by: z.string().nullable(),
});

/** Of models I own, stand in for, or watch over: what is open, and what was closed since. */
export async function alertFacts(ctx: Context, asked: readonly Asked[], of: Of = 'person'): Promise<Found[]> {
  const columns = sql`w.person_id, x.id, w.model_id, w.model, x.number, x.state, x.outcome, x.items, x.raised_at,
    x.snoozed_until, x.taken_by`;
  const found = sql`
    select ${columns}, x.raised_at as at
    from watched w join ${alerts} x on x.workspace = ${ctx.workspace} and x.model_id = w.model_id and x.state <> 'resolved'
    union all
    select ${columns}, x.ended_at as at
    from watched w join ${alerts} x on x.workspace = ${ctx.workspace} and x.model_id = w.model_id
      and x.state = 'resolved' and x.ended_at > w.since`;
  const rows = await newestOfEach(ctx, asked, Row, { of, withs: [watched(ctx, of)], found });
  return rows.map((row) => ({
    personId: row.person_id,
    fact: {
      key: `alert:${row.id}`,
      kind: 'alert',
      ...alertSaid(row, { zone: row.zone, now: ctx.now(), of }),
      at: row.at,
      modelId: row.model_id,
    },
  }));
}
