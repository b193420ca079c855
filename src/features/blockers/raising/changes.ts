import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { nextNumber } from '../../installations/store.ts';
import { modelById } from '../../models/queries.ts';
import { personById, teamById } from '../../teams/queries.ts';
import { type Need, needValue, needWords } from '../needs.ts';
import { blockerFrom, datasetName, teamsOfPerson } from '../queries.ts';
import { checkPerson, needTeamFor, roleIn, roleNeeded } from '../routing.ts';
import { answerMs, checkedWords, checkSince, mostWords } from '../rules.ts';
import { type Blocker, blockers, type Severity } from '../schema.ts';
import { forward, note, shown } from '../store.ts';

export interface BlockerInput {
  readonly what: string;
  readonly need: Need;
  readonly severity: Severity;
  /** The team that is blocked; without one, that of the model where the asker is in it, else the asker's first. */
  readonly teamId?: string | undefined;
  /** The team that has what is needed, where the asker knows it. */
  readonly needTeamId?: string | undefined;
  readonly modelId?: string | undefined;
  readonly datasetId?: string | undefined;
  /** What else it blocks, in words. */
  readonly blocks?: string | undefined;
  readonly since?: Date | undefined;
  /** Such as "standup:<ritual>:<date>:<person>:<n>": raised again with the same, it is the same blocker. */
  readonly origin?: string | undefined;
}

/** Raises it and asks whoever has what is needed; also inside the transaction of another verb. */
export function raiseBlocker(ctx: Context, input: BlockerInput, by: string): Promise<Blocker> {
  return within(ctx, async (ctx) => {
    const known = input.origin === undefined ? undefined : await blockerFrom(ctx, input.origin);
    if (known) return known;
    const asker = await personById(ctx, by);
    if (asker.standing !== 'member')
      throw new Refusal('Only members of this workspace raise blockers. Ask one of the team.');
    const now = ctx.now();
    const what = checkedWords(input.what, 'what');
    const since = input.since ?? now;
    checkSince(since, now);
    const model = input.modelId === undefined ? undefined : await modelById(ctx, input.modelId);
    const dataset = input.datasetId === undefined ? undefined : await datasetName(ctx, input.datasetId);
    const teamId = await teamFor(ctx, input.teamId, model?.teamId, by);
    const nearest = dataset?.teamId ?? model?.teamId;
    const needTeamId = await needTeamFor(ctx, input.need, { named: input.needTeamId, nearest, own: teamId });
    await checkPerson(ctx, input.need, by);
    const [blocker] = await ctx.db
      .insert(blockers)
      .values({
        workspace: ctx.workspace,
        number: await nextNumber(ctx, 'blocker'),
        origin: input.origin ?? null,
        teamId,
        what,
        need: needValue(input.need),
        needTeamId,
        datasetId: input.datasetId ?? null,
        modelId: input.modelId ?? null,
        blocks: (input.blocks ?? '').trim().slice(0, mostWords),
        severity: input.severity,
        since,
        raisedBy: by,
        raisedAt: now,
        fromRole: await roleIn(ctx, teamId, by),
        toRole: await roleNeeded(ctx, input.need, needTeamId),
        askedAt: now,
        clockFrom: now,
        clockLeftMs: answerMs,
        stretchFrom: since,
      })
      .onConflictDoNothing()
      .returning();
    const raced = blocker ? undefined : await blockerFrom(ctx, input.origin ?? '');
    if (raced) return raced;
    if (!blocker) throw new Error('a blocker was not written');
    note(ctx, blocker, by, 'raised', `is blocked and needs ${needWords(input.need)}`);
    return await shown(ctx, await forward(ctx, blocker, 'holder'));
  });
}

async function teamFor(ctx: Context, named: string | undefined, ofModel: string | undefined, by: string) {
  if (named !== undefined) return (await teamById(ctx, named)).id;
  const own = await teamsOfPerson(ctx, by);
  const team = own.find(({ id }) => id === ofModel)?.id ?? own[0]?.id ?? ofModel;
  if (team === undefined) throw new Refusal('You are in no team yet. Make one with /ml team new.');
  return team;
}
