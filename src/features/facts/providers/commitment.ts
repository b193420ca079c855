import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { incidents } from '../../incidents/schema.ts';
import { everybody, visibleTo } from '../../incidents/visibility/queries.ts';
import { dateOf, dayOf } from '../../../time/dates.ts';
import { models } from '../../models/schema.ts';
import { commitments, postmortems } from '../../postmortems/schema.ts';
import { dayIn, daysNow } from '../../teams/rules.ts';
import type { Asked, Found } from '../rules.ts';
import { commitmentSaid } from '../sentences/commitment.ts';
import { newestOfEach } from './queries.ts';

const Row = z.object({
  person_id: z.string(),
  zone: z.string(),
  id: z.string(),
  model_id: z.string(),
  at: z.coerce.date(),
  number: z.number(),
  text: z.string(),
  state: z.enum(['offered', 'open', 'done']),
  due: z.string(),
});

/** What is due in so many days is worth a plan today. */
const aheadDays = 7;
const daysAfter = (day: string) => dateOf(dayOf(day) + aheadDays);

/** What I promised after incidents that everybody may see: to be answered, due, or done since. */
export async function commitmentFacts(ctx: Context, asked: readonly Asked[]): Promise<Found[]> {
  const lastDay = daysAfter(daysNow(ctx.now()).latest);
  const found = sql`
    select a.person_id, c.id, c.model_id, c.number, c.text, c.state, c.due,
      case when c.state = 'done' then c.ended_at else c.made_at end as at
    from asked a
    join ${commitments} c on c.workspace = ${ctx.workspace} and c.owner_id = a.person_id and (c.state = 'offered'
      or c.state = 'open' and c.due <= ${lastDay} or c.state = 'done' and c.ended_at > a.since)
    join ${models} m on m.workspace = ${ctx.workspace} and m.id = c.model_id and m.retired_at is null
    join ${postmortems} p on p.workspace = ${ctx.workspace} and p.id = c.postmortem_id
    join ${incidents} on ${incidents.workspace} = ${ctx.workspace} and ${incidents.id} = p.incident_id
      and ${visibleTo(ctx, everybody)}`;
  const rows = await newestOfEach(ctx, asked, Row, { found });
  // Which day it is where they are is read from our own zone data, which is never stale.
  const isNear = ({ state, due, zone }: z.infer<typeof Row>) =>
    state !== 'open' || due <= daysAfter(dayIn(zone, ctx.now()));
  return rows.filter(isNear).map((row) => ({
    personId: row.person_id,
    fact: {
      key: `commitment:${row.id}`,
      kind: 'commitment',
      ...commitmentSaid(row, { zone: row.zone, now: ctx.now() }),
      at: row.at,
      modelId: row.model_id,
    },
  }));
}
