import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { nextNumber } from '../../installations/store.ts';
import type { Model } from '../../models/schema.ts';
import { lockLiveVersion } from '../../releases/store.ts';
import { membershipOf } from '../../teams/queries.ts';
import type { Plan } from '../planning.ts';
import { lockedModel, lockRequest, openRequest, possibleVoters } from '../queries.ts';
import { slotsFor } from '../quorum.ts';
import { checkAsk, checkReachable, digestOf, executeWithinMs, nameOf, openForMs, reviewWithinMs } from '../rules.ts';
import { type ChangeRequest, type RequestKind, requests } from '../schema.ts';
import { end, note, tell } from '../store.ts';

export interface Ask {
  readonly kind: RequestKind;
  readonly modelId: string;
  readonly environment: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly reason: string;
  readonly alertId?: string | undefined;
  readonly retryOf?: string;
  /** Takes back what another request began. */
  readonly undoes?: string;
  /** An older open request of the same person gives way to this one. */
  readonly replace?: boolean;
  /** Without a quorum, for this open incident: whoever asks takes it on themselves. */
  readonly incidentId?: string;
}

/** Opens a request; with an incident it is approved at once, and somebody else has to look at it within a day. */
export function ask(ctx: Context, input: Ask, plan: Plan, by: string): Promise<ChangeRequest> {
  return within(ctx, async (ctx) => {
    const { kind, environment, incidentId } = input;
    const { workspace } = ctx;
    if (incidentId !== undefined && kind !== 'rollback')
      throw new Refusal('Only a rollback can be done without approval. Ask for one.');
    await makeRoom(ctx, input, by);
    const model = await lockedModel(ctx, input.modelId);
    if (by !== 'pitcrew') await checkMember(ctx, model, kind, by);
    const slots = slotsFor(kind, model.tier);
    const voters = await possibleVoters(ctx, model, { kind, requestedBy: by });
    if (incidentId === undefined) checkReachable(slots, voters, { by, kind });
    const live = checkAsk(await lockLiveVersion(ctx, model.id, environment), input);
    const { facts, steps, bakeMinutes, gateHash } = plan;
    const frozen = {
      kind,
      modelId: model.id,
      environment,
      fromVersion: input.undoes === undefined ? live.version : input.fromVersion,
      toVersion: input.toVersion,
      aliasRevision: live.revision,
      steps: [...steps],
      bakeMinutes,
      gateHash,
    };
    const now = ctx.now();
    const broken = incidentId !== undefined;
    const [request] = await ctx.db
      .insert(requests)
      .values({
        workspace,
        ...frozen,
        digest: digestOf({ ...frozen, deployer: facts.deployer }),
        number: await nextNumber(ctx, kind),
        alertId: input.alertId ?? null,
        reason: input.reason,
        requestedBy: by,
        requestedAt: now,
        slots,
        facts,
        retryOf: input.retryOf ?? null,
        undoes: input.undoes ?? null,
        expiresAt: new Date(now.getTime() + (broken ? executeWithinMs : openForMs)),
        ...(broken && {
          incidentId,
          state: 'approved' as const,
          approvedAt: now,
          reviewDueAt: new Date(now.getTime() + reviewWithinMs),
        }),
      })
      .onConflictDoNothing()
      .returning();
    if (!request) throw new Refusal(`Somebody asked for a change of this model just now. Please look at the channel.`);
    const way = kind === 'rollback' ? 'to go back' : 'to promote the model';
    const what = broken ? `goes back without approval, for an incident,` : `asked ${way}`;
    const from = request.fromVersion === '' ? '' : ` from version ${request.fromVersion}`;
    note(ctx, request, by, `${what}${from} to version ${request.toVersion}: ${request.reason}`);
    return await tell(ctx, request, model);
  });
}

/** One open request for a model: an older one of the same person may give way, any other is in the way. */
async function makeRoom(ctx: Context, input: Ask, by: string): Promise<void> {
  const found = await openRequest(ctx, input.modelId, input.environment);
  if (!found) return;
  const open = await lockRequest(ctx, found.id);
  const mayReplace = input.replace && open.requestedBy === by;
  if (open.state === 'requested' && (mayReplace || input.incidentId !== undefined)) {
    await end(ctx, open, await lockedModel(ctx, open.modelId), 'superseded', by, 'a newer request took its place');
    return;
  }
  if (open.endedAt !== null) return;
  throw new Refusal(
    open.state === 'requested'
      ? `${nameOf(open)} to version ${open.toVersion} is already waiting. Decide that one first.`
      : `${nameOf(open)} to version ${open.toVersion} is approved and not over yet. Wait until its card says how it ended.`,
  );
}

async function checkMember(ctx: Context, model: Model, kind: RequestKind, by: string): Promise<void> {
  const { standing, member } = await membershipOf(ctx, model.teamId, by);
  if (standing !== 'member' || !member)
    throw new Refusal(`Only members of the team that owns this model can ask for a ${kind}.`);
}
