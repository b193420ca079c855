import { type Context, within } from '../../../context.ts';
import { factsFor } from '../../facts/queries.ts';
import { type Prompt, prompts, type RitualRun } from '../../rituals/schema.ts';
import { lastAsked, runOn } from '../../rituals/queries.ts';
import { personById } from '../../teams/queries.ts';
import { type Asked, ofPrompt, promptOf } from '../queries.ts';
import { factShown } from '../asking/changes.ts';

const firstLookMs = 3 * 86_400_000;

/** What this person is asked; who comes before they are asked gets it now. */
export async function keepPrompt(ctx: Context, run: RitualRun, asked: Asked, zone: string): Promise<Prompt> {
  const known = await promptOf(ctx, asked);
  if (known) return known;
  const { ritualId, date, personId } = asked;
  const row = {
    workspace: ctx.workspace,
    ritualId,
    date,
    personId,
    state: 'home',
    zone,
    dueAt: run.opensAt,
    sendAt: run.opensAt,
  } as const;
  const [last] = (await lastAsked(ctx, [asked])).values();
  await ctx.db
    .insert(prompts)
    .values({ ...row, since: last ?? new Date(ctx.now().getTime() - firstLookMs) })
    .onConflictDoNothing();
  const made = await promptOf(ctx, asked);
  if (!made) throw new Error(`no prompt for ${personId} on ${date}`);
  return made;
}

/** Before the form opens, holding no lock: what is known of somebody who was not asked by message. */
export async function prepareFacts(ctx: Context, asked: Asked): Promise<void> {
  const run = await runOn(ctx, asked.ritualId, asked.date);
  const known = await promptOf(ctx, asked);
  if (!run || (known && known.facts !== null)) return;
  const { zone } = await personById(ctx, asked.personId);
  const prompt = await within(ctx, (ctx) => keepPrompt(ctx, run, asked, zone));
  const found = await factsFor(ctx, [{ personId: asked.personId, since: prompt.since }]);
  const facts = (found.facts.get(asked.personId) ?? []).map(factShown);
  await ctx.db
    .update(prompts)
    .set({ facts, missing: [...found.missing] })
    .where(ofPrompt(ctx, asked));
}
