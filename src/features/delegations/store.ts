import { and, eq, gt, inArray, isNull, or } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { announce } from '../../messages/announce.ts';
import { type Model, models } from '../models/schema.ts';
import { personById } from '../teams/queries.ts';
import { checkHanding, endOfDay } from './rules.ts';
import { type Delegation, delegations } from './schema.ts';
import { type Named, standInMessage } from './views.ts';

/** Hands one person's approvals to another until the end of a day; an earlier one for the same models gives way. */
export function handOver(
  ctx: Context,
  { to, until, model }: { to: string; until: string; model?: Pick<Model, 'id' | 'name'> | undefined },
  by: string,
): Promise<Delegation> {
  return within(ctx, async (ctx) => {
    const { zone } = await personById(ctx, by);
    const { standing: toStanding } = await personById(ctx, to);
    const now = ctx.now();
    const endsAt = endOfDay(until, zone);
    checkHanding({ from: by, to, toStanding, endsAt }, now);
    await endAll(ctx, by, model?.id ?? null);
    const [made] = await ctx.db
      .insert(delegations)
      .values({
        workspace: ctx.workspace,
        fromId: by,
        toId: to,
        modelId: model?.id ?? null,
        startsAt: now,
        endsAt,
        madeAt: now,
      })
      .returning();
    if (!made) throw new Error('the delegation was not kept');
    note(ctx, made, by, `handed the approvals of ${model?.name ?? 'all models'} to <@${to}> until ${until}`);
    await tell(ctx, { ...made, model: model?.name }, false);
    return made;
  });
}

/** Takes everything back that this person handed over; how many that were. */
export function takeBack(ctx: Context, by: string): Promise<number> {
  return within(ctx, (ctx) => endAll(ctx, by, undefined));
}

/** `modelId` undefined: of all scopes. */
async function endAll(ctx: Context, by: string, modelId: string | null | undefined): Promise<number> {
  const same =
    modelId === undefined
      ? undefined
      : modelId === null
        ? isNull(delegations.modelId)
        : eq(delegations.modelId, modelId);
  const ended = await ctx.db
    .update(delegations)
    .set({ endedAt: ctx.now() })
    .where(
      and(
        eq(delegations.workspace, ctx.workspace),
        eq(delegations.fromId, by),
        isNull(delegations.endedAt),
        gt(delegations.endsAt, ctx.now()),
        same,
      ),
    )
    .returning();
  for (const each of ended) {
    note(ctx, each, by, `took back the approvals from <@${each.toId}>`);
    await tell(ctx, { ...each, model: undefined }, true);
  }
  return ended.length;
}

async function tell(ctx: Context, delegation: Named, hasEnded: boolean): Promise<void> {
  const to = { channel: delegation.toId, owner: delegation.fromId };
  await announce(ctx, `delegation:${delegation.id}`, to, standInMessage(delegation, hasEnded));
}

function note(ctx: Context, { id, fromId, toId }: Delegation, who: string, summary: string): void {
  record(ctx, { who, what: 'delegation.changed', subject: `person:${fromId}`, summary, data: { id, toId } });
}

async function inForceOf(ctx: Context, who: string): Promise<Delegation[]> {
  return await ctx.db
    .select()
    .from(delegations)
    .where(
      and(
        eq(delegations.workspace, ctx.workspace),
        or(eq(delegations.fromId, who), eq(delegations.toId, who)),
        isNull(delegations.endedAt),
        gt(delegations.endsAt, ctx.now()),
      ),
    )
    .orderBy(delegations.endsAt)
    .limit(40);
}

/** What this person handed over, and what was handed to them. */
export async function delegationsOf(ctx: Context, who: string): Promise<{ mine: Named[]; forOthers: Named[] }> {
  const found = await inForceOf(ctx, who);
  const ids = found.flatMap(({ modelId }) => modelId ?? []);
  const named =
    ids.length === 0
      ? []
      : await ctx.db
          .select({ id: models.id, name: models.name })
          .from(models)
          .where(and(eq(models.workspace, ctx.workspace), inArray(models.id, ids)));
  const names = new Map(named.map(({ id, name }) => [id, name]));
  const all = found.map((each) => ({ ...each, model: each.modelId === null ? undefined : names.get(each.modelId) }));
  return { mine: all.filter(({ fromId }) => fromId === who), forOthers: all.filter(({ toId }) => toId === who) };
}
