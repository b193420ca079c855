import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { checkedName } from '../../lib/names.ts';
import { Refusal } from '../../lib/refusal.ts';
import { localAt } from '../../time/wall-clock.ts';
import { personById, teamById } from '../teams/queries.ts';
import { holidays } from '../teams/schema.ts';
import { mayEdit } from '../teams/store.ts';
import { showConfirmed } from './changes.ts';
import { checkClosing, chosenIn, type Closing, type NamedDate, type Place, sourceOf } from './rules.ts';
import { type ClosingDay, closingDays, holidayChoices } from './schema.ts';

/** On these days the team does not work; the same name from the same day on is moved, not doubled. */
export function closeTeam(ctx: Context, teamId: string, closing: Closing, by: string): Promise<ClosingDay> {
  return within(ctx, async (ctx) => {
    await mayEdit(ctx, teamId, by);
    const team = await teamById(ctx, teamId);
    checkClosing(closing, localAt(ctx.now(), team.zone).date);
    const { from, until } = closing;
    const name = checkedName(closing.name, 80);
    const confirmed = { confirmedBy: by, confirmedAt: ctx.now() };
    const [closed] = await ctx.db
      .insert(closingDays)
      .values({ workspace: ctx.workspace, teamId, from, until, name, ...confirmed })
      .onConflictDoUpdate({
        target: [closingDays.workspace, closingDays.teamId, closingDays.from, closingDays.name],
        set: { until, source: null, ...confirmed },
      })
      .returning();
    if (!closed) throw new Error('the closing days were not kept');
    const days = from === until ? `on ${from}` : `from ${from} to ${until}`;
    note(ctx, `team:${teamId}`, by, 'closed', `closes ${team.name} ${days}: ${name}`);
    return closed;
  });
}

export function openTeam(ctx: Context, closingId: string, by: string): Promise<ClosingDay> {
  return within(ctx, async (ctx) => {
    const isIt = and(eq(closingDays.workspace, ctx.workspace), eq(closingDays.id, closingId));
    const [closing] = await ctx.db.select().from(closingDays).where(isIt).for('update');
    if (!closing) throw new Refusal('This closing day is taken out already.');
    await mayEdit(ctx, closing.teamId, by);
    await ctx.db.delete(closingDays).where(isIt);
    const team = await teamById(ctx, closing.teamId);
    note(ctx, `team:${team.id}`, by, 'opened', `works on ${closing.name} (${closing.from}) in ${team.name} after all`);
    return closing;
  });
}

/** Which of the suggested holidays close the team: these and no others of this place and year. */
export function confirmForTeam(
  ctx: Context,
  teamId: string,
  place: Place,
  chosen: readonly NamedDate[],
  by: string,
): Promise<void> {
  return within(ctx, async (ctx) => {
    await mayEdit(ctx, teamId, by);
    const team = await teamById(ctx, teamId);
    const rows = chosenIn(place, chosen);
    const source = sourceOf(place);
    await choose(ctx, 'team', teamId, place, by);
    const confirmed = { source, confirmedBy: by, confirmedAt: ctx.now() };
    await ctx.db
      .delete(closingDays)
      .where(
        and(eq(closingDays.workspace, ctx.workspace), eq(closingDays.teamId, teamId), eq(closingDays.source, source)),
      );
    if (rows.length > 0) {
      await ctx.db
        .insert(closingDays)
        .values(
          rows.map(({ date, name }) => ({
            workspace: ctx.workspace,
            teamId,
            from: date,
            until: date,
            name,
            ...confirmed,
          })),
        )
        .onConflictDoNothing();
    }
    note(ctx, `team:${teamId}`, by, 'confirmed', `confirmed ${rows.length} holidays of ${source} for ${team.name}`);
  });
}

/** On which of the suggested holidays this person is away: these and no others of this place and year. */
export function confirmForPerson(
  ctx: Context,
  personId: string,
  place: Place,
  chosen: readonly NamedDate[],
): Promise<void> {
  return within(ctx, async (ctx) => {
    const person = await personById(ctx, personId);
    const rows = chosenIn(place, chosen);
    const source = sourceOf(place);
    await choose(ctx, 'person', personId, place, personId);
    const confirmed = { source, confirmedBy: personId, confirmedAt: ctx.now() };
    await ctx.db
      .delete(holidays)
      .where(and(eq(holidays.workspace, ctx.workspace), eq(holidays.personId, personId), eq(holidays.source, source)));
    if (rows.length > 0) {
      await ctx.db
        .insert(holidays)
        .values(rows.map(({ date, name }) => ({ workspace: ctx.workspace, personId, date, name, ...confirmed })))
        .onConflictDoNothing();
    }
    const summary = `confirmed ${rows.length} holidays of ${source} for ${person.name}`;
    note(ctx, `person:${personId}`, personId, 'confirmed', summary);
  });
}

/** Written first: its row lock lets one confirmation of the same calendar wait for the other. */
async function choose(
  ctx: Context,
  kind: 'team' | 'person',
  subject: string,
  { code, name, year }: Place,
  by: string,
): Promise<void> {
  const confirmed = { placeName: name, confirmedBy: by, confirmedAt: ctx.now() };
  const { kind: k, subject: s, place, year: y, workspace } = holidayChoices;
  await ctx.db
    .insert(holidayChoices)
    .values({ workspace: ctx.workspace, kind, subject, place: code, year, ...confirmed })
    .onConflictDoUpdate({ target: [workspace, k, s, place, y], set: confirmed });
  await showConfirmed(ctx, { kind, subject, place: code, year });
}

function note(ctx: Context, subject: string, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `calendar.${verb}`, subject, summary });
}
