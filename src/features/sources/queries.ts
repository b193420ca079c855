import { and, asc, desc, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import type { Db } from '../../db/client.ts';
import { Refusal } from '../../lib/refusal.ts';
import { models } from '../models/schema.ts';
import { type Delivered, deliveries, type Source, sources } from './schema.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The source of a delivery, before its workspace is known: nobody guesses its id. */
export async function sourceById(db: Db, id: string): Promise<Source | undefined> {
  if (!uuid.test(id)) return undefined;
  const [source] = await db
    .select()
    .from(sources)
    .where(and(eq(sources.id, id), isNull(sources.revokedAt)));
  return source;
}

/** Locked, so that nobody changes it meanwhile. By the name that people type, or by its id. */
export async function liveSource(ctx: Context, which: { name: string } | { sourceId: string }): Promise<Source> {
  const [source] = await ctx.db
    .select()
    .from(sources)
    .where(
      and(
        eq(sources.workspace, ctx.workspace),
        isNull(sources.revokedAt),
        'name' in which ? eq(sources.name, which.name.toLowerCase()) : eq(sources.id, which.sourceId),
      ),
    )
    .for('no key update');
  if (source) return source;
  const what = 'name' in which ? `Nothing is connected under the name "${which.name}".` : 'This is revoked already.';
  throw new Refusal(`${what} \`/ml connect\` lists what is.`, { field: 'source' });
}

export interface Connected {
  readonly source: Source;
  readonly model: string | null;
  readonly last: Pick<Delivered, 'at' | 'outcome' | 'said'> | null;
  readonly lastProblem: Pick<Delivered, 'at' | 'problem'> | null;
}

/** What is connected, by name. */
export function connectedSources(ctx: Context, most: number): Promise<Connected[]> {
  const { at, outcome, said, problem } = deliveries;
  const own = and(eq(deliveries.workspace, sources.workspace), eq(deliveries.sourceId, sources.id));
  const newest = ctx.db.select({ at, outcome, said }).from(deliveries).where(own).orderBy(desc(at)).limit(1);
  const refused = ctx.db
    .select({ at, problem })
    .from(deliveries)
    .where(and(own, ne(problem, '')))
    .orderBy(desc(at))
    .limit(1);
  const last = newest.as('last');
  const lastProblem = refused.as('last_problem');
  return ctx.db
    .select({
      source: sources,
      model: models.name,
      last: { at: last.at, outcome: last.outcome, said: last.said },
      lastProblem: { at: lastProblem.at, problem: lastProblem.problem },
    })
    .from(sources)
    .leftJoin(models, and(eq(models.workspace, sources.workspace), eq(models.id, sources.modelId)))
    .leftJoinLateral(last, sql`true`)
    .leftJoinLateral(lastProblem, sql`true`)
    .where(and(eq(sources.workspace, ctx.workspace), isNull(sources.revokedAt)))
    .orderBy(asc(sources.name))
    .limit(most);
}

/** Newest first. */
export function deliveriesOf(ctx: Context, sourceId: string, most: number): Promise<Delivered[]> {
  return ctx.db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.workspace, ctx.workspace), eq(deliveries.sourceId, sourceId)))
    .orderBy(desc(deliveries.at))
    .limit(most);
}

/** The newest refused one whose body is kept. */
export async function keptBody(ctx: Context, sourceId: string): Promise<Delivered | undefined> {
  const [kept] = await ctx.db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.workspace, ctx.workspace), eq(deliveries.sourceId, sourceId), isNotNull(deliveries.body)))
    .orderBy(desc(deliveries.at))
    .limit(1);
  return kept;
}
