import { and, asc, eq, gte, inArray, lte, min } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { ledger } from '../../../ledger/schema.ts';
import { requests } from '../../approvals/schema.ts';
import { furtherModels } from '../../incidents/models/queries.ts';
import type { Incident } from '../../incidents/schema.ts';
import type { RolledBack } from './rules.ts';

const most = 10;

/** Rollbacks of its models that were asked for while it went on, with the times that are on record. */
export async function rollbacksIn(ctx: Context, incident: Incident): Promise<RolledBack[]> {
  const further = await furtherModels(ctx, incident.id);
  const rows = await ctx.db
    .select()
    .from(requests)
    .where(
      and(
        eq(requests.workspace, ctx.workspace),
        inArray(requests.modelId, [incident.modelId, ...further.map(({ id }) => id)]),
        eq(requests.kind, 'rollback'),
        gte(requests.requestedAt, incident.onset),
        lte(requests.requestedAt, incident.resolvedAt ?? ctx.now()),
      ),
    )
    .orderBy(asc(requests.requestedAt))
    .limit(most);
  const begun = await begunAt(
    ctx,
    rows.map(({ id }) => `rollback:${id}`),
  );
  return rows.map(({ id, number, requestedAt, approvedAt, state, endedAt }) => ({
    number,
    proposed: requestedAt,
    approved: approvedAt,
    executed: begun.get(`rollback:${id}`) ?? null,
    observed: state === 'done' ? endedAt : null,
  }));
}

/** Only the ledger knows when somebody began to carry it out. */
async function begunAt(ctx: Context, subjects: readonly string[]): Promise<Map<string, Date | null>> {
  if (subjects.length === 0) return new Map();
  const rows = await ctx.db
    .select({ subject: ledger.subject, at: min(ledger.at) })
    .from(ledger)
    .where(
      and(
        eq(ledger.workspace, ctx.workspace),
        inArray(ledger.subject, [...subjects]),
        eq(ledger.what, 'rollback.executing'),
      ),
    )
    .groupBy(ledger.subject);
  return new Map(rows.map(({ subject, at }) => [subject, at]));
}
