import { and, asc, eq, gte, lte, or } from 'drizzle-orm';
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

async function append(ctx: Context, line: Line, at: Date): Promise<void> {
  const { workspace } = ctx;
  await ctx.db.insert(ledgerHeads).values({ workspace, seq: 0, hash: genesis }).onConflictDoNothing();
  const [head] = await ctx.db.select().from(ledgerHeads).where(eq(ledgerHeads.workspace, workspace)).for('update');
  if (!head) throw new Error('the ledger has no head');
  const row = {
    ...line,
    workspace,
    seq: head.seq + 1,
    at,
    modelId: line.modelId ?? null,
    data: line.data ?? {},
    previous: head.hash,
  };
  const hash = hashOf(row);
  await ctx.db.insert(ledger).values({ ...row, hash });
  await ctx.db.update(ledgerHeads).set({ seq: row.seq, hash }).where(eq(ledgerHeads.workspace, workspace));
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
