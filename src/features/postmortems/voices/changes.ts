import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { plural } from '../../../slack/mrkdwn.ts';
import { incidentById } from '../../incidents/queries.ts';
import { house, peopleOf } from '../../incidents/visibility/queries.ts';
import { writePage } from '../writing/changes.ts';
import type { SectionName } from '../draft.ts';
import { lockPostmortem, postmortemById, standing } from '../queries.ts';
import { mayWrite } from '../rules.ts';
import type { Postmortem } from '../schema.ts';
import { cardKey, note, tell } from '../store.ts';
import { lockVoice, voiceCounts, voicesSaid } from './queries.ts';
import { mayHear, maySort, maySpeak } from './rules.ts';
import { type Voice, type VoiceKind, voices } from './schema.ts';
import { voicesMessage } from './views.ts';

/**
 * Kept without who and when. Nothing else is written here, no line of the ledger and no message: whatever stood beside
 * it with a time could say who was there just then. `by` is asked only whether they may see the document.
 */
export function speak(ctx: Context, id: string, said: { kind: VoiceKind; text: string }, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    maySpeak(postmortem, said.kind, await voicesSaid(ctx, id));
    const day = ctx.now().toISOString().slice(0, 10);
    await ctx.db.insert(voices).values({ workspace: ctx.workspace, postmortemId: id, ...said, day });
  });
}

/** Every half hour all that came in is shown at once: a count on the card, a word to who reads it. */
export function hear(ctx: Context): Promise<void> {
  return within(ctx, async (ctx) => {
    const heard = await ctx.db
      .update(voices)
      .set({ state: 'open' })
      .where(and(eq(voices.workspace, ctx.workspace), eq(voices.state, 'unheard')))
      .returning({ postmortemId: voices.postmortemId });
    for (const id of [...new Set(heard.map(({ postmortemId }) => postmortemId))].toSorted()) {
      const postmortem = await postmortemById(ctx, id, house);
      const said = heard.filter(({ postmortemId }) => postmortemId === id).length;
      const what = `${plural(said, 'thing was', 'things were')} said without a name for the post-mortem of`;
      await noted(ctx, postmortem, 'pitcrew', 'voices_heard', what);
      await tellReaders(ctx, postmortem);
      await tell(ctx, postmortem);
    }
  });
}

/** One message to each of those who read it, changed as it is sorted. */
async function tellReaders(ctx: Context, postmortem: Postmortem): Promise<void> {
  const incident = await incidentById(ctx, postmortem.incidentId, house);
  const insiders = incident.isPrivate ? await peopleOf(ctx, incident.id) : undefined;
  const all = new Set([postmortem.facilitatorId ?? postmortem.ownerId, postmortem.ownerId]);
  const readers = [...all].filter((each) => insiders?.includes(each) ?? true);
  const message = voicesMessage(postmortem, await voiceCounts(ctx, postmortem.id));
  for (const reader of readers)
    await announce(ctx, `${cardKey(postmortem)}:voices:${reader}`, { channel: reader }, message);
}

async function noted(ctx: Context, { incidentId }: Postmortem, by: string, verb: string, did: string): Promise<void> {
  const incident = await incidentById(ctx, incidentId, house);
  note(ctx, incident, by, verb, `${did} incident ${incident.number}`);
}

/** The point becomes part of a section, in the words and the name of whoever takes it over. */
export function takeOver(
  ctx: Context,
  voiceId: string,
  { section, text }: { section: SectionName; text: string },
  by: string,
): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const { voice, postmortem } = await toSort(ctx, voiceId, by);
    const now = (await standing(ctx, postmortem.id)).find((each) => each.section === section);
    const whole = [now?.text ?? '', text].filter((part) => part !== '').join('\n');
    await writePage(ctx, postmortem.id, [{ section, revision: now?.revision ?? 0, text: whole }], by);
    return await sort(ctx, voice, { state: 'taken', section }, by);
  });
}

export function setAside(ctx: Context, voiceId: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const { voice } = await toSort(ctx, voiceId, by);
    return await sort(ctx, voice, { state: 'set_aside' }, by);
  });
}

/** The document is locked first, as everywhere. */
async function toSort(ctx: Context, voiceId: string, by: string) {
  const [found] = await ctx.db
    .select({ postmortemId: voices.postmortemId })
    .from(voices)
    .where(and(eq(voices.workspace, ctx.workspace), eq(voices.id, voiceId)));
  if (!found) throw new Refusal('That is gone.');
  const postmortem = await lockPostmortem(ctx, found.postmortemId, by);
  mayHear(postmortem, by);
  mayWrite(postmortem);
  const voice = await lockVoice(ctx, voiceId);
  maySort(voice);
  return { voice, postmortem };
}

async function sort(ctx: Context, { id, postmortemId }: Voice, to: Partial<Voice>, by: string): Promise<Postmortem> {
  await ctx.db
    .update(voices)
    .set(to)
    .where(and(eq(voices.workspace, ctx.workspace), eq(voices.id, id)));
  const postmortem = await postmortemById(ctx, postmortemId, house);
  const [verb, did] =
    to.state === 'taken'
      ? ['voice_taken', 'took over a point that was said without a name for the post-mortem of']
      : ['voice_set_aside', 'set aside a point that was said without a name for the post-mortem of'];
  await noted(ctx, postmortem, by, verb, did);
  await tellReaders(ctx, postmortem);
  return await tell(ctx, postmortem);
}
