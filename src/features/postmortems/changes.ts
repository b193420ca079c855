import { and, asc, eq, lte, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { closeAfterReview } from '../incidents/changes.ts';
import { lacking, timesOf } from '../incidents/milestones.ts';
import { incidentById, lockIncident, milestonesOf, nextToReview, roleOf } from '../incidents/queries.ts';
import { house } from '../incidents/visibility/queries.ts';
import { clip, limits } from '../../slack/limits.ts';
import { bothKept, isOneAnswer, type SectionName, withUnseen } from './draft.ts';
import { reopenAgainst } from './commitments/changes.ts';
import { earlierFactor } from './commitments/queries.ts';
import { lockPostmortem, ofPostmortem, postmortemById, standing, wholeOf, wordingOf } from './queries.ts';
import { checkWords, mayAskForReview, mayClose, mayReview, mayWrite } from './rules.ts';
import { type Factor, type FactorCategory, factors, type Postmortem, postmortems } from './schema.ts';
import { nameNearest } from './similar/store.ts';
import { awaitLabels } from './meeting/changes.ts';
import { begin, cardKey, keepWording, note, placeOf, tell } from './store.ts';
import { begunForYou, dueReminder, reviewMessage } from './views.ts';

/** What the writer had before them: which wording of each section, and what they made of it. */
export interface Writing {
  readonly section: SectionName;
  readonly revision: number;
  readonly text: string;
}

/** Saves a page. Where somebody saved the same section meanwhile, both are kept; how many those were. */
export function writePage(ctx: Context, id: string, writings: readonly Writing[], by: string): Promise<number> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayWrite(postmortem);
    const newest = new Map((await standing(ctx, id)).map((each) => [each.section, each]));
    let joined = 0;
    let changed = 0;
    for (const { section, revision, text: written } of writings) {
      const base = revision === 0 ? '' : await wordingOf(ctx, { postmortemId: id, section, revision });
      const text = withUnseen(base, clip(base, limits.plainTextInput), written);
      if (text === base) continue;
      const theirs = newest.get(section);
      const isMine = (theirs?.revision ?? 0) === revision;
      const both = isMine || isOneAnswer(section) ? text : bothKept(base, theirs?.text ?? '', text);
      if (!isMine) joined += 1;
      await keepWording(ctx, postmortem, { section, revision: (theirs?.revision ?? 0) + 1, text: both, by });
      changed += 1;
    }
    if (changed === 0) return 0;
    const labels = writings.find(({ section }) => section === 'labels_on');
    if (labels) await awaitLabels(ctx, id, labels.text);
    await noted(ctx, postmortem, by, 'written', 'wrote on the post-mortem of');
    await turn(ctx, postmortem, {});
    return joined;
  });
}

async function noted(ctx: Context, { incidentId }: Postmortem, by: string, verb: string, did: string): Promise<void> {
  const incident = await incidentById(ctx, incidentId, house);
  note(ctx, incident, by, verb, `${did} incident ${incident.number}`);
}

export type NewFactor = Pick<Factor, 'statement' | 'evidence'> & {
  readonly category: FactorCategory;
  /** One of an earlier post-mortem. */
  readonly sameAs?: string | undefined;
};

export function addFactor(ctx: Context, id: string, factor: NewFactor, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayWrite(postmortem);
    const before = factor.sameAs === undefined ? undefined : await earlierFactor(ctx, factor.sameAs, by);
    if (before?.postmortemId === id) throw new Refusal('Choose one of an earlier post-mortem.', { field: 'sameAs' });
    await ctx.db.insert(factors).values({ workspace: ctx.workspace, postmortemId: id, ...factor, by, at: ctx.now() });
    const incident = await incidentById(ctx, postmortem.incidentId, house);
    if (before) await reopenAgainst(ctx, before, incident, by);
    await nameNearest(ctx, postmortem, incident);
    await noted(ctx, postmortem, by, 'factor_added', `added a factor (${factor.category}) to the post-mortem of`);
    await turn(ctx, postmortem, {});
  });
}

/** It stays on record, and counts no longer. */
export function removeFactor(ctx: Context, factorId: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const [gone] = await ctx.db
      .update(factors)
      .set({ removedAt: ctx.now() })
      .where(and(eq(factors.workspace, ctx.workspace), eq(factors.id, factorId)))
      .returning();
    if (!gone) throw new Refusal('That factor is gone.');
    const postmortem = await lockPostmortem(ctx, gone.postmortemId, by);
    mayWrite(postmortem);
    await noted(ctx, postmortem, by, 'factor_removed', 'took back a factor of the post-mortem of');
    await turn(ctx, postmortem, {});
  });
}

