import { and, eq, gte, lte, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { personById } from '../queries.ts';
import { checkAbsence, checkedDay, dayIn } from '../rules.ts';
import { absences, holidays } from '../schema.ts';

export function setAway(ctx: Context, personId: string, from: string, until: string, text: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const person = await personById(ctx, personId);
    checkAbsence(from, until, dayIn(person.zone, ctx.now()));
    await ctx.db
      .insert(absences)
      .values({ workspace: ctx.workspace, personId, from, until, note: text.slice(0, 200) })
      .onConflictDoUpdate({
        target: [absences.workspace, absences.personId, absences.from],
        set: { until, note: text.slice(0, 200) },
      });
    noteAway(ctx, personId, `is away from ${from} to ${until}`);
  });
}

/** Back before the days are over, or at work on a holiday; what was said of earlier days stays. */
export function endAway(ctx: Context, personId: string): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const person = await personById(ctx, personId);
    const today = dayIn(person.zone, ctx.now());
    const now = and(ofAbsences(ctx, personId), lte(absences.from, today), gte(absences.until, today));
    const gone = await ctx.db
      .delete(absences)
      .where(and(now, eq(absences.from, today)))
      .returning();
    const cut = await ctx.db
      .update(absences)
      .set({ until: sql`${today}::date - 1` })
      .where(now)
      .returning();
    const worked = await ctx.db
      .delete(holidays)
      .where(and(eq(holidays.workspace, ctx.workspace), eq(holidays.personId, personId), eq(holidays.date, today)))
      .returning();
    if (gone.length + cut.length + worked.length === 0) return false;
    noteAway(ctx, personId, 'is back');
    return true;
  });
}

export function cancelAway(ctx: Context, personId: string, from: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const gone = await ctx.db
      .delete(absences)
      .where(and(ofAbsences(ctx, personId), eq(absences.from, checkedDay(from, 'from'))))
      .returning();
    if (gone.length === 0) throw new Refusal(`You have no days away that begin on ${from}.`, { field: 'from' });
    noteAway(ctx, personId, `is not away from ${from} after all`);
  });
}

function ofAbsences(ctx: Context, personId: string) {
  return and(eq(absences.workspace, ctx.workspace), eq(absences.personId, personId));
}

function noteAway(ctx: Context, personId: string, summary: string): void {
  record(ctx, { who: personId, what: 'person.away', subject: `person:${personId}`, summary });
}
