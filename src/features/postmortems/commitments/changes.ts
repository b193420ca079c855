import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { incidentById } from '../../incidents/queries.ts';
import type { Incident } from '../../incidents/schema.ts';
import { ofModel } from '../../incidents/store.ts';
import { house, mustBelong } from '../../incidents/visibility/queries.ts';
import { nextNumber } from '../../installations/store.ts';
import { modelById } from '../../models/queries.ts';
import { personById } from '../../teams/queries.ts';
import { lockPostmortem, postmortemById } from '../queries.ts';
import { checkWords, mayWrite } from '../rules.ts';
import { type Commitment, commitments, type CommitmentType, type Factor, type Priority } from '../schema.ts';
import { placeOf, tell } from '../store.ts';
import { keptAgainst, lockCommitment } from './queries.ts';
import { mayAnswer, mayReassign, maySayDone, mayVerify, mayWaive } from './rules.ts';
import { commitmentCard } from './views.ts';

export interface Promised {
  readonly text: string;
  readonly type: CommitmentType;
  readonly priority?: Priority;
  readonly ownerId: string;
  readonly due: string;
  readonly verification: string;
  /** The condition that it changes, of the same post-mortem. */
  readonly factorId?: string | undefined;
  readonly tracker?: string | undefined;
}

/** Its owner is asked at once; one's own is accepted by making it. */
export function addCommitment(ctx: Context, postmortemId: string, promised: Promised, by: string): Promise<Commitment> {
  return within(ctx, async (ctx) => {
    const postmortem = await lockPostmortem(ctx, postmortemId, by);
    mayWrite(postmortem);
    const { standing } = await personById(ctx, promised.ownerId);
    if (standing !== 'member') throw new Refusal('Choose a full member of this workspace.', { field: 'ownerId' });
    const incident = await incidentById(ctx, postmortem.incidentId, house);
    await mustBelong(ctx, incident, promised.ownerId, 'ownerId');
    const [made] = await ctx.db
      .insert(commitments)
      .values({
        ...promised,
        workspace: ctx.workspace,
        number: await nextNumber(ctx, 'commitment'),
        postmortemId,
        modelId: incident.modelId,
        state: promised.ownerId === by ? 'open' : 'offered',
        madeBy: by,
        madeAt: ctx.now(),
      })
      .returning();
    if (!made) throw new Error('the commitment was not kept');
    note(
      ctx,
      made,
      incident,
      by,
      'made',
      `made commitment ${made.number} for <@${made.ownerId}>, due ${made.due}: ${made.text}`,
    );
    return await show(ctx, made);
  });
}

export function answer(ctx: Context, id: string, isYes: boolean, reason: string, by: string): Promise<Commitment> {
  return within(ctx, async (ctx) => {
    const before = await lockCommitment(ctx, id, by);
    mayAnswer(before, by);
    if (!isYes) checkWords(reason, 'reason');
    return isYes
      ? await turn(ctx, before, { state: 'open' }, by, 'accepted', `accepted commitment ${before.number}`)
      : await turn(
          ctx,
          before,
          { state: 'declined', reason },
          by,
          'declined',
          `declined commitment ${before.number}: ${reason}`,
        );
  });
}

export function reassign(ctx: Context, id: string, to: string, by: string): Promise<Commitment> {
  return within(ctx, async (ctx) => {
    const before = await lockCommitment(ctx, id, by);
    mayReassign(before);
    const { standing } = await personById(ctx, to);
    if (standing !== 'member') throw new Refusal('Choose a full member of this workspace.', { field: 'ownerId' });
    const { incidentId } = await postmortemById(ctx, before.postmortemId, by);
    await mustBelong(ctx, await incidentById(ctx, incidentId, by), to, 'ownerId');
    const state = to === by ? 'open' : 'offered';
    await show(ctx, { ...before, state: 'declined', reason: 'It was given to somebody else.' });
    const said = `gave commitment ${before.number} from <@${before.ownerId}> to <@${to}>`;
    return await turn(ctx, before, { ownerId: to, state, reason: null, remindedOn: null }, by, 'reassigned', said);
  });
}

