import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { announce } from '../../messages/announce.ts';
import { handovers } from '../handovers/schema.ts';
import { modelsByIds } from '../models/queries.ts';
import { models } from '../models/schema.ts';
import { membershipOf, membersOf, personById, teamById } from '../teams/queries.ts';
import { absencesOf } from '../teams/away/queries.ts';
import { type Member, members, type Team, works } from '../teams/schema.ts';
import { type Estate, isSettled, tellWhom } from './rules.ts';
import { type Departure, departures } from './schema.ts';
import { departureCard } from './views.ts';

const dayMs = 86_400_000;
/** Who left longer ago is history; what they held is in the coverage of their team. */
const noticedForMs = 7 * dayMs;
const watchedForMs = 60 * dayMs;
const lookAgainMs = 60_000;

/** Somebody left a team since we last looked: writes down what they held and tells the lead. */
export function noticeNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const known = ctx.db
      .select({ one: sql`1` })
      .from(departures)
      .where(
        and(
          eq(departures.workspace, members.workspace),
          eq(departures.teamId, members.teamId),
          eq(departures.personId, members.personId),
          eq(departures.leftAt, members.leftAt),
        ),
      );
    const [member] = await ctx.db
      .select()
      .from(members)
      .where(
        and(
          eq(members.workspace, ctx.workspace),
          gt(members.leftAt, new Date(ctx.now().getTime() - noticedForMs)),
          sql`not exists ${known}`,
        ),
      )
      .orderBy(asc(members.leftAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!member?.leftAt) return false;
    await notice(ctx, member, member.leftAt);
    return true;
  });
}

async function notice(ctx: Context, { teamId, personId, roles }: Member, leftAt: Date): Promise<void> {
  const team = await teamById(ctx, teamId);
  const held = await ctx.db
    .select({ id: models.id, ownerId: models.ownerId, deputyId: models.deputyId })
    .from(models)
    .where(
      and(
        eq(models.workspace, ctx.workspace),
        eq(models.teamId, teamId),
        isNull(models.retiredAt),
        or(eq(models.ownerId, personId), eq(models.deputyId, personId)),
      ),
    );
  const owned = held.filter(({ ownerId }) => ownerId === personId).map(({ id }) => id);
  const deputised = held.filter(({ deputyId }) => deputyId === personId).map(({ id }) => id);
  const [departure] = await ctx.db
    .insert(departures)
    .values({
      workspace: ctx.workspace,
      teamId,
      personId,
      leftAt,
      toldId: (await listener(ctx, team, personId)) ?? null,
      owned,
      deputised,
      checkedAt: ctx.now(),
      settledAt: works(roles) || held.length > 0 || team.leadId === personId ? null : ctx.now(),
    })
    .onConflictDoNothing()
    .returning();
  // Another process wrote it down just before us.
  if (!departure) return;
  const left = [owned.length && `${owned.length} owned`, deputised.length && `${deputised.length} deputised`];
  record(ctx, {
    who: 'pitcrew',
    what: 'departure.noticed',
    subject: `team:${teamId}`,
    summary: `looks for new holders in ${team.name}: ${left.filter(Boolean).join(', ') || 'no model'}`,
    data: { person: personId, owned, deputised },
  });
  if (!departure.settledAt) await show(ctx, departure);
}

/** The lead; where the leaver led, who deputises most there, then whoever is in and not away. */
async function listener(ctx: Context, team: Team, gone: string): Promise<string | undefined> {
  const inside = (await membersOf(ctx, team.id)).filter(({ person }) => person.standing === 'member');
  const ids = inside.filter(({ roles }) => works(roles)).map(({ personId }) => personId);
  const lead = await personById(ctx, team.leadId);
  const day = ctx.now().toISOString().slice(0, 10);
  const away = (await absencesOf(ctx, ids, day, day)).map(({ personId }) => personId);
  const deputies = await ctx.db
    .select({ id: models.deputyId })
    .from(models)
    .where(and(eq(models.workspace, ctx.workspace), eq(models.teamId, team.id), isNotNull(models.deputyId)))
    .groupBy(models.deputyId)
    .orderBy(sql`count(*) desc`);
  return tellWhom({
    lead: lead.standing === 'member' && lead.id !== gone ? lead.id : undefined,
    deputies: deputies.flatMap(({ id }) => id ?? []),
    inside: ids,
    away,
  });
}

/** Shows what became of one departure, a minute after the last look or once something of it was answered. */
export function lookAgain(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const answered = ctx.db
      .select({ one: sql`1` })
      .from(handovers)
      .where(
        and(
          eq(handovers.workspace, departures.workspace),
          eq(handovers.fromId, departures.personId),
          or(gt(handovers.endedAt, departures.checkedAt), gt(handovers.askedAt, departures.checkedAt)),
        ),
      );
    const [departure] = await ctx.db
      .select()
      .from(departures)
      .where(
        and(
          eq(departures.workspace, ctx.workspace),
          isNull(departures.settledAt),
          gt(departures.leftAt, new Date(ctx.now().getTime() - watchedForMs)),
          or(lt(departures.checkedAt, new Date(ctx.now().getTime() - lookAgainMs)), sql`exists ${answered}`),
        ),
      )
      .orderBy(asc(departures.checkedAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!departure) return false;
    const estate = await show(ctx, departure);
    await ctx.db
      .update(departures)
      .set({ checkedAt: ctx.now(), ...(isSettled(estate) && { settledAt: ctx.now() }) })
      .where(and(eq(departures.workspace, ctx.workspace), eq(departures.id, departure.id)));
    return true;
  });
}

async function show(ctx: Context, departure: Departure): Promise<Estate> {
  const estate = await estateOf(ctx, departure);
  const { toldId, personId, id } = departure;
  const to = toldId ? { channel: toldId, owner: toldId } : { channel: estate.team.channel, owner: personId };
  await announce(ctx, `departure:${id}`, to, departureCard(estate));
  return estate;
}

async function estateOf(ctx: Context, { teamId, personId, owned, deputised, toldId }: Departure): Promise<Estate> {
  const team = await teamById(ctx, teamId);
  const { standing, member } = await membershipOf(ctx, teamId, personId);
  const found = new Map((await modelsByIds(ctx, [...owned, ...deputised])).map((model) => [model.id, model]));
  const open =
    owned.length === 0
      ? []
      : await ctx.db
          .select()
          .from(handovers)
          .where(
            and(eq(handovers.workspace, ctx.workspace), inArray(handovers.modelId, owned), eq(handovers.state, 'open')),
          );
  return {
    team,
    gone: personId,
    toldId,
    isBack: standing === 'member' && member !== undefined,
    owned: owned.flatMap((id) => found.get(id) ?? []),
    deputised: deputised.flatMap((id) => found.get(id) ?? []),
    asked: new Map(open.map((handover) => [handover.modelId, handover])),
  };
}
