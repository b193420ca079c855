import { and, eq, lt, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { holdersOf } from '../duties/queries.ts';
import { modelsNamed } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import type { HeardDataset } from '../sources/heard.ts';
import { teamById } from '../teams/queries.ts';
import type { Team } from '../teams/schema.ts';
import { datasetById, eatersOf, looksOf, nextLate } from './queries.ts';
import { isBadLook, lateAt, problemsOf, stateOf, tellAt } from './rules.ts';
import { type Dataset, datasets, feeds, looks, type Seen } from './schema.ts';
import { troubleCard } from './views.ts';

/**
 * What a tool saw of a data set; it is kept from the first sight on. An older look than the last one only joins the
 * history. `from` is the name of the source.
 */
export function datasetSeen(ctx: Context, said: HeardDataset, from: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const { namespace, name, at } = said;
    const updatedAt = said.updatedAt ?? (said.writtenBy && said.updatedAt === undefined ? at : null);
    const looked = { lastLookAt: at, updatedAt, rows: said.rows ?? null, source: from, seen: seenOf(said) };
    await ctx.db
      .insert(datasets)
      .values({ workspace: ctx.workspace, namespace, name, ...looked })
      .onConflictDoNothing();
    const [before] = await ctx.db
      .select()
      .from(datasets)
      .where(and(eq(datasets.workspace, ctx.workspace), eq(datasets.namespace, namespace), eq(datasets.name, name)))
      .for('update');
    if (!before) throw new Error('the data set vanished');
    const past = await looksOf(ctx, before.id);
    await ctx.db
      .insert(looks)
      .values({ workspace: ctx.workspace, datasetId: before.id, at, updatedAt, rows: said.rows ?? null })
      .onConflictDoNothing();
    if (past.some((look) => look.at >= at)) return;
    // One tool says how old it is, another how many rows: what this look does not say stays as it was.
    const facts = { ...before, ...looked, ...keptOf(before, said, updatedAt) };
    const badLooks = isBadLook(facts, past) ? before.badLooks + 1 : 0;
    await judge(
      ctx,
      { ...facts, badLooks },
      said.rows === undefined && said.columns.length === 0 ? undefined : badLooks,
    );
  });
}

function seenOf({ columns, latest, checks, status, writtenBy }: HeardDataset): Seen {
  return {
    columns: columns.slice(0, 2000),
    ...(latest && { latest }),
    ...(checks && { checks: { of: checks.of, failed: checks.failed.slice(0, 50) } }),
    ...(status && { status }),
    ...(writtenBy && { writtenBy }),
  };
}

function keptOf(before: Dataset, said: HeardDataset, updatedAt: Date | null) {
  const { columns, latest, checks, status } = before.seen;
  return {
    updatedAt: updatedAt ?? before.updatedAt,
    rows: said.rows ?? before.rows,
    seen: {
      ...seenOf(said),
      columns: said.columns.length > 0 ? said.columns : columns,
      ...(!said.latest && latest && { latest }),
      ...(!said.checks && checks && { checks, ...(status && { status }) }),
    },
  };
}

/** Writes what is known now, and tells those who can mend it: once when trouble begins, on the same card until it ends. */
async function judge(ctx: Context, facts: Dataset, badLooks?: number): Promise<void> {
  const now = ctx.now();
  const past = await looksOf(ctx, facts.id);
  const problems = problemsOf(facts, past.slice(1), now);
  const state = stateOf(problems);
  const begins = facts.state === 'ok' && state !== 'ok';
  const ends = facts.state !== 'ok' && state === 'ok';
  const { seen, lastLookAt, updatedAt, rows, source } = facts;
  const [after] = await ctx.db
    .update(datasets)
    .set({
      seen,
      lastLookAt,
      updatedAt,
      rows,
      source,
      state,
      problems,
      lateAt: lateAt(facts, past, now),
      revision: sql`${datasets.revision} + 1`,
      ...(badLooks !== undefined && { badLooks }),
      ...(begins && { since: now, trouble: facts.trouble + 1, takenBy: null }),
    })
    .where(and(eq(datasets.workspace, ctx.workspace), eq(datasets.id, facts.id)))
    .returning();
  if (!after) throw new Error('the data set vanished');
  if (begins)
    note(ctx, after, 'monitor', 'troubled', `${after.name}: ${problems.map(({ words }) => words).join('; ')}`);
  if (ends) note(ctx, after, 'monitor', 'well', `${after.name} is well again`);
  if (state !== 'ok' || ends) await tell(ctx, after);
}

