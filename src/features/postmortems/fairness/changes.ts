import { and, eq, ne } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { house } from '../../incidents/visibility/queries.ts';
import { sectionNames } from '../draft.ts';
import { namesAround, postmortemById, wholeOf } from '../queries.ts';
import { dismissedIn, isStanding, offRules, standingNudges, structureOf } from './queries.ts';
import { mostNudges, nudgesFor, type Place, places, ruleIds } from './rules.ts';
import { fairnessRules, type NudgeOutcome, nudges } from './schema.ts';
import { found } from './structure.ts';
import { nudgeMessage } from './views.ts';
import { vocabularyOf } from './vocabulary/queries.ts';
import { type AskId, askIds, type Question } from './words.ts';

/** What somebody saved at one place. */
export interface Written {
  readonly place: Place;
  readonly text: string;
}

/** What to ask whoever saved this: of the rules that are on, and were not dismissed at that place. */
export function questionWriting(
  ctx: Context,
  postmortemId: string,
  written: readonly Written[],
): Promise<readonly Question[]> {
  return within(ctx, async (ctx) => {
    await settle(ctx, postmortemId);
    return await ask(ctx, postmortemId, await inWords(ctx, postmortemId, written, await offRules(ctx)));
  });
}

/** A question to the writer alone, once all is saved. */
export async function askWriter(ctx: Context, postmortemId: string, written: readonly Written[]) {
  const questions = await questionWriting(ctx, postmortemId, written);
  return questions.length > 0 ? { say: nudgeMessage(postmortemId, questions) } : {};
}

/** What to ask whoever asks for a review: what can be seen of it without reading a sentence. */
export function questionStructure(ctx: Context, postmortemId: string): Promise<readonly Question[]> {
  return within(ctx, async (ctx) => {
    await settle(ctx, postmortemId);
    return await ask(ctx, postmortemId, await inStructure(ctx, postmortemId, await offRules(ctx)));
  });
}

/** It is closed: what is still found there was kept. */
export function keepQuestioned(ctx: Context, postmortemId: string): Promise<void> {
  return within(ctx, async (ctx) => await settle(ctx, postmortemId, 'kept'));
}

/** No rule asks again where somebody found it of no use. Who did is not kept, so the ledger has no line of it. */
export function dismiss(ctx: Context, postmortemId: string, rule: string, place: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const { id } = await postmortemById(ctx, postmortemId, by);
    const known = places.find((each) => each === place);
    if (known === undefined) throw new Refusal('That place is not known any more.');
    const to = { outcome: 'dismissed', at: dayOf(ctx.now()) } as const;
    await ctx.db
      .insert(nudges)
      .values({ workspace: ctx.workspace, postmortemId: id, rule: ruleNamed(rule), place: known, ...to })
      .onConflictDoUpdate({ target: [nudges.workspace, nudges.postmortemId, nudges.rule, nudges.place], set: to });
  });
}

/** For the whole workspace, until somebody switches it back. */
export function switchRule(ctx: Context, named: string, isOff: boolean, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const rule = ruleNamed(named);
    const set = { isOff, by, at: ctx.now() };
    await ctx.db
      .insert(fairnessRules)
      .values({ workspace: ctx.workspace, rule, ...set })
      .onConflictDoUpdate({ target: [fairnessRules.workspace, fairnessRules.rule], set });
    const what = isOff ? 'off' : 'on';
    const summary = `switched ${what} what ${rule} asks about post-mortems`;
    record(ctx, { who: by, what: `postmortem.rule_${what}`, subject: `rule:${rule}`, summary });
  });
}

function ruleNamed(rule: string): AskId {
  const known = askIds.find((each) => each === rule);
  if (known === undefined) throw new Refusal('That rule is not known any more.');
  return known;
}

const dayMs = 86_400_000;
/** No finer: the exact instant would say who saved something just then. */
const dayOf = (at: Date) => new Date(Math.floor(at.getTime() / dayMs) * dayMs);

async function ask(ctx: Context, postmortemId: string, all: readonly Question[]): Promise<readonly Question[]> {
  const dismissed = await dismissedIn(ctx, postmortemId);
  const isDismissed = ({ rule, place }: Question) =>
    dismissed.some((each) => each.rule === rule && each.place === place);
  const asked = all.filter((each) => !isDismissed(each)).slice(0, mostNudges);
  if (asked.length === 0) return asked;
  const to = { outcome: 'asked', at: dayOf(ctx.now()) } as const;
  await ctx.db
    .insert(nudges)
    .values(asked.map(({ rule, place }) => ({ workspace: ctx.workspace, postmortemId, rule, place, ...to })))
    .onConflictDoUpdate({
      target: [nudges.workspace, nudges.postmortemId, nudges.rule, nudges.place],
      set: to,
      setWhere: ne(nudges.outcome, 'dismissed'),
    });
  return asked;
}

/** What is not found any more was edited; what still is becomes `stays`, where that is given. */
async function settle(ctx: Context, postmortemId: string, stays?: NudgeOutcome): Promise<void> {
  const open = await standingNudges(ctx, postmortemId);
  if (open.length === 0) return;
  const now = await findings(ctx, postmortemId);
  for (const { rule, place } of open) {
    const isFound = now.some((each) => each.rule === rule && each.place === place);
    const outcome = isFound ? stays : 'edited';
    if (outcome === undefined) continue;
    await ctx.db
      .update(nudges)
      .set({ outcome, at: dayOf(ctx.now()) })
      // Somebody may have dismissed it meanwhile, which is for good.
      .where(and(isStanding(ctx, postmortemId), eq(nudges.rule, rule), eq(nudges.place, place)));
  }
}

/** All that could be asked of it as it stands, whoever wrote it. */
async function findings(ctx: Context, postmortemId: string): Promise<readonly Question[]> {
  const { sections, factors, commitments } = await wholeOf(ctx, await postmortemById(ctx, postmortemId, house));
  const written: readonly Written[] = [
    ...sectionNames.map((place) => ({ place, text: sections[place] ?? '' })),
    ...factors.map(({ statement }) => ({ place: 'factor' as const, text: statement })),
    ...commitments
      .filter(({ state }) => state !== 'waived' && state !== 'declined')
      .map(({ text }) => ({ place: 'commitment' as const, text })),
  ];
  return [...(await inWords(ctx, postmortemId, written)), ...(await inStructure(ctx, postmortemId))];
}

async function inWords(
  ctx: Context,
  postmortemId: string,
  written: readonly Written[],
  without: readonly AskId[] = [],
): Promise<readonly Question[]> {
  const names = written.some(({ place }) => place === 'factor') ? await namesAround(ctx, postmortemId) : [];
  const off = ruleIds.filter((id) => without.includes(id));
  const vocabulary = await vocabularyOf(ctx);
  return written.flatMap(({ place, text }) =>
    nudgesFor(place, text, { names, off, vocabulary }).map((each) => ({ ...each, place })),
  );
}

async function inStructure(
  ctx: Context,
  postmortemId: string,
  without: readonly AskId[] = [],
): Promise<readonly Question[]> {
  const structure = await structureOf(ctx, await postmortemById(ctx, postmortemId, house));
  return found(structure)
    .filter((rule) => !without.includes(rule))
    .map((rule) => ({ rule, place: 'document' as const }));
}
