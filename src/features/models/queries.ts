import { and, asc, desc, eq, inArray, isNull, like, lt, or, sql, type SQLWrapper } from 'drizzle-orm';
import { distance } from 'fastest-levenshtein';
import type { Context } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { members, people, type Team, teams } from '../teams/schema.ts';
import { confirmDays, modelsOnPage, remindDays } from './rules.ts';
import { type Model, models } from './schema.ts';

const dayMs = 86_400_000;
const kept = (ctx: Context) => and(eq(models.workspace, ctx.workspace), isNull(models.retiredAt));

/** By name, whatever its case. An unknown name gets the nearest ones. */
export async function modelNamed(ctx: Context, name: string): Promise<Model> {
  const [model] = await ctx.db
    .select()
    .from(models)
    .where(and(kept(ctx), eq(sql`lower(${models.name})`, name.toLowerCase())));
  if (model) return model;
  const near = (await namesOfLength(ctx, name.length))
    .map((each) => ({ name: each, off: distance(each.toLowerCase(), name.toLowerCase()) }))
    .filter(({ off }) => off <= farthest)
    .toSorted((a, b) => a.off - b.off)
    .slice(0, 3)
    .map((each) => each.name);
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  throw new Refusal(`No model is registered under the name "${name}".${hint}`, { field: 'model' });
}

const farthest = 3;

/** Only names of about this length can be near it. */
async function namesOfLength(ctx: Context, length: number): Promise<string[]> {
  const found = await ctx.db
    .select({ name: models.name })
    .from(models)
    .where(and(kept(ctx), sql`length(${models.name}) between ${length - farthest} and ${length + farthest}`))
    .limit(5000);
  return found.map(({ name }) => name);
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
    .where(and(kept(ctx), inArray(sql`lower(${models.name})`, wanted)));
  return new Map(found.map((model) => [model.name.toLowerCase(), model]));
}

/** What a team owns, by name; 200 at most. */
export function modelsOfTeam(ctx: Context, teamId: string): Promise<Pick<Model, 'id' | 'name'>[]> {
  return ctx.db
    .select({ id: models.id, name: models.name })
    .from(models)
    .where(and(kept(ctx), eq(models.teamId, teamId)))
    .orderBy(asc(models.name))
    .limit(200);
}

/** Models of these ids; for lists that name their model. */
/** Those that are talked about in this channel. */
export function modelsIn(ctx: Context, channel: string): Promise<Model[]> {
  return ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), eq(models.channel, channel), isNull(models.retiredAt)))
    .orderBy(asc(models.tier), asc(models.name))
    .limit(20);
}

export function modelsByIds(ctx: Context, ids: readonly string[]): Promise<Model[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), inArray(models.id, [...new Set(ids)])));
}

