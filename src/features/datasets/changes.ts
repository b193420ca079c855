import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { modelsNamed } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { membershipOf, personById, teamById } from '../teams/queries.ts';
import { datasetById, eatersOf, historyOf } from './queries.ts';
import { nulls, volume } from './rules.ts';
import { type Dataset, feeds, looks } from './schema.ts';
import { judge, note, show, write } from './store.ts';

interface Which {
  readonly datasetId: string;
  /** The trouble that the card is about. */
  readonly trouble: number;
}

export function takeTrouble(ctx: Context, which: Which, by: string): Promise<Dataset> {
  return within(ctx, async (ctx) => {
    const before = await openTrouble(ctx, which, by);
    if (before.takenBy)
      throw new Refusal(before.takenBy === by ? 'You have it already.' : `<@${before.takenBy}> is on it already.`);
    const after = await write(ctx, { ...before, takenBy: by });
    note(ctx, after, by, 'taken', `is on the trouble of ${after.name}`);
    await show(ctx, after, await eatersOf(ctx, after.id));
    return after;
  });
}

/** It says nothing until it is over once; numbers of rows that were odd are usual from now on. */
export function closeAsNotUseful(ctx: Context, which: Which, reason: string, by: string): Promise<Dataset> {
  return within(ctx, async (ctx) => {
    const before = await openTrouble(ctx, which, by);
    const kinds = [...new Set(before.problems.map(({ kind }) => kind))];
    const after = await write(ctx, { ...before, isOpen: false, hushed: { kinds, by, reason } });
    await ctx.db
      .update(looks)
      .set({ isOdd: false })
      .where(and(eq(looks.workspace, ctx.workspace), eq(looks.datasetId, before.id)));
    note(ctx, after, by, 'not_useful', `closed the trouble of ${after.name} as not useful: ${reason}`);
    await show(ctx, after, await eatersOf(ctx, after.id));
    return after;
  });
}

async function openTrouble(ctx: Context, { datasetId, trouble }: Which, by: string): Promise<Dataset> {
  const { standing } = await personById(ctx, by);
  if (standing !== 'member') throw new Refusal('Only active members of this workspace see to its data.');
  const found = await datasetById(ctx, datasetId);
  if (found.isOpen && found.trouble === trouble) return found;
  throw new Refusal(
    found.hushed && found.trouble === trouble
      ? `<@${found.hushed.by}> closed this as not useful already.`
      : `This trouble of ${found.name} is over. Nothing to do.`,
  );
}

export interface DatasetEdit {
  readonly teamId: string | null;
  readonly maxAgeHours: number | null;
  readonly minRows: number | null;
  readonly maxChangePercent: number | null;
  readonly maxNullPercent: number | null;
  /** Names of models. */
  readonly eaters: readonly string[];
}

/** Owner, limits and eaters. Undefined: somebody else saved them since they were read. */
export function editDataset(
  ctx: Context,
  id: string,
  revision: number,
  edit: DatasetEdit,
  by: string,
): Promise<Dataset | undefined> {
  return within(ctx, async (ctx) => {
    const before = await datasetById(ctx, id);
    const { eaters: names, ...limits } = edit;
    const eaters = await namedModels(ctx, names);
    const eaten = await eatersOf(ctx, id);
    await mayChange(ctx, before, edit, [eaten, eaters], by);
    if (before.revision !== revision) return undefined;
    await ctx.db.delete(feeds).where(and(eq(feeds.workspace, ctx.workspace), eq(feeds.datasetId, id)));
    const rows = eaters.map((model) => ({ workspace: ctx.workspace, datasetId: id, modelId: model.id }));
    if (rows.length > 0) await ctx.db.insert(feeds).values(rows);
    note(ctx, before, by, 'set', `set owner, limits and eaters of ${before.name}`);
    const facts = { ...before, ...limits, revision: revision + 1 };
    const isOff = volume(facts, await historyOf(ctx, facts)).length > 0;
    return await judge(ctx, {
      ...facts,
      badRows: isOff ? Math.max(before.badRows, 1) : 0,
      badNulls: nulls(facts).length > 0 ? Math.max(before.badNulls, 1) : 0,
    });
  });
}

async function namedModels(ctx: Context, names: readonly string[]): Promise<Model[]> {
  const known = await modelsNamed(ctx, names);
  const unknown = names.filter((name) => !known.has(name.toLowerCase()));
  if (unknown.length > 0)
    throw new Refusal(`No model is registered under ${unknown.map((name) => `"${name}"`).join(', ')}.`, {
      field: 'eaters',
    });
  return [...known.values()];
}

/**
 * The owning team decides everything. What nobody owns is set up by the team that takes it, or by that of a model that
 * eats it; and everybody may say that a model of their own team eats it, or no longer does.
 */
async function mayChange(
  ctx: Context,
  before: Dataset,
  edit: DatasetEdit,
  [eaten, eaters]: readonly [readonly Model[], readonly Model[]],
  by: string,
): Promise<void> {
  const mine = new Map<string, boolean>();
  const isMine = async (teamId: string) => {
    const known = mine.get(teamId) ?? (await isOf(ctx, teamId, by));
    mine.set(teamId, known);
    return known;
  };
  if (before.teamId !== null && (await isMine(before.teamId))) return;
  if (before.teamId !== null && isOtherwise(before, edit)) {
    const { name } = await teamById(ctx, before.teamId);
    throw new Refusal(`${name} owns this data set: only its people change owner and limits.`, { field: 'team' });
  }
  if (before.teamId === null && edit.teamId !== null) {
    if (await isMine(edit.teamId)) return;
    const { name } = await teamById(ctx, edit.teamId);
    throw new Refusal(`Only the people of ${name} take a data set for it.`, { field: 'team' });
  }
  const changed = [...eaten, ...eaters].filter(({ id }) => !(has(eaten, id) && has(eaters, id)));
  for (const { name, teamId } of changed) {
    if (!(await isMine(teamId)))
      throw new Refusal(`Only the people of the team of ${name} say whether it eats this.`, { field: 'eaters' });
  }
  if (!isOtherwise(before, edit)) return;
  for (const { teamId } of eaters) if (await isMine(teamId)) return;
  throw new Refusal('Say which team of yours owns this data set, or which model of yours eats it.', { field: 'team' });
}

const has = (list: readonly Model[], id: string) => list.some((each) => each.id === id);

function isOtherwise(before: Dataset, edit: DatasetEdit): boolean {
  return (['teamId', 'maxAgeHours', 'minRows', 'maxChangePercent', 'maxNullPercent'] as const).some(
    (key) => before[key] !== edit[key],
  );
}

async function isOf(ctx: Context, teamId: string, by: string): Promise<boolean> {
  const { leadId } = await teamById(ctx, teamId);
  const { standing, member } = await membershipOf(ctx, teamId, by);
  return standing === 'member' && (member !== undefined || leadId === by);
}
