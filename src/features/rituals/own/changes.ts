import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { personById } from '../../teams/queries.ts';
import type { OwnWay } from '../forms.ts';
import { ritualById } from '../queries.ts';
import { followers, preferences, type Ritual } from '../schema.ts';

/** Whoever may read along in the workspace may read a digest that stands in a channel anyway. */
export function follow(ctx: Context, ritualId: string, personId: string, follows: boolean): Promise<Ritual> {
  return within(ctx, async (ctx) => {
    const ritual = await ritualById(ctx, ritualId);
    await personById(ctx, personId);
    const row = { workspace: ctx.workspace, ritualId, personId };
    if (follows) await ctx.db.insert(followers).values(row).onConflictDoNothing();
    else
      await ctx.db
        .delete(followers)
        .where(
          and(
            eq(followers.workspace, ctx.workspace),
            eq(followers.ritualId, ritualId),
            eq(followers.personId, personId),
          ),
        );
    const summary = `${follows ? 'reads' : 'no longer reads'} the digest of ${ritual.name}`;
    record(ctx, { who: personId, what: 'ritual.followed', subject: `ritual:${ritual.id}`, summary });
    return ritual;
  });
}

export function saveOwnWay(ctx: Context, personId: string, own: OwnWay): Promise<void> {
  return within(ctx, async (ctx) => {
    if ((own.quietFrom === null) !== (own.quietTo === null))
      throw new Refusal('Quiet hours need both ends: fill in this one, too.', {
        field: own.quietTo === null ? 'quietTo' : 'quietFrom',
      });
    await personById(ctx, personId);
    await ctx.db
      .insert(preferences)
      .values({ workspace: ctx.workspace, personId, ...own })
      .onConflictDoUpdate({ target: [preferences.workspace, preferences.personId], set: own });
    record(ctx, {
      who: personId,
      what: 'ritual.own-way',
      subject: `person:${personId}`,
      summary: 'changed how they are asked',
    });
  });
}