/** Its owner says so, with what shows it; it is done once somebody else has looked. */
export function sayDone(ctx: Context, id: string, evidence: string, by: string): Promise<Commitment> {
  return within(ctx, async (ctx) => {
    const before = await lockCommitment(ctx, id, by);
    maySayDone(before, by);
    checkWords(evidence, 'evidence');
    const said = `says that commitment ${before.number} is done: ${evidence}`;
    return await turn(ctx, before, { state: 'said_done', evidence }, by, 'said_done', said);
  });
}

export function verify(ctx: Context, id: string, isDone: boolean, words: string, by: string): Promise<Commitment> {
  return within(ctx, async (ctx) => {
    const before = await lockCommitment(ctx, id, by);
    mayVerify(before, by);
    if (!isDone) checkWords(words, 'words');
    return isDone
      ? await turn(
          ctx,
          before,
          { state: 'done', endedBy: by, endedAt: ctx.now() },
          by,
          'done',
          `saw that commitment ${before.number} is done`,
        )
      : await turn(
          ctx,
          before,
          { state: 'open', reason: words },
          by,
          'not_done',
          `saw that commitment ${before.number} is not done: ${words}`,
        );
  });
}

/** Given up, with a reason that everybody can read. */
export function waive(ctx: Context, id: string, reason: string, by: string): Promise<Commitment> {
  return within(ctx, async (ctx) => {
    const before = await lockCommitment(ctx, id, by);
    mayWaive(before);
    checkWords(reason, 'reason');
    const to = { state: 'waived', reason, endedBy: by, endedAt: ctx.now() } as const;
    return await turn(ctx, before, to, by, 'waived', `waived commitment ${before.number}: ${reason}`);
  });
}

/** The condition is back, so what was kept against it did not hold: its owner hears so, and it is open again. */
export async function reopenAgainst(ctx: Context, factor: Factor, { number, isPrivate }: Incident, by: string) {
  const reason = isPrivate ? 'The condition was seen again.' : `The condition was seen again, in incident ${number}.`;
  for (const before of await keptAgainst(ctx, factor)) {
    const to = { state: 'open', reason, endedBy: null, endedAt: null, reopenCount: before.reopenCount + 1 } as const;
    const said = `commitment ${before.number} is open again: the condition was seen again`;
    await turn(ctx, before, { ...to, remindedOn: null }, by, 'reopened', said);
  }
}

async function turn(
  ctx: Context,
  before: Commitment,
  to: Partial<Commitment>,
  by: string,
  verb: string,
  summary: string,
): Promise<Commitment> {
  const [after] = await ctx.db
    .update(commitments)
    .set(to)
    .where(
      and(eq(commitments.workspace, ctx.workspace), eq(commitments.id, before.id), eq(commitments.state, before.state)),
    )
    .returning();
  if (!after) throw new Refusal('Somebody changed this commitment a moment ago. Please look at its card.');
  const { incidentId } = await postmortemById(ctx, after.postmortemId, house);
  note(ctx, after, await incidentById(ctx, incidentId, house), by, verb, summary);
  return await show(ctx, after);
}

function note(ctx: Context, { id }: Commitment, of: Incident, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `commitment.${verb}`, ...ofModel(of), subject: `commitment:${id}`, summary });
}

/** To its owner, and where the post-mortem stands. */
async function show(ctx: Context, commitment: Commitment): Promise<Commitment> {
  const postmortem = await postmortemById(ctx, commitment.postmortemId, house);
  const incident = await incidentById(ctx, postmortem.incidentId, house);
  const model = await modelById(ctx, commitment.modelId);
  const card = commitmentCard(commitment, model, incident);
  const key = `commitment:${commitment.id}`;
  await announce(
    ctx,
    `${key}:${commitment.ownerId}`,
    { channel: commitment.ownerId, owner: incident.isPrivate ? incident.declaredBy : model.ownerId },
    card,
  );
  const where = incident.isPrivate
    ? await placeOf(ctx, incident, postmortem)
    : { channel: model.channel, owner: model.ownerId };
  if (commitment.state === 'said_done') await announce(ctx, `${key}:look`, where, card);
  await tell(ctx, postmortem);
  return commitment;
}
