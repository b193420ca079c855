import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { clip, limits } from '../../../slack/limits.ts';
import { incidentById } from '../../incidents/queries.ts';
import { house } from '../../incidents/visibility/queries.ts';
import { reopenAgainst } from '../commitments/changes.ts';
import { earlierFactor } from '../commitments/queries.ts';
import { bothKept, isOneAnswer, type SectionName, withUnseen } from '../draft.ts';
import { awaitLabels } from '../meeting/changes.ts';
import { lockPostmortem, standing, wordingOf } from '../queries.ts';
import { mayWrite } from '../rules.ts';
import { type Factor, type FactorCategory, factors, type SectionVersion } from '../schema.ts';
import { nameNearest } from '../similar/store.ts';
import { keepWording, noted, turn } from '../store.ts';
import { checkLeftOut } from './rules.ts';

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
    checkStretch(writings, newest, ctx.now());
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
    if (labels) await awaitLabels(ctx, postmortem, labels.text);
    await noted(ctx, postmortem, by, 'written', 'wrote on the post-mortem of');
    await turn(ctx, postmortem, {});
    return joined;
  });
}

/** As it stands once this is saved: somebody else may have changed the other end meanwhile. */
function checkStretch(writings: readonly Writing[], newest: ReadonlyMap<SectionName, SectionVersion>, now: Date) {
  if (!writings.some(({ section }) => section === 'retrain_from' || section === 'retrain_until')) return;
  const written = new Map(writings.map(({ section, text }) => [section, text]));
  const after = (name: SectionName) => written.get(name) ?? newest.get(name)?.text ?? '';
  checkLeftOut({ retrain_from: after('retrain_from'), retrain_until: after('retrain_until') }, now);
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
