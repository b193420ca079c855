import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../slack/blocks.ts';
import {
  channelField,
  dateField,
  form,
  optional,
  optionalText,
  selectManyField,
  textField,
  userField,
  usersField,
} from '../../slack/forms.ts';
import { channelLink, join, lines, md, type Mrkdwn, person } from '../../slack/mrkdwn.ts';
import type { MemberOf } from './queries.ts';
import { differences, roleNames, type TeamInput } from './rules.ts';
import { type Absence, type Role, roles, type Team } from './schema.ts';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const dayName = (day: number) => dayNames[day - 1] ?? String(day);

function hours({ hoursFrom, hoursTo, workdays, zone }: Omit<TeamInput, 'name' | 'channel' | 'leadId'>): string {
  const days = workdays.join('') === '12345' ? 'Mon–Fri' : workdays.map(dayName).join(', ');
  return `${days} ${hoursFrom}–${hoursTo}, ${zone}`;
}

export function teamCard(team: Team, members: readonly MemberOf[], away: readonly Absence[]): Message {
  const held = roles.filter((role) => role !== 'stk');
  const rows = held.map((role) => roleLine(role, holding(members, role)));
  const stakeholders = holding(members, 'stk');
  const none = members.filter((member) => member.roles.length === 0);
  return message(
    md`Team ${team.name} is led by ${person(team.leadId)} and talks in ${channelLink(team.channel)}.`,
    section(
      lines(
        md`*${team.name}* in ${channelLink(team.channel)}, led by ${person(team.leadId)}`,
        md`Working hours: ${hours(team)}`,
      ),
    ),
    section(
      lines(
        ...rows,
        none.length > 0 && md`*Without a role*: ${people(none)}`,
        md`*Stakeholders*: ${stakeholders.length > 0 ? people(stakeholders) : 'none named'}`,
      ),
    ),
    away.length > 0 &&
      section(
        md`*Away*\n${join(
          away.map((each) => md`${person(each.personId)} from ${each.from} to ${each.until}`),
          '\n',
        )}`,
      ),
    buttons(
      button('Edit', actions.editTeam, { teamId: team.id }),
      button('Add people', actions.addToTeam, { teamId: team.id }),
    ),
    footnote(md`\`/ml away\` says when you are not there. \`/ml team import @group\` takes in a user group.`),
  );
}

function holding(members: readonly MemberOf[], role: Role): MemberOf[] {
  return members.filter((member) => member.roles.includes(role));
}

function people(members: readonly MemberOf[]): Mrkdwn {
  return join(
    members.slice(0, 30).map(({ personId }) => person(personId)),
    ', ',
  );
}

function roleLine(role: Role, members: readonly MemberOf[]): Mrkdwn {
  return members.length > 0
    ? md`*${roleNames[role]}*: ${people(members)}`
    : md`*${roleNames[role]}*: :grey_question: nobody yet`;
}

const times = { hint: 'Local time of the team, like 09:00.', max: 5 };

export const teamForm = form(
  'team',
  { title: 'Team', submit: 'Save' },
  /** Without a team it is a new one. */
  z.object({ team: z.object({ id: z.uuid(), revision: z.int() }).optional() }),
  {
    name: textField('Name', { max: 80 }),
    channel: channelField('Channel', 'Where the team talks. Alerts of its models have channels of their own.'),
    leadId: userField('Lead', 'Hears of gaps and decides when nobody else can.'),
    zone: textField('Time zone', { hint: 'Like Europe/Berlin.', max: 60 }),
    hoursFrom: textField('Day begins', times),
    hoursTo: textField('Day ends', times),
    workdays: selectManyField(
      'Working days',
      dayNames.map((text, index) => ({ text, value: String(index + 1) })),
    ),
  },
);

/** `others`: what somebody else saved meanwhile; the writer sees both and decides. */
export function teamFormFor(start: TeamInput, team?: { id: string; revision: number }, others?: Team): ModalView {
  return teamForm.view(team ? { team } : {}, {
    start: { ...start, workdays: start.workdays.join(' ') },
    ...(others && { above: [section(bothVersions(others, start))] }),
  });
}

const fieldNames: Readonly<Record<keyof TeamInput, string>> = {
  name: 'Name',
  channel: 'Channel',
  leadId: 'Lead',
  zone: 'Time zone',
  hoursFrom: 'Day begins',
  hoursTo: 'Day ends',
  workdays: 'Working days',
};
const fields = ['name', 'channel', 'leadId', 'zone', 'hoursFrom', 'hoursTo', 'workdays'] as const;

function bothVersions(theirs: Team, mine: TeamInput): Mrkdwn {
  const other = differences<TeamInput>(theirs, mine, fields);
  const shown = (team: TeamInput, field: string): Mrkdwn => {
    if (field === 'channel') return channelLink(team.channel);
    if (field === 'leadId') return person(team.leadId);
    return md`${field === 'workdays' ? team.workdays.map(dayName).join(', ') : String(team[field as 'name'])}`;
  };
  return md`:warning: *Somebody saved this team while you wrote.* Below stands what you typed. *Save* keeps yours, *Cancel* keeps theirs.\n${join(
    other.map(
      (field) => md`• ${fieldNames[field as 'name']}: theirs ${shown(theirs, field)}, yours ${shown(mine, field)}`,
    ),
    '\n',
  )}`;
}

export const addForm = form('team.add', { title: 'Add people', submit: 'Add' }, z.object({ teamId: z.uuid() }), {
  people: usersField('People'),
  roles: optional(
    selectManyField(
      'Roles',
      roles.map((value) => ({ value, text: roleNames[value] })),
      'Several are fine. Who is in already gets these roles instead.',
    ),
  ),
});

export const awayForm = form('away', { title: 'Away', submit: 'Save' }, z.object({}), {
  from: dateField('First day'),
  until: dateField('Last day', 'The last day you are not there.'),
  note: optionalText('Note', { hint: 'Only if your team should know, for example who stands in.' }),
});

export interface Candidates {
  readonly joining: readonly { readonly id: string; readonly name: string }[];
  /** "Bot: is an app" */
  readonly left: readonly string[];
}

/** Who would join from a user group: one click takes them in. */
export function importCard(team: Team, group: string, { joining, left }: Candidates): Message {
  return message(
    md`${joining.length} people of this user group would join ${team.name}.`,
    section(
      joining.length > 0
        ? md`*${team.name}* would take in ${join(
            joining.slice(0, 40).map(({ id }) => person(id)),
            ', ',
          )}${joining.length > 40 ? ` and ${joining.length - 40} more` : ''}. Their roles stay open: give them with *Add people*.`
        : md`Everybody of this user group who can be in *${team.name}* is in it already.`,
    ),
    left.length > 0 &&
      section(
        md`*Not taken in*\n${join(
          left.slice(0, 20).map((each) => md`• ${each}`),
          '\n',
        )}`,
      ),
    joining.length > 0 &&
      buttons(button('Take them in', actions.importGroup, { teamId: team.id, group }, { style: 'primary' })),
  );
}

export function leftMessage(team: Team): Message {
  return message(
    md`You left ${channelLink(team.channel)}, so you are no longer in team ${team.name}.`,
    section(
      md`You left ${channelLink(team.channel)}, so you are no longer in team *${team.name}*. What you held there is offered to others now.`,
    ),
    buttons(button('I am still in the team', actions.rejoinTeam, { teamId: team.id })),
    footnote(md`This works for a week. Your roles are then as they were.`),
  );
}
