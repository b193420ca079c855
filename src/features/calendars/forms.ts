import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { section } from '../../slack/blocks.ts';
import { type Choice, dateField, lookupField, selectField, textField, ticksField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { lines, md } from '../../slack/mrkdwn.ts';
import { dateWords } from '../../time/date-words.ts';
import type { NamedDate, Place } from './rules.ts';
import type { Named } from './suggesting.ts';

export const closingForm = form(
  'calendar.closing',
  { title: 'Closing days', submit: 'Save' },
  z.object({ teamId: z.uuid() }),
  {
    from: dateField('First day'),
    until: dateField('Last day', 'The same day, if it is only one.'),
    name: textField('Name', { hint: 'Like Winter break.', max: 80 }),
  },
);

/** Whose calendar: a team's, or without one that of who fills it in. */
const Whose = z.object({ teamId: z.uuid().optional() });
type Whose = z.infer<typeof Whose>;

export const placeForm = form('calendar.holidays', { title: 'Holidays', submit: 'Next' }, Whose, {
  country: lookupField('Country', 'country', 'Type its first letters.'),
  year: selectField('Year'),
});

export function placeFormFor(
  whose: Whose,
  last: { readonly code: string; readonly name: string } | undefined,
  years: readonly number[],
  year: number,
): ModalView {
  const [country = ''] = last?.code.split('-') ?? [];
  return placeForm.view(whose, {
    start: { year: String(year) },
    options: {
      year: years.map((each) => ({ text: String(each), value: String(each) })),
      ...(last && { country: [{ text: last.name.split(', ').at(-1) ?? country, value: country }] }),
    },
  });
}

/** Where a country has regions with holidays of their own. */
const Country = Whose.extend({ country: z.string().max(10), name: z.string().max(100), year: z.int() });

export const regionForm = form('calendar.holidays/region', { title: 'Holidays', submit: 'Next' }, Country, {
  region: selectField('Region'),
});

/** Stands for no region. */
export const wholeCountry = '*';

export function regionFormFor(carries: z.infer<typeof Country>, regions: Named, last: string | undefined): ModalView {
  const choices = [{ code: wholeCountry, name: `Only what all of ${carries.name} has` }, ...regions];
  return regionForm.view(carries, {
    start: { region: last?.startsWith(`${carries.country}-`) ? last.slice(carries.country.length + 1) : wholeCountry },
    options: { region: choices.map(({ code, name }) => ({ text: name, value: code })) },
  });
}

const Chosen = Whose.extend({ code: z.string().max(30), name: z.string().max(200), year: z.int() });

/** Slack shows ten check boxes in a group. */
const inGroup = 10;

export const daysForm = form('calendar.holidays/days', { title: 'Holidays', submit: 'Confirm' }, Chosen, {
  first: ticksField('Public holidays'),
  second: ticksField('Later in the year'),
  third: ticksField('Still later'),
  fourth: ticksField('At the end of the year'),
});
const groups = ['first', 'second', 'third', 'fourth'] as const;

export interface Offer {
  /** The team by its name; without one they are a person's own. */
  readonly team: string | undefined;
  readonly place: Place;
  readonly days: readonly NamedDate[];
  /** Those confirmed before; undefined where nobody looked yet: then all are ticked. */
  readonly confirmed: ReadonlySet<string> | undefined;
}

export function daysFormFor(whose: Whose, { team, place, days, confirmed }: Offer): ModalView {
  const choices = days.map(choiceOf);
  const ticked = days.filter(({ date }) => confirmed?.has(date) ?? true).map((day) => choiceOf(day).value);
  const parts = groups.map((name, at) => [name, choices.slice(at * inGroup, (at + 1) * inGroup)] as const);
  return daysForm.view(
    { ...whose, code: place.code, name: place.name, year: place.year },
    {
      start: Object.fromEntries(groups.map((name) => [name, ticked.join(' ')])),
      options: Object.fromEntries(parts),
      above: [
        section(
          lines(
            team === undefined
              ? md`*${place.name}, ${place.year}*: on which of these days are you away?`
              : md`*${place.name}, ${place.year}*: on which of these days is *${team}* closed?`,
            md`The open list date-holidays suggests these, without half days. Nothing counts until you confirm it.`,
          ),
        ),
      ],
    },
  );
}

/** Forms start with values that have spaces between them, so that those within are of another kind. */
const space = '\u00A0';

/** What a check box carries: the day, and its name as it was shown. */
function choiceOf({ date, name }: NamedDate): Choice {
  return { text: `${dateWords(date)}: ${name}`, value: `${date} ${name}`.replaceAll(' ', space) };
}

export function chosenFrom(values: Readonly<Record<(typeof groups)[number], readonly string[]>>): NamedDate[] {
  return groups
    .flatMap((name) => values[name])
    .map((value) => ({ date: value.slice(0, 10), name: value.slice(11).replaceAll(space, ' ') }));
}
