import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onForm, onLookup, onQuestion, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { teamById, teamMeant } from '../teams/queries.ts';
import { dayIn, isAtWork } from '../teams/rules.ts';
import type { Team } from '../teams/schema.ts';
import { checkAsker, mayEdit } from '../teams/store.ts';
import { askForNextYear, warnOfZones } from './changes.ts';
import {
  chosenFrom,
  closingForm,
  daysForm,
  daysFormFor,
  placeForm,
  placeFormFor,
  regionForm,
  regionFormFor,
  wholeCountry,
} from './forms.ts';
import { confirmedDates, daysToCome, lastChoice, type Subject } from './queries.ts';
import { type Place, yearsToChoose } from './rules.ts';
import { closeTeam, confirmForPerson, confirmForTeam, openTeam } from './store.ts';
import { countries, countriesLike, regionsOf, suggested } from './suggesting.ts';
import { closedWords, confirmedWords, daysCard, mostDays, openedWords } from './views.ts';

const usualHours = { hoursFrom: '09:00', hoursTo: '17:00', workdays: [1, 2, 3, 4, 5] };

export const calendars: Doors = {
  lookups: [
    onLookup('country', async (_ctx, _who, typed) =>
      (await countriesLike(typed)).map(({ code, name }) => ({ text: name, value: code })),
    ),
  ],
  commands: [
    onQuestion('days [name…]', 'When a team is closed', async (ctx, who, { name = '' }) => ({
      say: await cardOf(ctx, await teamMeant(ctx, who, name)),
    })),
    onQuestion('days add [name…]', 'Close a team for a day or more', async (ctx, who, { name = '' }) => {
      const { id } = await teamMeant(ctx, who, name);
      return { open: await closingFormOf(ctx, who, id) };
    }),
    onQuestion('holidays [name…]', 'Choose the holidays on which a team is closed', async (ctx, who, { name = '' }) => {
      const { id } = await teamMeant(ctx, who, name);
      return { open: await placeFormOf(ctx, who, id) };
    }),
    onQuestion('holidays mine', 'Choose the holidays on which you are away', async (ctx, who) => ({
      open: await placeFormOf(ctx, who, undefined),
    })),
  ],
  actions: [
    onAction(actions.showDays, async (ctx, _who, { teamId }) => ({
      say: await cardOf(ctx, await teamById(ctx, teamId)),
    })),
    onAction(actions.addDays, async (ctx, who, { teamId }) => ({ open: await closingFormOf(ctx, who, teamId) })),
    onAction(
      actions.removeDays,
      async (ctx, who, { closingId }) => {
        const opened = await openTeam(ctx, closingId, who.id);
        const team = await teamById(ctx, opened.teamId);
        return { say: sentence(openedWords(team.name, opened, dayIn(team.zone, ctx.now()))) };
      },
      checkAsker,
    ),
    onAction(actions.suggestHolidays, async (ctx, who, { teamId }) => ({ open: await placeFormOf(ctx, who, teamId) })),
    onAction(
      actions.chooseHolidays,
      async (ctx, who, { teamId, ...place }) => {
        if (teamId !== undefined) await mayEdit(ctx, teamId, who.id);
        return { open: (after) => daysFormOf(after, who, teamId, place) };
      },
      (_ctx, _who, place) => checkSuggested(place, 'country'),
    ),
  ],
  forms: [
    onForm(
      closingForm,
      async (ctx, who, { carries: { teamId }, values }) => {
        const closed = await closeTeam(ctx, teamId, values, who.id);
        const team = await teamById(ctx, teamId);
        return { say: sentence(closedWords(team.name, closed, dayIn(team.zone, ctx.now()))) };
      },
      checkAsker,
    ),
    onForm(
      placeForm,
      async (ctx, who, { carries: { teamId }, values: { country, year } }) => ({
        open: async (after) => {
          const place = { code: country, name: await countryName(country), year: Number(year) };
          const regions = await regionsOf(country);
          if (regions.length === 0) return daysFormOf(after, who, teamId, place);
          const last = await lastChoice(after, subjectOf(who, teamId));
          const { name, year: chosen } = place;
          return regionFormFor(
            { country, name, year: chosen, ...(teamId !== undefined && { teamId }) },
            regions,
            last?.place,
          );
        },
      }),
      async (_ctx, _who, { values: { country, year } }) => {
        await countryName(country);
        if ((await regionsOf(country)).length === 0)
          await checkSuggested({ code: country, year: Number(year) }, 'country');
      },
    ),
    onForm(
      regionForm,
      async (_ctx, who, { carries, values }) => ({
        open: async (after) => daysFormOf(after, who, carries.teamId, await placeOf(carries, values.region)),
      }),
      async (_ctx, _who, { carries, values }) => checkSuggested(await placeOf(carries, values.region), 'region'),
    ),
    onForm(
      daysForm,
      async (ctx, who, { carries: { teamId, ...place }, values }) => {
        const chosen = chosenFrom(values);
        if (teamId === undefined) {
          await confirmForPerson(ctx, who.id, place, chosen);
          return { say: sentence(confirmedWords(place, chosen.length, undefined)) };
        }
        await confirmForTeam(ctx, teamId, place, chosen, who.id);
        return { say: sentence(confirmedWords(place, chosen.length, (await teamById(ctx, teamId)).name)) };
      },
      checkAsker,
    ),
  ],
  jobs: [
    onClock('calendars.zones', '40 6 * * *', (ctx) => warnOfZones(ctx)),
    onClock('calendars.next-year', '50 * * 11,12 *', (ctx) =>
      askForNextYear(ctx, ({ zone }) => isAtWork({ zone, ...usualHours }, ctx.now())),
    ),
  ],
};

