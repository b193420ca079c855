import { and, desc, eq, gte, or } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { isOpen } from '../queries.ts';
import { type Blocker, blockers } from '../schema.ts';

export interface Stretch {
  readonly fromRole: string;
  readonly toRole: string;
  readonly severity: Blocker['severity'];
  readonly state: Blocker['state'];
  readonly since: Date;
  readonly endedAt: Date | null;
  readonly reopened: number;
  readonly blockedMs: number;
}

const mostCounted = 5000;

/** What ended since then or is open still; nothing of it names anybody. */
export function stretchesSince(ctx: Context, since: Date): Promise<Stretch[]> {
  const { fromRole, toRole, severity, state, endedAt, reopened, blockedMs } = blockers;
  return ctx.db
    .select({ fromRole, toRole, severity, state, since: blockers.since, endedAt, reopened, blockedMs })
    .from(blockers)
    .where(
      and(
        eq(blockers.workspace, ctx.workspace),
        or(isOpen, and(eq(blockers.state, 'closed'), gte(blockers.endedAt, since))),
      ),
    )
    .orderBy(desc(blockers.since))
    .limit(mostCounted);
}
