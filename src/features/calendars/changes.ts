import { setImmediate as pause } from 'node:timers/promises';
import { and, eq, isNull } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { amend, announce, announceOnce } from '../../messages/announce.ts';
import { nodeZones } from '../../time/node-zones.ts';
import type { ZoneSource } from '../../time/zone-source.ts';
import { type ZoneDifference, zonesThatDiffer } from '../../time/zone-differences.ts';
import { zoneData } from '../../time/zones.ts';
import { askedOf, toAskFor, usesOf, zonesInUse } from './queries.ts';
import { warningsFor, yearToAskFor } from './rules.ts';
import { type HolidayChoice, holidayChoices } from './schema.ts';
import { nextYearCard, zonesMessage } from './views.ts';

/** Once a year, in November or December: who confirmed this year's holidays is asked to look through the next one's. */
export async function askForNextYear(
  ctx: Context,
  isTime: (person: { readonly id: string; readonly zone: string }) => boolean,
): Promise<void> {
  const year = yearToAskFor(ctx.now());
  if (year === undefined) return;
  for (const person of (await toAskFor(ctx, year)).filter(isTime)) await askPerson(ctx, person.id, year);
}

function askPerson(ctx: Context, personId: string, year: number): Promise<void> {
  return within(ctx, async (ctx) => {
    const asked = await ctx.db
      .update(holidayChoices)
      .set({ nextAskedAt: ctx.now() })
      .where(
        and(
          eq(holidayChoices.workspace, ctx.workspace),
          eq(holidayChoices.year, year),
          eq(holidayChoices.confirmedBy, personId),
          isNull(holidayChoices.nextAskedAt),
        ),
      )
      .returning({ year: holidayChoices.year });
    if (asked.length === 0) return;
    const card = nextYearCard(await askedOf(ctx, personId, year), year + 1);
    await announce(ctx, keyOf(personId, year), { channel: personId, owner: personId }, card);
  });
}

const keyOf = (personId: string, year: number) => `next-year:${personId}:${year + 1}`;

/** The question follows what was confirmed, by whomever. */
export async function showConfirmed(
  ctx: Context,
  { kind, subject, place, year }: Pick<HolidayChoice, 'kind' | 'subject' | 'place' | 'year'>,
): Promise<void> {
  const [before] = await ctx.db
    .select({ by: holidayChoices.confirmedBy, asked: holidayChoices.nextAskedAt })
    .from(holidayChoices)
    .where(
      and(
        eq(holidayChoices.workspace, ctx.workspace),
        eq(holidayChoices.kind, kind),
        eq(holidayChoices.subject, subject),
        eq(holidayChoices.place, place),
        eq(holidayChoices.year, year - 1),
      ),
    );
  if (!before?.asked) return;
  await amend(ctx, keyOf(before.by, year - 1), nextYearCard(await askedOf(ctx, before.by, year - 1), year));
}

/** Tells leads where people of theirs live by a rule that Node's copy of the data does not know; once for each finding. */
export async function warnOfZones(ctx: Context, other: ZoneSource | undefined = nodeZones()): Promise<void> {
  if (other === undefined) return;
  const differences: ZoneDifference[] = [];
  for (const zone of await zonesInUse(ctx)) {
    differences.push(...zonesThatDiffer([zone], ctx.now(), other));
    await pause();
  }
  if (differences.length === 0) return;
  const data = zoneData();
  const uses = await usesOf(
    ctx,
    differences.map(({ zone }) => zone),
  );
  for (const [leadId, zones] of warningsFor(uses, differences)) {
    const key = `zones:${leadId}:${data.version}:${zones
      .map(({ zone }) => zone)
      .toSorted()
      .join(',')}`;
    await announceOnce(ctx, key, { channel: leadId, owner: leadId }, zonesMessage(zones, data, other.version));
  }
}
