import { and, asc, desc, eq, inArray, like, sql } from 'drizzle-orm';
import { distance } from 'fastest-levenshtein';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { type Model, models } from './schema.ts';

type Registration = Omit<typeof models.$inferInsert, 'workspace' | 'id' | 'registeredAt'>;

export async function registerModel(ctx: Context, input: Registration, by: string): Promise<Model> {
  return within(ctx, async (ctx) => {
    const [model] = await ctx.db
      .insert(models)
      .values({ ...input, workspace: ctx.workspace, registeredAt: ctx.now() })
      .onConflictDoNothing()
      .returning();
    if (!model) throw new Refusal(`"${input.name}" is already registered.`, { field: 'name' });
    record(ctx, {
      who: by,
      what: 'model.registered',
      modelId: model.id,
      subject: `model:${model.id}`,
      summary: `registered ${model.name}`,
    });
    return model;
  });
}

/** By name, whatever its case. An unknown name gets the nearest ones. */
export async function modelNamed(ctx: Context, name: string): Promise<Model> {
  const [model] = await ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), eq(sql`lower(${models.name})`, name.toLowerCase())));
  if (model) return model;
  const near = (await allModels(ctx))
    .map((each) => ({ name: each.name, off: distance(each.name.toLowerCase(), name.toLowerCase()) }))
    .filter(({ off }) => off <= 3)
    .toSorted((a, b) => a.off - b.off)
    .slice(0, 3)
    .map((each) => each.name);
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  throw new Refusal(`No model is registered under the name "${name}".${hint}`, { field: 'model' });
}

export async function modelById(ctx: Context, id: string): Promise<Model> {
  const [model] = await ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), eq(models.id, id)));
  if (!model) throw new Refusal('That model is no longer registered.');
  return model;
}

/** Name in lower case → model, for a batch that names many. */
export async function modelsNamed(ctx: Context, names: readonly string[]): Promise<Map<string, Model>> {
  const wanted = [...new Set(names.map((name) => name.toLowerCase()))];
  if (wanted.length === 0) return new Map();
  const found = await ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), inArray(sql`lower(${models.name})`, wanted)));
  return new Map(found.map((model) => [model.name.toLowerCase(), model]));
}

export function allModels(ctx: Context): Promise<Model[]> {
  return ctx.db.select().from(models).where(eq(models.workspace, ctx.workspace)).orderBy(asc(models.name));
}

/** Models whose name has these letters in it, in any case, those that begin with them first; 100 at most. */
export function findModels(ctx: Context, typed: string): Promise<Model[]> {
  const letters = typed.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`);
  const name = sql`lower(${models.name})`;
  return ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), like(name, `%${letters}%`)))
    .orderBy(desc(like(name, `${letters}%`)), asc(models.name))
    .limit(100);
}