export function askForReview(ctx: Context, id: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayAskForReview(postmortem, await wholeOf(ctx, postmortem));
    await noted(ctx, postmortem, by, 'in_review', 'asked for a review of the post-mortem of');
    const incident = await incidentById(ctx, postmortem.incidentId, house);
    const where = await placeOf(ctx, incident, postmortem);
    await announce(
      ctx,
      `${cardKey(postmortem)}:review`,
      { ...where, thread: cardKey(postmortem) },
      reviewMessage(postmortem),
    );
    return await turn(ctx, postmortem, { state: 'in_review' });
  });
}

export function reviewed(ctx: Context, id: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, id, by);
    mayReview(postmortem, by);
    await noted(ctx, postmortem, by, 'reviewed', 'reviewed the post-mortem of');
    return await turn(ctx, postmortem, { state: 'reviewed', reviewedBy: by });
  });
}

/** With it the incident is closed; the commitments go on until they are kept. */
export function close(ctx: Context, id: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const { incidentId } = await postmortemById(ctx, id, by);
    const incident = await lockIncident(ctx, incidentId, by);
    const postmortem = await lockPostmortem(ctx, id, by);
    const times = timesOf(await milestonesOf(ctx, incident.id));
    mayClose(postmortem, await wholeOf(ctx, postmortem), lacking(times, incident.isOnsetUnknown));
    note(ctx, incident, by, 'closed', `closed the post-mortem of incident ${incident.number}`);
    await closeAfterReview(ctx, incident, by);
    return await turn(ctx, postmortem, { state: 'closed', closedBy: by, closedAt: ctx.now(), remindAt: null });
  });
}

/** Somebody else than its owner agrees that there is nothing to learn that is not known. */
export function waivePostmortem(ctx: Context, id: string, reason: string, by: string): Promise<Postmortem> {
  return within(ctx, async (ctx) => {
    const { incidentId } = await postmortemById(ctx, id, by);
    const incident = await lockIncident(ctx, incidentId, by);
    const postmortem = await lockPostmortem(ctx, id, by);
    mayWrite(postmortem);
    checkWords(reason, 'reason');
    if (postmortem.ownerId === by)
      throw new Refusal('You see to this post-mortem, so somebody else decides that it is not needed.');
    note(ctx, incident, by, 'waived', `decided that incident ${incident.number} needs no post-mortem: ${reason}`);
    await closeAfterReview(ctx, incident, by);
    return await turn(ctx, postmortem, { state: 'not_required', closedBy: by, closedAt: ctx.now(), remindAt: null });
  });
}

async function turn(ctx: Context, before: Postmortem, to: Partial<Postmortem>): Promise<Postmortem> {
  const [after] = await ctx.db
    .update(postmortems)
    .set({ ...to, revision: sql`${postmortems.revision} + 1` })
    .where(ofPostmortem(ctx, before.id))
    .returning();
  if (!after) throw new Refusal('That post-mortem is gone.');
  return await tell(ctx, after);
}

/** One that nobody began within a working day; whoever sees to it hears why. False when none is due. */
export function beginNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const incident = await nextToReview(ctx);
    if (!incident) return false;
    const postmortem = await begin(ctx, incident, 'pitcrew');
    const commander = (await roleOf(ctx, incident.id, 'commander'))?.holder;
    const said = begunForYou(incident, postmortem, postmortem.ownerId === commander);
    await announce(ctx, `${cardKey(postmortem)}:begun:${incident.reopenCount}`, { channel: postmortem.ownerId }, said);
    return true;
  });
}

const weekMs = 7 * 24 * 3_600_000;

/** Tells one owner what is still missing: the day before it is due, on that day, then weekly; false when none is due. */
export function remindNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const now = ctx.now();
    const [due] = await ctx.db
      .select()
      .from(postmortems)
      .where(and(eq(postmortems.workspace, ctx.workspace), lte(postmortems.remindAt, now)))
      .orderBy(asc(postmortems.remindAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return false;
    const isLate = now >= due.dueAt;
    const remindAt = isLate ? new Date(now.getTime() + weekMs) : due.dueAt;
    await ctx.db.update(postmortems).set({ remindAt }).where(ofPostmortem(ctx, due.id));
    const key = `${cardKey(due)}:due:${now.toISOString().slice(0, 10)}`;
    await announce(ctx, key, { channel: due.ownerId }, dueReminder(due, await wholeOf(ctx, due), isLate));
    return true;
  });
}
