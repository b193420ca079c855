import { is, type SQL, sql, TransactionRollbackError } from 'drizzle-orm';
import { PgTransaction } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { rowsOf } from '../../../db/rows.ts';
import { dutyAssignments, dutyCells } from '../../duties/schema.ts';
import { models } from '../../models/schema.ts';
import { members, people, teams } from '../../teams/schema.ts';
import { type Asked, mostOfKind } from '../rules.ts';

/** Who asks: people about what is theirs, or teams (by their id in the place of a person's) about their models. */
export type Of = 'person' | 'team';

/** What was read about many people in one statement: of each the newest, and one more than is said. */
export async function newestOfEach<Row extends z.ZodType>(
  ctx: Context,
  asked: readonly Asked[],
  row: Row,
  { withs = [], found, of = 'person' }: { readonly withs?: readonly SQL[]; readonly found: SQL; readonly of?: Of },
): Promise<z.infer<Row>[]> {
  const result = await ctx.db.execute(sql`
    with ${sql.join([askedFor(ctx, asked, of), ...withs, sql`found as (${found})`], sql`, `)}
    select * from (
      select found.*, asked.zone, row_number() over (partition by person_id order by at desc, id) as place
      from found join asked using (person_id)) ranked
    where place <= ${mostOfKind + 1}
    order by person_id, at, id`);
  return row.array().parse(rowsOf(result));
}

/** `asked`: each person with their own instant, and the zone they read the time in. */
export function askedFor(ctx: Context, asked: readonly Asked[], of: Of): SQL {
  const own =
    of === 'person' ? sql`${people} p where p.id = a.person_id` : sql`${teams} p where p.id = a.person_id::uuid`;
  return sql`asked as (
    select a.person_id, a.since, coalesce((select p.zone from ${own} and p.workspace = ${ctx.workspace}), 'UTC') as zone
    from unnest(${sql.param(asked.map(({ personId }) => personId))}::text[],
      ${sql.param(asked.map(({ since }) => since.toISOString()))}::timestamptz[]) as a(person_id, since))`;
}

/** `mine`: the models that each of them owns or deputises; of a team, all. */
export function mine(ctx: Context, of: Of): SQL {
  return sql`mine as (${owned(ctx, of)})`;
}

function owned(ctx: Context, of: Of): SQL {
  const by = (column: SQL) => sql`
    select a.person_id, a.since, m.id as model_id, m.name as model, m.environment
    from asked a join ${models} m on m.workspace = ${ctx.workspace} and ${column} = a.person_id and m.retired_at is null`;
  return of === 'team' ? by(sql`m.team_id::text`) : sql`${by(sql`m.owner_id`)} union ${by(sql`m.deputy_id`)}`;
}

const isWatching = sql.raw(`(duty = 'oncall' or duty like 'monitor.%')`);

/**
 * `watched`: those, and the ones that they hold a duty of monitoring or of being on call for. Who is named on the model
 * comes before who is named on its team; where nobody is named for its quality, the team's roles hold that one.
 */
export function watched(ctx: Context, of: Of): SQL {
  if (of === 'team') return sql`watched as (${owned(ctx, of)})`;
  const { workspace } = ctx;
  const here = (alias: string) => sql`${sql.raw(alias)}.workspace = ${workspace}`;
  const named = (duty: SQL, on: SQL) =>
    sql`exists (select 1 from ${dutyAssignments} o where ${here('o')} and o.duty = ${duty} and ${on})`;
  const onModel = sql`o.model_id = m.id`;
  return sql`watched as (
    ${owned(ctx, of)}
    union
    select a.person_id, a.since, m.id, m.name, m.environment
    from asked a
    join ${dutyAssignments} d on ${here('d')} and d.person_id = a.person_id and ${isWatching}
    join ${models} m on ${here('m')} and m.id = d.model_id and m.retired_at is null
    union
    select a.person_id, a.since, m.id, m.name, m.environment
    from asked a
    join ${dutyAssignments} d on ${here('d')} and d.person_id = a.person_id and ${isWatching}
    join ${models} m on ${here('m')} and m.team_id = d.team_id and m.retired_at is null
      and not ${named(sql`d.duty`, onModel)}
    union
    select a.person_id, a.since, m.id, m.name, m.environment
    from asked a
    join ${members} b on ${here('b')} and b.person_id = a.person_id and b.left_at is null
    join ${models} m on ${here('m')} and m.team_id = b.team_id and m.retired_at is null
    left join ${dutyCells} c on ${here('c')} and c.team_id = b.team_id and c.duty = 'monitor.quality'
    where b.roles && coalesce(c.responsible, '{mon}')
      and not ${named(sql`'monitor.quality'`, sql`(${onModel} or o.team_id = m.team_id)`)})`;
}

/** Whether somebody's transaction is open here. */
export const isInside = ({ db }: Context): boolean => is(db, PgTransaction);

/**
 * A read in a transaction of its own (a savepoint, inside another): the server ends it when its time is over, and a
 * failure harms nobody. It may not write, and is always rolled back, which takes the settings back. Compiling these
 * statements takes longer than running them. PGlite knows no time limit: there the one connection is waited for, and only
 * what has not begun yet is left out.
 */
export async function readFor<T>(
  outer: Context,
  ms: number,
  late: AbortSignal,
  read: (ctx: Context) => Promise<T>,
): Promise<T> {
  const answer: { value?: T } = {};
  try {
    return await outer.db.transaction(async (db) => {
      late.throwIfAborted();
      await db.execute(sql`
        select set_config('statement_timeout', ${String(ms)}, true), set_config('transaction_read_only', 'on', true),
          set_config('jit', 'off', true)`);
      answer.value = await read({ ...outer, db });
      return db.rollback();
    });
  } catch (error) {
    if (error instanceof TransactionRollbackError && answer.value !== undefined) return answer.value;
    throw error;
  }
}