/** Models whose name has these letters in it, in any case, those that begin with them first; 100 at most. */
export function findModels(ctx: Context, typed: string): Promise<Model[]> {
  const letters = typed.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`);
  const name = sql`lower(${models.name})`;
  return ctx.db
    .select()
    .from(models)
    .where(and(kept(ctx), like(name, `%${letters}%`)))
    .orderBy(desc(like(name, `${letters}%`)), asc(models.name))
    .limit(100);
}

interface Listed {
  readonly model: Model;
  readonly team: Pick<Team, 'name'>;
  /** Nobody who counts owns it. */
  readonly isOrphan: boolean;
}

export interface ModelPage {
  readonly rows: readonly Listed[];
  readonly total: number;
  readonly page: number;
}

const ofTeam = and(eq(teams.workspace, models.workspace), eq(teams.id, models.teamId));
const ofOwner = and(eq(people.workspace, models.workspace), eq(people.id, models.ownerId));
const ofMembership = and(
  eq(members.workspace, models.workspace),
  eq(members.teamId, models.teamId),
  eq(members.personId, models.ownerId),
  isNull(members.leftAt),
);
/** An owner counts who is a member of this workspace, and in the owning team or leading it. Needs the three joins. */
const orphan = sql<boolean>`(${people.standing} is distinct from 'member'
  or (${members.personId} is null and ${teams.leadId} <> ${models.ownerId}))`;

/** `filter`: letters of a name or a team, "tier 1", "orphans". Orphans come first. */
export async function listModels(ctx: Context, filter: string, page: number): Promise<ModelPage> {
  const where = and(kept(ctx), filtered(filter.trim().toLowerCase()));
  const [counted] = await ctx.db
    .select({ total: sql<number>`count(*)::int` })
    .from(models)
    .innerJoin(teams, ofTeam)
    .leftJoin(people, ofOwner)
    .leftJoin(members, ofMembership)
    .where(where);
  const total = counted?.total ?? 0;
  const shown = Math.min(page, Math.max(0, Math.ceil(total / modelsOnPage) - 1));
  const rows = await ctx.db
    .select({ model: models, team: { name: teams.name }, isOrphan: orphan })
    .from(models)
    .innerJoin(teams, ofTeam)
    .leftJoin(people, ofOwner)
    .leftJoin(members, ofMembership)
    .where(where)
    .orderBy(desc(orphan), asc(models.tier), asc(models.name))
    .limit(modelsOnPage)
    .offset(shown * modelsOnPage);
  return { rows, total, page: shown };
}

function filtered(filter: string) {
  const tier = /^tier ([123])$/.exec(filter)?.[1];
  if (tier) return eq(sql`${models.tier}::text`, tier);
  if (filter === 'orphans') return orphan;
  if (filter === '') return undefined;
  const letters = `%${filter.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return or(like(sql`lower(${models.name})`, letters), like(sql`lower(${teams.name})`, letters));
}

/** Models whose owner no longer counts: of these or of all, without some; the first by name. */
export async function orphans(
  ctx: Context,
  among: readonly string[] | undefined,
  without?: SQLWrapper,
  most = 100,
): Promise<Model[]> {
  const rows = await ctx.db
    .select({ model: models })
    .from(models)
    .innerJoin(teams, ofTeam)
    .leftJoin(people, ofOwner)
    .leftJoin(members, ofMembership)
    .where(
      and(kept(ctx), orphan, among && inArray(models.id, [...among]), without && sql`${models.id} not in ${without}`),
    )
    .orderBy(asc(models.tier), asc(models.name))
    .limit(most);
  return rows.map(({ model }) => model);
}

/** Whether the owner of this model no longer counts. */
export async function isOrphan(ctx: Context, id: string): Promise<boolean> {
  const [found] = await ctx.db
    .select({ isOrphan: orphan })
    .from(models)
    .innerJoin(teams, ofTeam)
    .leftJoin(people, ofOwner)
    .leftJoin(members, ofMembership)
    .where(and(eq(models.workspace, ctx.workspace), eq(models.id, id)));
  return found?.isOrphan ?? false;
}

/** Models to ask their owner about: once when the days are over, and once again some days later; by owner. */
export async function dueForConfirmation(ctx: Context, now: Date): Promise<Model[]> {
  const over = (days: number) =>
    and(
      lt(models.confirmedAt, new Date(now.getTime() - days * dayMs)),
      or(isNull(models.remindedAt), sql`${models.remindedAt} < ${models.confirmedAt} + make_interval(days => ${days})`),
    );
  const rows = await ctx.db
    .select({ model: models })
    .from(models)
    .innerJoin(teams, ofTeam)
    .leftJoin(people, ofOwner)
    .leftJoin(members, ofMembership)
    .where(and(kept(ctx), sql`not ${orphan}`, or(over(confirmDays), over(confirmDays + remindDays))))
    .orderBy(asc(models.ownerId), asc(models.name))
    .limit(2000);
  return rows.map(({ model }) => model);
}

/** What this owner was asked about then, whatever became of it. */
export function askedAbout(ctx: Context, owner: string, asked: Date): Promise<Model[]> {
  return ctx.db
    .select()
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), eq(models.ownerId, owner), eq(models.remindedAt, asked)))
    .orderBy(asc(models.name));
}

/** Registered models of the registry that nobody has registered here. */
export async function unknownOf(ctx: Context, registryNames: readonly string[]): Promise<string[]> {
  if (registryNames.length === 0) return [];
  const found = await ctx.db
    .select({ name: models.registryName })
    .from(models)
    .where(and(kept(ctx), inArray(models.registryName, [...registryNames])));
  const known = new Set(found.map(({ name }) => name));
  return registryNames.filter((name) => !known.has(name));
}