async function cardOf(ctx: Context, team: Team) {
  const today = dayIn(team.zone, ctx.now());
  const { days, more } = await daysToCome(ctx, team.id, today, mostDays);
  return daysCard(team, days, more, today);
}

async function closingFormOf(ctx: Context, who: Who, teamId: string) {
  await mayEdit(ctx, teamId, who.id);
  const { zone } = await teamById(ctx, teamId);
  const today = dayIn(zone, ctx.now());
  return closingForm.view({ teamId }, { start: { from: today, until: today } });
}

function subjectOf(who: Who, teamId: string | undefined): Subject {
  return teamId === undefined ? { kind: 'person', subject: who.id } : { kind: 'team', subject: teamId };
}

async function placeFormOf(ctx: Context, who: Who, teamId: string | undefined) {
  if (teamId !== undefined) await mayEdit(ctx, teamId, who.id);
  const last = await lastChoice(ctx, subjectOf(who, teamId));
  const { years, first } = yearsToChoose(ctx.now());
  const start = last && { code: last.place, name: last.placeName };
  return placeFormFor(teamId === undefined ? {} : { teamId }, start, years, first);
}

async function daysFormOf(ctx: Context, who: Who, teamId: string | undefined, place: Place) {
  const days = await suggested(place);
  const confirmed = await confirmedDates(ctx, subjectOf(who, teamId), place);
  const team = teamId === undefined ? undefined : (await teamById(ctx, teamId)).name;
  return daysFormFor(teamId === undefined ? {} : { teamId }, { team, place, days, confirmed });
}

/** Before anything is written: what is not known can be mended in the form. */
async function checkSuggested(place: Pick<Place, 'code' | 'year'>, field: string): Promise<void> {
  if ((await suggested(place)).length > 0) return;
  throw new Refusal('I know no public holidays there. Write closing days with /ml days add, your own with /ml away.', {
    field,
  });
}

async function countryName(country: string): Promise<string> {
  const found = (await countries()).find(({ code }) => code === country);
  if (!found) throw new Refusal('Choose a country from the list.', { field: 'country' });
  return found.name;
}

async function placeOf(
  { country, name, year }: { readonly country: string; readonly name: string; readonly year: number },
  region: string,
): Promise<Place> {
  if (region === wholeCountry) return { code: country, name, year };
  const found = (await regionsOf(country)).find(({ code }) => code === region);
  if (!found) throw new Refusal('Choose a region from the list.', { field: 'region' });
  return { code: `${country}-${region}`, name: `${found.name}, ${name}`, year };
}
