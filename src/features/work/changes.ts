import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { amend, announce } from '../../messages/announce.ts';
import { nextNumber } from '../installations/store.ts';
import { modelById } from '../models/queries.ts';
import { teamById } from '../teams/queries.ts';
import { itemFrom, itemShown, lockItem } from './queries.ts';
import { checkedTitle, type Finding, longestDetails, mayGive, moved, stateWords } from './rules.ts';
import { type State, type Type, workEvents, type WorkItem, workItems } from './schema.ts';
import { workCard, wentTo } from './views.ts';

export interface WorkInput {
  readonly title: string;
  readonly details: string;
  readonly type: Type;
  readonly teamId: string;
  readonly modelId?: string | undefined;
  readonly ownerId?: string | undefined;
  /** Such as "message:<channel>:<ts>": made again from the same, it is the same item. */
  readonly origin?: string | undefined;
  readonly channel?: string | undefined;
}

/** Into the backlog, or where somebody is to do it, ready to be started; also inside the transaction of another verb. */
export function makeWork(ctx: Context, input: WorkInput, by: string): Promise<{ item: WorkItem; isNew: boolean }> {
  return within(ctx, async (ctx) => {
    const { origin, ownerId, modelId, channel } = input;
    const known = origin === undefined ? undefined : await itemFrom(ctx, origin);
    if (known) return { item: known, isNew: false };
    const title = checkedTitle(input.title);
    await teamById(ctx, input.teamId);
    if (modelId !== undefined) await modelById(ctx, modelId);
    const now = ctx.now();
    const state = ownerId === undefined ? 'backlog' : 'ready';
    const [item] = await ctx.db
      .insert(workItems)
      .values({
        workspace: ctx.workspace,
        number: await nextNumber(ctx, 'work'),
        origin: origin ?? null,
        channel: channel ?? null,
        teamId: input.teamId,
        modelId: modelId ?? null,
        type: input.type,
        title,
        details: input.details.trim().slice(0, longestDetails),
        state,
        ownerId: ownerId ?? null,
        madeBy: by,
        madeAt: now,
        movedBy: by,
        movedAt: now,
      })
      .onConflictDoNothing()
      .returning();
    const raced = item ? undefined : await itemFrom(ctx, origin ?? '');
    if (raced) return { item: raced, isNew: false };
    if (!item) throw new Error('a work item was not written');
    await keepEvent(ctx, item, { kind: 'moved', by, from: null, to: state });
    note(ctx, item, by, 'made', `made work item ${item.number}`);
    await tell(ctx, item);
    return { item, isNew: true };
  });
}

/** `seen`: where it was when the button was drawn; whoever is second is told who was first. */
export function moveWork(
  ctx: Context,
  id: string,
  step: { readonly seen: State; readonly to: State; readonly found?: Finding | undefined },
  by: string,
): Promise<WorkItem> {
  return within(ctx, async (ctx) => {
    const before = await lockItem(ctx, id);
    const { seen, to, found } = step;
    const change = moved(before, to, { seen, by, now: ctx.now(), found });
    const events = before.events + 1;
    const isTaken = before.ownerId === null && change.ownerId !== null;
    const after = await write(ctx, before, { ...change, events, ...(isTaken && { ownedSince: events }) });
    await keepEvent(ctx, after, { kind: 'moved', by, from: before.state, to });
    note(ctx, after, by, to === 'doing' ? 'started' : to, `moved work item ${after.number}: ${stateWords[to]}`);
    await tell(ctx, after);
    return after;
  });
}

/** Whoever had it reads who has it now; whoever gets it, a card. */
export function giveWork(ctx: Context, id: string, to: string, by: string): Promise<WorkItem> {
  return within(ctx, async (ctx) => {
    const before = await lockItem(ctx, id);
    mayGive(before, to);
    const events = before.events + 1;
    const after = await write(ctx, before, { ownerId: to, events, ownedSince: events });
    await keepEvent(ctx, after, { kind: 'given', by, from: before.ownerId, to });
    note(ctx, after, by, 'given', `gave work item ${after.number} to <@${to}>`);
    await amend(ctx, cardOf(before), wentTo(after));
    await tell(ctx, after);
    return after;
  });
}

/** Written under the lock of its row. */
async function write(ctx: Context, { id }: WorkItem, to: Partial<WorkItem>): Promise<WorkItem> {
  const [after] = await ctx.db
    .update(workItems)
    .set(to)
    .where(and(eq(workItems.workspace, ctx.workspace), eq(workItems.id, id)))
    .returning();
  if (!after) throw new Error(`work item ${id} is gone`);
  return after;
}

type Event = Pick<typeof workEvents.$inferInsert, 'kind' | 'by' | 'from' | 'to'>;

async function keepEvent(ctx: Context, { id, events }: WorkItem, event: Event): Promise<void> {
  await ctx.db
    .insert(workEvents)
    .values({ workspace: ctx.workspace, itemId: id, number: events, at: ctx.now(), ...event });
}

function note(ctx: Context, { id, number, modelId }: WorkItem, who: string, verb: string, summary: string): void {
  record(ctx, {
    who,
    what: `work.${verb}`,
    ...(modelId !== null && { modelId }),
    subject: `work:${id}`,
    summary,
    data: { number },
  });
}

const cardOf = ({ id, ownedSince }: WorkItem): string => `work:${id}:${ownedSince}`;

/** One card, in the direct messages of whoever has it. */
async function tell(ctx: Context, item: WorkItem): Promise<void> {
  const { ownerId } = item;
  if (ownerId === null) return;
  await announce(ctx, cardOf(item), { channel: ownerId }, workCard(await itemShown(ctx, item.id)));
}
