import { and, asc, eq, gte, lte, or, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Db } from '../db/client.ts';
import { genesis, hashOf } from './chain.ts';
import { ledger, ledgerHeads, type LedgerRow } from './schema.ts';

export interface Line {
  readonly who: string;
  readonly what: string;
  readonly subject: string;
  readonly summary: string;
  readonly modelId?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Written in the transaction of the change it tells of: no change without its line, no line without its change.
 * It is written last, because the head's lock must be the last one taken (one lock order everywhere).
 */
export function record(ctx: Context, line: Line): void {
  if (!ctx.lastly) throw new Error(`record(${line.what}) outside a transaction`);
  const at = ctx.now();
  ctx.lastly.push((last) => append(last, line, at));
}

/** Two statements: take the head (its row lock puts the lines in order), then write the line and move the head on. */
async function append(ctx: Context, line: Line, at: Date): Promise<void> {
  const { workspace } = ctx;
  const [head] = await ctx.db
    .insert(ledgerHeads)
    .values({ workspace, seq: 0, hash: genesis })
    .onConflictDoUpdate({ target: [ledgerHeads.workspace], set: { seq: sql`${ledgerHeads.seq}` } })
    .returning();
  if (!head) throw new Error('the ledger has no head');
  const { who, what, subject, summary, modelId = null, data = {} } = line;
  const row = { workspace, seq: head.seq + 1, at, who, what, modelId, subject, summary, data, previous: head.hash };
  const hash = hashOf(row);
  await ctx.db.execute(sql`
    with line as (
      insert into ledger (workspace, seq, at, who, what, model_id, subject, summary, data, previous, hash)
      values (${workspace}, ${row.seq}, ${at.toISOString()}::timestamptz, ${who}, ${what}, ${modelId}::uuid,
        ${subject}, ${summary}, ${JSON.stringify(data)}::jsonb, ${row.previous}, ${hash}))
    update ledger_heads set seq = ${row.seq}, hash = ${hash} where workspace = ${workspace}`);
}

/** What happened around a model or a subject between two instants, oldest first. */
export function linesAbout(
  ctx: Context,
  about: { modelId: string; subject: string },
  since: Date,
  until: Date,
): Promise<LedgerRow[]> {
  return ctx.db
    .select()
    .from(ledger)
    .where(
      and(
        eq(ledger.workspace, ctx.workspace),
        or(eq(ledger.modelId, about.modelId), eq(ledger.subject, about.subject)),
        gte(ledger.at, since),
        lte(ledger.at, until),
      ),
    )
    .orderBy(asc(ledger.at), asc(ledger.seq));
}

/** The whole chain of one workspace, oldest first: for whoever checks it. */
export function linesOf(db: Db, workspace: string): Promise<LedgerRow[]> {
  return db.select().from(ledger).where(eq(ledger.workspace, workspace)).orderBy(asc(ledger.seq));
}
