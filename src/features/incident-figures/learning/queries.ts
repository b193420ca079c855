import { and, eq, inArray, isNotNull, isNull, ne } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { localAt } from '../../../time/wall-clock.ts';
import { standingIn } from '../../postmortems/queries.ts';
import { commitments, factors } from '../../postmortems/schema.ts';
import { people } from '../../teams/schema.ts';
import type { Promised } from '../rules.ts';

export interface Learnt {
  readonly labelsAt: Date | undefined;
  readonly detectedHow: string | undefined;
  readonly isRepeat: boolean;
  readonly promises: readonly Promised[];
}

/** What these post-mortems say, all at once. */
export async function learntFrom(ctx: Context, ids: readonly string[]): Promise<(postmortemId: string) => Learnt> {
  if (ids.length === 0) return () => ({ labelsAt: undefined, detectedHow: undefined, isRepeat: false, promises: [] });
  const said = await standingIn(ctx, ids, ['impact_basis', 'detected_how']);
  const repeated = await ctx.db
    .selectDistinct({ postmortemId: factors.postmortemId })
    .from(factors)
    .where(
      and(
        eq(factors.workspace, ctx.workspace),
        inArray(factors.postmortemId, [...ids]),
        isNotNull(factors.sameAs),
        isNull(factors.removedAt),
      ),
    );
  const repeats = new Set(repeated.map(({ postmortemId }) => postmortemId));
  const promises = await promisesIn(ctx, ids);
  return (id) => {
    const own = said.get(id) ?? [];
    const basis = own.find(({ section }) => section === 'impact_basis');
    const how = own.find(({ section }) => section === 'detected_how')?.text;
    return {
      labelsAt: basis?.text === 'measured' ? basis.at : undefined,
      detectedHow: how === '' ? undefined : how,
      isRepeat: repeats.has(id),
      promises: promises.get(id) ?? [],
    };
  };
}

/** Days are those where the owner lives, as the day on which it is due is one. */
async function promisesIn(ctx: Context, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Promised[]>> {
  const made = await ctx.db
    .select({ commitment: commitments, zone: people.zone })
    .from(commitments)
    .leftJoin(people, and(eq(people.workspace, commitments.workspace), eq(people.id, commitments.ownerId)))
    .where(
      and(
        eq(commitments.workspace, ctx.workspace),
        inArray(commitments.postmortemId, [...ids]),
        ne(commitments.state, 'declined'),
      ),
    );
  const promises = made.map(({ commitment: { postmortemId, number, text, reason, due, state, endedAt }, zone }) => ({
    postmortemId,
    due,
    doneOn: state === 'done' && endedAt ? localAt(endedAt, zone ?? 'UTC').date : null,
    waived: state === 'waived' ? { number, text, reason: reason ?? '' } : null,
  }));
  return Map.groupBy(promises, ({ postmortemId }) => postmortemId);
}
