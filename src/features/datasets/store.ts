import { and, eq, lt, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { announce } from '../../messages/announce.ts';
import { holdersOf } from '../duties/queries.ts';
import type { Model } from '../models/schema.ts';
import type { HeardDataset } from '../sources/heard.ts';
import { teamById } from '../teams/queries.ts';
import type { Team } from '../teams/schema.ts';
import { eatersOf, historyOf, lastLookOf, nextLate } from './queries.ts';
import { checkMoment, lateAt, nulls, problemsOf, stateOf, streak, tellAt, volume } from './rules.ts';
import { type Dataset, datasets, looks, type Problem, type Verdict } from './schema.ts';
import { troubleCard } from './views.ts';

/**
 * What a tool saw of a data set; it is kept from the first sight on. A look older than the last one of its tool only
 * joins the history. `from` is the name of the source.
 */
export function datasetSeen(ctx: Context, said: HeardDataset, from: string): Promise<void> {
  return within(ctx, async (ctx) => {
    checkMoment(said.at, ctx.now());
    const before = await known(ctx, said, from);
    const last = await lastLookOf(ctx, before.id, from);
    const look = await keepLook(ctx, before, said, from);
    if (last && last > said.at) return;
    const facts = factsWith(before, said, look, from);
    const isSame = last?.getTime() === said.at.getTime();
    const isOdd = look.rows !== null && volume(facts, await historyOf(ctx, facts)).length > 0;
    if (isOdd) await markOdd(ctx, before.id, from, said.at);
    await judge(ctx, {
      ...facts,
      ...(look.rows !== null && { badRows: streak(before.badRows, isOdd, isSame) }),
      ...(said.columns.length > 0 && { badNulls: streak(before.badNulls, nulls(facts).length > 0, isSame) }),
    });
  });
}

/** As it was known before, locked; one that is new is kept. */
async function known(ctx: Context, { namespace, name, at }: HeardDataset, source: string): Promise<Dataset> {
  await ctx.db
    .insert(datasets)
    .values({ workspace: ctx.workspace, namespace, name, lastLookAt: at, source, seen: { columns: [], verdicts: {} } })
    .onConflictDoNothing();
  const [found] = await ctx.db
    .select()
    .from(datasets)
    .where(
      and(
        eq(datasets.workspace, ctx.workspace),
        sql`md5(${datasets.namespace}) = md5(${namespace}) and md5(${datasets.name}) = md5(${name})`,
      ),
    )
    .for('update');
  if (!found) throw new Error('the data set vanished');
  return found;
}

interface Told {
  readonly updatedAt: Date | null;
  readonly rows: number | null;
}

/** One event may name it twice, as what was read and what was written: both make one look. */
async function keepLook(ctx: Context, { id }: Dataset, said: HeardDataset, source: string): Promise<Told> {
  const { at } = said;
  // Newer than the look itself is only what another clock says.
  const updatedAt = said.updatedAt && said.updatedAt > at ? at : (said.updatedAt ?? null);
  const rows = said.rows ?? (said.updatedAt === null ? 0 : null);
  await ctx.db
    .insert(looks)
    .values({ workspace: ctx.workspace, datasetId: id, source, at, updatedAt, rows })
    .onConflictDoUpdate({
      target: [looks.workspace, looks.datasetId, looks.source, looks.at],
      set: {
        updatedAt: sql`coalesce(${looks.updatedAt}, excluded.updated_at)`,
        rows: sql`coalesce(${looks.rows}, excluded.rows)`,
      },
    });
  return { updatedAt, rows };
}

const mostColumns = 2000;
const mostFailed = 50;

/** One tool says how old it is, another how many rows: what this look does not say stays as it was. */
function factsWith(before: Dataset, said: HeardDataset, { updatedAt, rows }: Told, source: string): Dataset {
  const { seen } = before;
  const verdict = verdictOf(said);
  // What another tool saw later is not undone by this one.
  const isOlder = said.at < before.lastLookAt;
  const updates = updatedAt !== null && !(isOlder && before.updatedAt && before.updatedAt > updatedAt);
  const counts = rows !== null && !(isOlder && before.rows !== null);
  return {
    ...before,
    ...(!isOlder && { lastLookAt: said.at, source }),
    ...(updates && { updatedAt }),
    ...(counts && { rows }),
    seen: {
      ...seen,
      ...(said.columns.length > 0 && { columns: said.columns.slice(0, mostColumns) }),
      ...(said.latest && { latest: said.latest }),
      ...(updates && { updatedBy: source }),
      ...(counts && { rowsBy: source }),
      ...(said.writtenBy && { writtenBy: said.writtenBy }),
      ...(verdict && { verdicts: { ...seen.verdicts, [source]: verdict } }),
    },
  };
}

/** A tool that says how old it may be judges nothing but that, and for that there are the limits. */
function verdictOf({ checks, status, latest, updatedAt }: HeardDataset): Verdict | undefined {
  if (!checks && !status) return undefined;
  const failed = checks?.failed.slice(0, mostFailed) ?? [];
  const isOfAge = failed.length === 0 && latest !== undefined && updatedAt instanceof Date;
  const fails = failed.length > 0 ? 'bad' : 'ok';
  return { status: isOfAge ? 'ok' : (status ?? fails), of: checks?.of ?? 0, failed };
}

function ofLook(ctx: Context, id: string, source: string, at: Date) {
  return and(eq(looks.workspace, ctx.workspace), eq(looks.datasetId, id), eq(looks.source, source), eq(looks.at, at));
}

async function markOdd(ctx: Context, id: string, source: string, at: Date): Promise<void> {
  await ctx.db
    .update(looks)
    .set({ isOdd: true })
    .where(ofLook(ctx, id, source, at));
}

/** Writes what is known now, and tells those who can mend it: once when trouble begins, on the same card until it ends. */
export async function judge(ctx: Context, facts: Dataset): Promise<Dataset> {
  const now = ctx.now();
  const history = await historyOf(ctx, facts);
  const problems = problemsOf(facts, history, now);
  const state = stateOf(problems);
  const eaters = await eatersOf(ctx, facts.id);
  const isWatched = facts.teamId !== null || eaters.length > 0;
  const hushed = stillHushed(facts, problems);
  const isOpen = isWatched && problems.some(({ kind }) => !hushed?.kinds.includes(kind));
  const begins = isOpen && !facts.isOpen;
  const after = await write(ctx, {
    ...facts,
    state,
    problems,
    hushed,
    isOpen,
    lateAt: lateAt(facts, history, now),
    since: state === 'ok' ? null : (facts.since ?? now),
    ...(begins && { trouble: facts.trouble + 1, takenBy: null, called: [] }),
  });
  const what = problems.map(({ words }) => words).join('; ');
  if (begins) note(ctx, after, 'monitor', 'troubled', `${after.name}: ${what}`);
  if (isOpen) return await tell(ctx, after, eaters);
  if (facts.isOpen) {
    note(ctx, after, 'monitor', 'well', isWatched ? `${after.name} is well again` : `nobody watches ${after.name} now`);
    await show(ctx, after, eaters);
  }
  return after;
}

/** What was found not useful says nothing until it is over. */
function stillHushed({ hushed }: Dataset, problems: readonly Problem[]): Dataset['hushed'] {
  const kinds = hushed?.kinds.filter((kind) => problems.some((problem) => problem.kind === kind)) ?? [];
  return hushed && kinds.length > 0 ? { ...hushed, kinds } : null;
}

/** Nobody owns it and nothing eats it: then it is nobody's trouble. In the night only what is critical is told. */
async function tell(ctx: Context, dataset: Dataset, eaters: readonly Model[]): Promise<Dataset> {
  if (dataset.told === dataset.trouble) {
    await show(ctx, dataset, eaters);
    return dataset;
  }
  const teamId = dataset.teamId ?? eaters[0]?.teamId;
  if (!teamId) return dataset;
  const team = await teamById(ctx, teamId);
  const from = tellAt(team, eaters, ctx.now());
  if (from > ctx.now()) return await write(ctx, { ...dataset, lateAt: from });
  const called = await callFor(ctx, team, eaters);
  const after = await write(ctx, { ...dataset, told: dataset.trouble, called: [...called], toldIn: team.channel });
  note(ctx, after, 'monitor', 'called', `called ${called.join(', ')} about ${after.name}`);
  await show(ctx, after, eaters);
  return after;
}

/** Brings the card of the last trouble up to date, where one stands. */
export async function show(ctx: Context, dataset: Dataset, eaters: readonly Model[]): Promise<void> {
  const { id, told, trouble, toldIn, called } = dataset;
  if (told !== trouble || !toldIn) return;
  const teamId = dataset.teamId ?? eaters[0]?.teamId;
  const isCall = dataset.isOpen && !dataset.takenBy && called.length > 0;
  const calls = isCall && teamId ? { about: `dataset:${id}`, teamId } : undefined;
  const where = { channel: toldIn, ...(called[0] && { owner: called[0] }), calls };
  await announce(ctx, `dataset:${id}:${trouble}`, where, troubleCard(dataset, eaters));
}

const mostCalled = 3;

/** Who watches over the freshness of the inputs and is there today; else the deputy of the model, else the lead. */
async function callFor(ctx: Context, team: Team, eaters: readonly Model[]): Promise<readonly string[]> {
  const own = eaters.find(({ teamId }) => teamId === team.id);
  const scope = { teamId: team.id, ...(own && { modelId: own.id }) };
  const holders = await holdersOf(ctx, scope, 'data.freshness', ctx.now());
  if (holders.length > 0) return holders.slice(0, mostCalled);
  const deputies = own ? await holdersOf(ctx, scope, 'gov.deputy', ctx.now()) : [];
  return deputies.length > 0 ? deputies : [team.leadId];
}

/** One data set of which time alone changes what is to be said; false when there is none. */
export function noticeLate(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const due = await nextLate(ctx);
    if (!due) return false;
    await judge(ctx, due);
    return true;
  });
}

export async function write(ctx: Context, to: Dataset): Promise<Dataset> {
  const { workspace: _workspace, id, ...values } = to;
  const [after] = await ctx.db
    .update(datasets)
    .set(values)
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

export function note(ctx: Context, { id }: Dataset, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `dataset.${verb}`, subject: `dataset:${id}`, summary });
}
