import { and, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { checkedName } from '../../lib/names.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { membershipOf, teamById } from '../teams/queries.ts';
import { checkHolder } from '../teams/store.ts';
import { modelById } from './queries.ts';
import { checkDeputy } from './rules.ts';
import { type Model, type ModelEdit, models } from './schema.ts';
import { namedCard } from './views.ts';

type Registration = Omit<typeof models.$inferInsert, 'workspace' | 'id' | 'registeredAt' | 'confirmedAt' | 'revision'>;

/** Whoever brings a model to a team is in it, or leads it. */
export async function mayRegister(ctx: Context, teamId: string, by: string): Promise<void> {
  const team = await teamById(ctx, teamId);
  const { standing, member } = await membershipOf(ctx, teamId, by);
  if (standing !== 'member' || !(member || team.leadId === by))
    throw new Refusal(`Only the people of ${team.name} register models for it. Ask its lead to take you in.`);
}

/** Who registers it says who owns it; a retired model of the same name begins anew. */
export async function registerModel(ctx: Context, input: Registration, by: string): Promise<Model> {
  return within(ctx, async (ctx) => {
    const name = checkedName(input.name, 100);
    await checkHolders(ctx, { ...input, deputyId: input.deputyId ?? null });
    const fresh = { ...input, name, registeredAt: ctx.now(), confirmedAt: ctx.now(), retiredAt: null };
    const [revived] = await ctx.db
      .update(models)
      .set({ ...fresh, revision: sql`${models.revision} + 1` })
      .where(
        and(
          eq(models.workspace, ctx.workspace),
          eq(sql`lower(${models.name})`, name.toLowerCase()),
          isNotNull(models.retiredAt),
        ),
      )
      .returning();
    const [made] = revived
      ? []
      : await ctx.db
          .insert(models)
          .values({ ...fresh, workspace: ctx.workspace })
          .onConflictDoNothing()
          .returning();
    const model = revived ?? made;
    if (!model) throw new Refusal(`"${name}" is already registered.`, { field: 'name' });
    note(ctx, model, by, 'registered', `registered ${model.name}`);
    if (by !== model.ownerId) {
      const { ownerId } = model;
      const key = `model-named:${model.id}:${model.revision}`;
      await announce(ctx, key, { channel: ownerId, owner: ownerId }, namedCard(model, by));
    }
    return model;
  });
}

/** undefined: somebody else saved it since it was read. The owner changes by transfer only, with the taker's word. */
export function editModel(
  ctx: Context,
  id: string,
  revision: number,
  input: ModelEdit,
  by: string,
): Promise<Model | undefined> {
  return within(ctx, async (ctx) => {
    const before = await modelById(ctx, id);
    await mayEditModel(ctx, before, by);
    const changes = before.deputyId !== input.deputyId ? 'deputyId' : before.tier !== input.tier ? 'tier' : undefined;
    if (changes) await mayRule(ctx, before, by, changes);
    const name = checkedName(input.name, 100);
    await checkHolders(ctx, { ...before, deputyId: input.deputyId });
    const [clash] = await ctx.db
      .select({ id: models.id })
      .from(models)
      .where(and(eq(models.workspace, ctx.workspace), eq(sql`lower(${models.name})`, name.toLowerCase())));
    if (clash && clash.id !== id) throw new Refusal(`"${name}" is already registered.`, { field: 'name' });
    const environment = input.environments[0] ?? before.environment;
    const [model] = await ctx.db
      .update(models)
      .set({ ...input, name, environment, revision: sql`${models.revision} + 1` })
      .where(and(ofModel(ctx, id), eq(models.revision, revision)))
      .returning();
    if (model) note(ctx, model, by, 'edited', `changed ${model.name}`);
    return model;
  });
}

async function checkHolders(
  ctx: Context,
  { teamId, ownerId, deputyId }: { teamId: string; ownerId: string; deputyId: string | null },
): Promise<void> {
  checkDeputy(ownerId, deputyId);
  await checkHolder(ctx, teamId, ownerId, 'ownerId');
  if (deputyId) await checkHolder(ctx, teamId, deputyId, 'deputyId');
}

export async function mayEditModel(ctx: Context, model: Model, by: string): Promise<void> {
  const team = await teamById(ctx, model.teamId);
  const { standing, member } = await membershipOf(ctx, model.teamId, by);
  if (standing !== 'member' || !(member || team.leadId === by))
    throw new Refusal(`Only the people of ${team.name} change ${model.name}.`);
}

/** Deputy and tier decide who may approve: nobody puts themselves there. The lead stands in for an owner who is gone. */
async function mayRule(ctx: Context, model: Model, by: string, field: string): Promise<void> {
  const team = await teamById(ctx, model.teamId);
  if (by !== model.ownerId && by !== team.leadId)
    throw new Refusal(`Only the owner of ${model.name}, or the lead of ${team.name}, changes this.`, { field });
}

/** Everything of the model is kept; it is only no longer listed, watched or asked about. */
export function retireModel(ctx: Context, id: string, by: string): Promise<Model> {
  return within(ctx, async (ctx) => {
    const before = await modelById(ctx, id);
    const team = await teamById(ctx, before.teamId);
    const { standing, member } = await membershipOf(ctx, team.id, by);
    const isOwner = before.ownerId === by && member !== undefined;
    if (standing !== 'member' || !(isOwner || team.leadId === by))
      throw new Refusal(`Only the owner of ${before.name} or the lead of its team retires it.`);
    const [model] = await ctx.db
      .update(models)
      .set({ retiredAt: ctx.now(), revision: sql`${models.revision} + 1` })
      .where(and(ofModel(ctx, id), isNull(models.retiredAt)))
      .returning();
    if (!model) throw new Refusal(`${before.name} is retired already.`);
    note(ctx, model, by, 'retired', `retired ${model.name}`);
    return model;
  });
}

/** The owner says that what is written of what they were asked about then, or of one of it, is still true. */
export function confirmModels(ctx: Context, asked: Date, by: string, only?: string): Promise<number> {
  return within(ctx, async (ctx) => {
    const confirmed = await ctx.db
      .update(models)
      .set({ confirmedAt: ctx.now() })
      .where(
        and(
          eq(models.workspace, ctx.workspace),
          eq(models.ownerId, by),
          isNull(models.retiredAt),
          only === undefined ? and(eq(models.remindedAt, asked), lt(models.confirmedAt, asked)) : eq(models.id, only),
        ),
      )
      .returning();
    for (const model of confirmed) note(ctx, model, by, 'confirmed', `confirmed that ${model.name} is as written`);
    return confirmed.length;
  });
}

export function markReminded(ctx: Context, ids: readonly string[], asked: Date): Promise<unknown> {
  return ctx.db
    .update(models)
    .set({ remindedAt: asked })
    .where(and(eq(models.workspace, ctx.workspace), inArray(models.id, [...ids])));
}

function ofModel(ctx: Context, id: string) {
  return and(eq(models.workspace, ctx.workspace), eq(models.id, id));
}

function note(ctx: Context, model: Model, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `model.${verb}`, modelId: model.id, subject: `model:${model.id}`, summary });
}
