import { type Context, within } from '../../context.ts';
import { addMessage, addWords, dropMessage, keepMessage, type Place } from '../incidents/timeline/changes.ts';
import { curate, type Wish } from '../incidents/timeline/curating/changes.ts';
import { followEdit, followRemoval } from '../incidents/timeline/following/changes.ts';
import { readNextNote } from '../incidents/timeline/reading/changes.ts';
import { correctTimes } from '../incidents/times/changes.ts';
import type { Times } from '../incidents/milestones.ts';
import type { MilestoneName } from '../incidents/schema.ts';
import { redraw } from '../postmortems/store.ts';

/** What changes the timeline changes the document that shows it. */
async function shown(ctx: Context, incidentIds: readonly string[]): Promise<void> {
  for (const id of incidentIds) await redraw(ctx, id);
}

export const keep = keepMessage;

export async function drop(ctx: Context, place: Place, by: string): Promise<void> {
  return await within(ctx, async (ctx) => {
    const incidentId = await dropMessage(ctx, place, by);
    await shown(ctx, incidentId === undefined ? [] : [incidentId]);
  });
}

export function add(ctx: Context, id: string, message: Place & { text: string; author: string }, by: string) {
  return within(ctx, async (ctx) => {
    const isNew = await addMessage(ctx, id, message, message, by);
    await shown(ctx, [id]);
    return isNew;
  });
}

export function write(ctx: Context, id: string, text: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    await addWords(ctx, id, text, by);
    await shown(ctx, [id]);
  });
}

export function change(ctx: Context, id: string, line: string, wish: Wish, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    await curate(ctx, id, line, wish, by);
    await shown(ctx, [id]);
  });
}

/** Times are part of the document, too. */
export function correct(
  ctx: Context,
  id: string,
  names: readonly MilestoneName[],
  times: Times,
  by: string,
  isOnsetUnknown = false,
) {
  return within(ctx, async (ctx) => {
    await correctTimes(ctx, id, names, times, by, isOnsetUnknown);
    await shown(ctx, [id]);
  });
}

export function edited(ctx: Context, place: Place, text: string): Promise<void> {
  return within(ctx, async (ctx) => await shown(ctx, await followEdit(ctx, place, text)));
}

export function removed(ctx: Context, place: Place): Promise<void> {
  return within(ctx, async (ctx) => await shown(ctx, await followRemoval(ctx, place)));
}

export async function readNext(ctx: Context): Promise<boolean> {
  const read = await readNextNote(ctx);
  if (!read) return false;
  const { incidentId } = read;
  if (incidentId !== undefined) await within(ctx, async (ctx) => await redraw(ctx, incidentId));
  return true;
}
