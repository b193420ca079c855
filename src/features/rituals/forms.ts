import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { actions, RitualAsked } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, section } from '../../slack/blocks.ts';
import {
  channelField,
  dateField,
  numberField,
  optional,
  optionalText,
  selectField,
  selectManyField,
  textField,
  timeField,
} from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { lines, md, type Mrkdwn } from '../../slack/mrkdwn.ts';
import { oftens, whiches } from './asked.ts';
import { kindNames } from './rules.ts';
import { reminderLevels, ritualKinds } from './schema.ts';

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const oftenWords: Readonly<Record<(typeof oftens)[number], string>> = {
  'day:1': 'Every day',
  'week:1': 'Every week',
  'week:2': 'Every second week',
  'week:3': 'Every third week',
  'week:4': 'Every fourth week',
  'month:1': 'Every month',
  'month:2': 'Every second month',
  'month:3': 'Every third month',
};

const whichWords: Readonly<Record<(typeof whiches)[number], string>> = {
  '1': 'The first of these days',
  '2': 'The second of these days',
  '3': 'The third of these days',
  '4': 'The fourth of these days',
  '5': 'The fifth of these days, where there is one',
  '-1': 'The last of these days',
  date: 'The day of the month on which it starts',
  last: 'The last day of the month',
};

const reminderWords: Readonly<Record<(typeof reminderLevels)[number], string>> = {
  none: 'No reminder',
  once: 'One, an hour later',
  twice: 'Two, the second half an hour before the digest',
};
const reminderChoices = reminderLevels.map((value) => ({ value, text: reminderWords[value] }));

const Carried = RitualAsked.pick({ teamId: true, ritual: true });

export const ritualForm = form('ritual', { title: 'A ritual of the team', submit: 'See the rule' }, Carried, {
  kind: selectField(
    'What is it',
    ritualKinds.map((value) => ({ value, text: kindNames[value] })),
  ),
  name: textField('Name', { max: 80 }),
  channel: channelField('Where its digest is posted'),
  often: selectField(
    'How often',
    oftens.map((value) => ({ value, text: oftenWords[value] })),
  ),
  days: optional(
    selectManyField(
      'On which days',
      dayNames.map((text, index) => ({ text, value: String(index + 1) })),
    ),
  ),
  /** Asked only of what is every month or rarer. */
  which: optional(selectField('Which of them in a month')),
  time: timeField('People are asked at'),
  clock: selectField('On whose clock', [
    { value: 'team', text: 'That of the team: everybody at the same moment' },
    { value: 'person', text: 'Their own: each at that hour where they are' },
  ]),
  digestTime: timeField(
    'The digest is posted at the latest at',
    'Earlier, once all have answered. On the clock of the team.',
  ),
  digestDays: selectField('Of which day', [
    { value: '0', text: 'The same day' },
    { value: '1', text: 'The day after' },
    { value: '2', text: 'Two days after' },
  ]),
  whenClosed: selectField('On a day on which the team is closed', [
    { value: 'skip', text: 'It does not take place' },
    { value: 'move', text: 'It takes place on the next working day' },
  ]),
  reminders: selectField(
    'Reminders for who has not answered',
    reminderChoices,
    'Everybody can choose otherwise for themselves.',
  ),
  start: dateField('From which day on', 'Every second week is counted from the week of this day.'),
  until: optional(dateField('Until', 'Leave it empty if it goes on.')),
  times: optional(numberField('Or how many times', { decimal: false, min: 1, max: 1000 })),
  zone: optionalText('Time zone', { hint: 'Like Europe/Berlin. Empty: that of the team, also when it moves.' }),
});

/** `words`: the rule and its next dates; they follow whatever is chosen below. */
export function ritualFormFor(asked: RitualAsked, words: Mrkdwn): ModalView {
  const { teamId, ritual, days, until, times, digestDays, ...start } = asked;
  return ritualForm.view(
    { teamId, ...(ritual && { ritual }) },
    {
      above: [section(words)],
      live: actions.drawRitual.id,
      options: {
        which: start.often.startsWith('month') ? whiches.map((value) => ({ value, text: whichWords[value] })) : [],
      },
      start: {
        ...start,
        days: days.join(' '),
        digestDays: String(digestDays),
        ...(until !== undefined && { until }),
        ...(times !== undefined && { times: String(times) }),
      },
    },
  );
}

export const saveRitualForm = form('ritual/save', { title: 'Save it like this?', submit: 'Save' }, RitualAsked, {});

export function ritualPreview(asked: RitualAsked, words: readonly Mrkdwn[]): ModalView {
  const again = buttons(button('Change it', actions.changeRitualDraft, asked));
  return saveRitualForm.view(asked, { above: [...words.map(section), again] });
}

const follows = 'ritual';
const ownLevel = z.enum(reminderLevels);

export const preferencesForm = form('ritual.preferences', { title: 'How I am asked', submit: 'Save' }, z.object({}), {
  time: optional(
    timeField(
      'Ask me at',
      'On my own clock, by rituals that ask each at their own hour. Empty: at the hour of the ritual.',
    ),
  ),
  quietFrom: optional(
    timeField('Leave me alone from', 'On my own clock. Empty: from 20:00 to 07:00, unless the hour is my own.'),
  ),
  quietTo: optional(timeField('Until', 'The same time as above means: never.')),
  reminders: selectField('Remind me', [{ value: follows, text: 'As the ritual says' }, ...reminderChoices]),
});

export interface OwnWay {
  readonly time: string | null;
  readonly quietFrom: string | null;
  readonly quietTo: string | null;
  readonly reminders: z.infer<typeof ownLevel> | null;
}

export function preferencesFormFor(own: OwnWay | undefined, zone: string): ModalView {
  const { time, quietFrom, quietTo, reminders } = own ?? {
    time: null,
    quietFrom: null,
    quietTo: null,
    reminders: null,
  };
  return preferencesForm.view(
    {},
    {
      above: [
        section(
          lines(
            md`Slack says your clock is that of *${zone}*. Change it in Slack's preferences if you live elsewhere.`,
            md`\`/ml away\` says when you are not there; then nobody asks you.`,
          ),
        ),
      ],
      start: {
        reminders: reminders ?? follows,
        ...(time !== null && { time }),
        ...(quietFrom !== null && { quietFrom }),
        ...(quietTo !== null && { quietTo }),
      },
    },
  );
}

/** What the form says, with null for what follows the ritual. */
export function ownWayOf(values: {
  time: string | undefined;
  quietFrom: string | undefined;
  quietTo: string | undefined;
  reminders: string;
}): OwnWay {
  return {
    time: values.time ?? null,
    quietFrom: values.quietFrom ?? null,
    quietTo: values.quietTo ?? null,
    reminders: ownLevel.safeParse(values.reminders).data ?? null,
  };
}
