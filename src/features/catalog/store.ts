import { and, desc, eq, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { isOrphan, modelById, modelsNamed } from '../models/queries.ts';
import { type Model, models } from '../models/schema.ts';
import { mayRegister, registerModel } from '../models/store.ts';
import { membershipOf, teamById, teamNamed } from '../teams/queries.ts';
import type { Team } from '../teams/schema.ts';
import { checkHolder } from '../teams/store.ts';
import { type Described, isNothing, isSame, mayAnswer, wantedOf } from './rules.ts';
import { type Proposal, proposals, type Wanted } from './schema.ts';
import { proposalCard, type Result } from './views.ts';

/** Who brings a catalog: a person with a team of their own, or a machine. */
export interface Bringer {
  readonly by: string;
  readonly team?: Team;
}

/** Seeds what is new; what stands here and is described otherwise is proposed to its owner, never rewritten. */
export function takeCatalog(ctx: Context, found: readonly Described[], bringer: Bringer): Promise<Result> {
  return within(ctx, async (ctx) => {
    const known = await modelsNamed(
      ctx,
      found.map(({ name }) => name),
    );
    const lists = { taken: [] as string[], proposed: [] as string[], unchanged: [] as string[], notes: [] as string[] };
    const rejected: { index: number; reason: string }[] = [];
    for (const [index, each] of found.entries()) {
      const team = each.owner === '' ? undefined : await teamNamed(ctx, each.owner);
      const model = known.get(each.name.toLowerCase());
      if (model) {
        const own = await teamById(ctx, model.teamId);
        lists[await propose(ctx, model, wantedOf(model, each, team), bringer.by)].push(model.name);
        if (each.owner !== '' && !team)
          lists.notes.push(`${model.name}: owned by ${each.owner} there, by ${own.name} here`);
        continue;
      }
      try {
        const made = await seed(ctx, each, team ?? bringer.team, bringer.by);
        known.set(made.name.toLowerCase(), made);
        lists.taken.push(made.name);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        rejected.push({ index, reason: `${each.name.slice(0, 100)}: ${error.message}` });
      }
    }
    return { ...lists, rejected };
  });
}

/** A machine names no person of its own: then whoever leads the team answers for the model, and can hand it over. */
async function seed(ctx: Context, each: Described, team: Team | undefined, by: string): Promise<Model> {
  const { owner, ownerId, registryName = each.name, tier = 2, ...rest } = each;
  if (!team)
    throw new Refusal(
      owner === '' ? 'It names no owner.' : `There is no team named "${owner}" here. Make it with /ml team new.`,
    );
  if (by !== 'api') await mayRegister(ctx, team.id, by);
  const answers = ownerId ?? (by === 'api' ? team.leadId : by);
  return await registerModel(
    ctx,
    { ...rest, registryName, tier, teamId: team.id, ownerId: answers, deputyId: null, channel: team.channel },
    by,
  );
}

async function propose(ctx: Context, model: Model, wanted: Wanted, by: string): Promise<'proposed' | 'unchanged'> {
  if (isNothing(wanted)) return 'unchanged';
  const [last] = await ctx.db
    .select()
    .from(proposals)
    .where(and(eq(proposals.workspace, ctx.workspace), eq(proposals.modelId, model.id)))
    .orderBy(desc(proposals.askedAt))
    .limit(1)
    .for('update');
  if (last && last.state !== 'accepted' && isSame(last.wanted, wanted))
    return last.state === 'open' ? 'proposed' : 'unchanged';
  const team = await teamById(ctx, model.teamId);
  const askedId = (await isOrphan(ctx, model.id)) ? team.leadId : model.ownerId;
  const asked = { wanted, askedBy: by, askedId, askedAt: ctx.now() };
  const [proposal] =
    last?.state === 'open'
      ? await ctx.db.update(proposals).set(asked).where(ofProposal(ctx, last.id)).returning()
      : await ctx.db
          .insert(proposals)
          .values({ workspace: ctx.workspace, modelId: model.id, ...asked })
          .onConflictDoNothing()
          .returning();
  if (!proposal) throw new Refusal(`Another catalog about ${model.name} is being read. Please send this one again.`);
  note(ctx, proposal, by, 'proposed', `a catalog describes ${model.name} otherwise: ${Object.keys(wanted).join(', ')}`);
  await tell(ctx, proposal, model, team);
  return 'proposed';
}

export function accept(ctx: Context, id: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const { proposal, model } = await lock(ctx, id, by);
    const { team, ...rest } = proposal.wanted;
    if (team) {
      await checkHolder(ctx, team.id, model.ownerId, 'team');
      if (model.deputyId) await checkHolder(ctx, team.id, model.deputyId, 'team');
    }
    const [after] = await ctx.db
      .update(models)
      .set({ ...rest, ...(team && { teamId: team.id }), revision: sql`${models.revision} + 1` })
      .where(and(eq(models.workspace, ctx.workspace), eq(models.id, model.id)))
      .returning();
    await end(ctx, proposal, after ?? model, 'accepted', by);
  });
}

export function keep(ctx: Context, id: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const { proposal, model } = await lock(ctx, id, by);
    await end(ctx, proposal, model, 'kept', by);
  });
}

/** The model first, as everywhere; then whoever answers is looked at as they stand now. */
async function lock(ctx: Context, id: string, by: string): Promise<{ proposal: Proposal; model: Model }> {
  const [found] = await ctx.db.select().from(proposals).where(ofProposal(ctx, id));
  if (!found) throw new Refusal('That proposal is gone.');
  await ctx.db
    .select({ id: models.id })
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), eq(models.id, found.modelId)))
    .for('update');
  const model = await modelById(ctx, found.modelId);
  const [proposal = found] = await ctx.db.select().from(proposals).where(ofProposal(ctx, id)).for('update');
  const team = await teamById(ctx, model.teamId);
  const { standing, member } = await membershipOf(ctx, model.teamId, by);
  const isOwner = model.ownerId === by && (member !== undefined || team.leadId === by);
  mayAnswer(proposal, { standing, isOwner, isLead: team.leadId === by }, model.name);
  return { proposal, model };
}

async function end(
  ctx: Context,
  before: Proposal,
  model: Model,
  state: 'accepted' | 'kept',
  by: string,
): Promise<void> {
  const [after] = await ctx.db
    .update(proposals)
    .set({ state, endedBy: by, endedAt: ctx.now() })
    .where(and(ofProposal(ctx, before.id), eq(proposals.state, 'open')))
    .returning();
  if (!after) throw new Refusal('Somebody decided this just before you.');
  const fields = Object.keys(before.wanted).join(', ');
  note(ctx, after, by, state, `${state} what a catalog says of ${model.name}: ${fields}`);
  await tell(ctx, after, model, await teamById(ctx, model.teamId));
}

async function tell(ctx: Context, proposal: Proposal, model: Model, { name }: Team): Promise<void> {
  const { askedId } = proposal;
  const card = proposalCard({ proposal, model, team: name });
  await announce(ctx, `catalog:${proposal.id}`, { channel: askedId, owner: askedId }, card);
}

function ofProposal(ctx: Context, id: string) {
  return and(eq(proposals.workspace, ctx.workspace), eq(proposals.id, id));
}

function note(ctx: Context, { modelId, id }: Proposal, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `catalog.${verb}`, modelId, subject: `proposal:${id}`, summary });
}