/** Nobody owns it and nothing eats it: then it is nobody's trouble. In the night only what is critical is told. */
async function tell(ctx: Context, dataset: Dataset): Promise<void> {
  const eaters = await eatersOf(ctx, dataset.id);
  const teamId = dataset.teamId ?? eaters[0]?.teamId;
  if (!teamId || dataset.trouble === 0) return;
  const team = await teamById(ctx, teamId);
  const isNew = dataset.told < dataset.trouble;
  if (isNew && dataset.state === 'ok') return;
  const from = tellAt(team, eaters, ctx.now());
  if (isNew && from > ctx.now()) {
    await write(ctx, dataset, { lateAt: from });
    return;
  }
  if (isNew) await write(ctx, dataset, { told: dataset.trouble });
  await announce(
    ctx,
    `dataset:${dataset.id}:${dataset.trouble}`,
    { channel: team.channel, owner: team.leadId },
    troubleCard(dataset, eaters, await called(ctx, team, eaters)),
  );
}

/** Whoever watches over the freshness of the inputs, is there today and is awake; else the lead. */
async function called(ctx: Context, team: Team, eaters: readonly Model[]): Promise<readonly string[]> {
  const own = eaters.find(({ teamId }) => teamId === team.id);
  const holders = await holdersOf(
    ctx,
    { teamId: team.id, ...(own && { modelId: own.id }) },
    'data.freshness',
    ctx.now(),
  );
  return holders.length > 0 ? holders.slice(0, 3) : [team.leadId];
}

/** One data set that became late because nothing came; false when none did. */
export function noticeLate(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const due = await nextLate(ctx);
    if (!due) return false;
    await judge(ctx, due);
    return true;
  });
}

export function takeTrouble(ctx: Context, id: string, by: string): Promise<Dataset> {
  return within(ctx, async (ctx) => {
    const before = await datasetById(ctx, id);
    if (before.state === 'ok') throw new Refusal(`${before.name} is well again. Nothing to do.`);
    if (before.takenBy) {
      throw new Refusal(before.takenBy === by ? 'You have it already.' : `<@${before.takenBy}> is on it already.`);
    }
    const after = await write(ctx, before, { takenBy: by });
    note(ctx, after, by, 'taken', `is on the trouble of ${after.name}`);
    await tell(ctx, after);
    return after;
  });
}

export interface DatasetEdit {
  readonly teamId: string | null;
  readonly maxAgeHours: number | null;
  readonly minRows: number | null;
  readonly maxNullPercent: number | null;
  /** Names of models. */
  readonly eaters: readonly string[];
}

/** Owner, limits and eaters, unless somebody changed them since they were read. */
export function editDataset(
  ctx: Context,
  id: string,
  revision: number,
  edit: DatasetEdit,
  by: string,
): Promise<Dataset> {
  return within(ctx, async (ctx) => {
    const before = await datasetById(ctx, id);
    if (before.revision !== revision) {
      throw new Refusal(
        'Something changed here since you opened this. Please open it again; what you typed is still here.',
      );
    }
    const known = await modelsNamed(ctx, edit.eaters);
    const unknown = edit.eaters.filter((name) => !known.has(name.toLowerCase()));
    if (unknown.length > 0) {
      throw new Refusal(`No model is registered under ${unknown.map((name) => `"${name}"`).join(', ')}.`, {
        field: 'eaters',
      });
    }
    await ctx.db.delete(feeds).where(and(eq(feeds.workspace, ctx.workspace), eq(feeds.datasetId, id)));
    const rows = [...known.values()].map((model) => ({ workspace: ctx.workspace, datasetId: id, modelId: model.id }));
    if (rows.length > 0) await ctx.db.insert(feeds).values(rows);
    const { teamId, maxAgeHours, minRows, maxNullPercent } = edit;
    const after = await write(ctx, before, { teamId, maxAgeHours, minRows, maxNullPercent });
    note(ctx, after, by, 'set', `set owner, limits and eaters of ${after.name}`);
    await judge(ctx, after);
    return after;
  });
}

async function write(ctx: Context, { id }: Dataset, to: Partial<Dataset>): Promise<Dataset> {
  const [after] = await ctx.db
    .update(datasets)
    .set({ ...to, revision: sql`${datasets.revision} + 1` })
    .where(and(eq(datasets.workspace, ctx.workspace), eq(datasets.id, id)))
    .returning();
  if (!after) throw new Error('the data set vanished');
  return after;
}

const keptDays = 90;

export async function dropOldLooks(ctx: Context): Promise<void> {
  const before = new Date(ctx.now().getTime() - keptDays * 86_400_000);
  await ctx.db.delete(looks).where(and(eq(looks.workspace, ctx.workspace), lt(looks.at, before)));
}

function note(ctx: Context, { id }: Dataset, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `dataset.${verb}`, subject: `dataset:${id}`, summary });
}
