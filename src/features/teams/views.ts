import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, message, type Message, section, sentence } from '../../slack/blocks.ts';
import { channelField, optional, selectManyField, textField, userField, usersField } from '../../slack/fields.ts';
import { form } from '../../slack/forms.ts';
import { channelLink, join, lines, md, type Mrkdwn, person, when } from '../../slack/mrkdwn.ts';
import { bothVersions, type Shown } from '../../slack/versions.ts';
import type { MemberOf } from './queries.ts';
import { type Away, roleNames, type TeamInput } from './rules.ts';
import { type Role, roles, type Team } from './schema.ts';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const dayName = (day: number) => dayNames[day - 1] ?? String(day);

function hours({ hoursFrom, hoursTo, workdays, zone }: Omit<TeamInput, 'name' | 'channel' | 'leadId'>): string {
  const days = workdays.join('') === '12345' ? 'Mon–Fri' : workdays.map(dayName).join(', ');
  return `${days} ${hoursFrom}–${hoursTo}, ${zone}`;
}

export function teamCard(team: Team, members: readonly MemberOf[], away: readonly Away[]): Message {
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
    away.length > 0 && section(md`*Away*\n${join(away.slice(0, 20).map(awayLine), '\n')}`),
    buttons(
      button('Edit', actions.editTeam, { teamId: team.id }),
      button('Add people', actions.addToTeam, { teamId: team.id }),
      button('Closing days', actions.showDays, { teamId: team.id }),
    ),
    footnote(md`\`/ml away\` says when you are not there. \`/ml team import @group\` takes in a user group.`),
  );
}

function awayLine({ personId, from, until, holiday }: Away): Mrkdwn {
  if (holiday !== null) return md`${person(personId)} on ${from}: ${holiday}`;
  return md`${person(personId)} from ${from} to ${until}`;
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
    ...(others && { above: [section(bothVersions<TeamInput>('team', others, start, shown))] }),
  });
}

const text = (value: string) => md`${value}`;
const shown: Shown<TeamInput> = {
  name: ['Name', text],
  channel: ['Channel', channelLink],
  leadId: ['Lead', person],
  zone: ['Time zone', text],
  hoursFrom: ['Day begins', text],
  hoursTo: ['Day ends', text],
  workdays: ['Working days', (days) => md`${days.map(dayName).join(', ')}`],
};

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

/** To who left the channel: one click says whether they leave the team, too. */
export function leftChannelCard(team: Team, answer: 'open' | 'stays' | 'left', until: Date): Message {
  const carried = { teamId: team.id };
  if (answer === 'stays') return sentence(md`You left ${channelLink(team.channel)} and stay in team *${team.name}*.`);
  if (answer === 'left')
    return sentence(md`You are no longer in team *${team.name}*. What you held there is offered to others now.`);
  return message(
    md`You left ${channelLink(team.channel)}. Do you leave team ${team.name}, too?`,
    section(md`You left ${channelLink(team.channel)}. Do you leave team *${team.name}*, too?`),
    buttons(
      button('I am still in the team', actions.stayInTeam, carried),
      button('I leave the team', actions.leaveTeam, carried),
    ),
    footnote(
      md`Without an answer you leave it ${when(until)}. What you hold there is then offered to others, so that nothing stays without an owner.`,
    ),
  );
}

export function stillLeadsCard(team: Team): Message {
  const words = md`You left ${channelLink(team.channel)}, and still lead team *${team.name}*. If somebody else shall lead it, choose them here.`;
  return message(words, section(words), buttons(button('Edit', actions.editTeam, { teamId: team.id })));
}
