import type { Person } from './data.ts';
import type { Fields } from './json.ts';
import type { World } from './world.ts';

function botPerson(world: World): Person {
  return { id: world.app.botUserId, name: world.app.botName, realName: world.app.botName, kind: 'bot' };
}

export function everyone(world: World): Person[] {
  return [...world.data.people, botPerson(world)];
}

export function personById(world: World, id: string): Person | undefined {
  return everyone(world).find((person) => person.id === id);
}

/** What others call somebody: their name with or without @, or their id. */
export function personCalled(world: World, who: string): string {
  const bare = who.replace(/^@/, '');
  return everyone(world).find(({ id, name }) => id === who || name === bare)?.id ?? who;
}

export function emailOf(person: Person): string {
  return `${person.name}@example.com`;
}

function zoneName(tz: string, at: number, timeZoneName: 'long' | 'longOffset'): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? tz;
}

function offsetSeconds(tz: string, at: number): number {
  const found = /GMT([+-])(\d\d):(\d\d)/.exec(zoneName(tz, at, 'longOffset'));
  return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 3600 + Number(found[3]) * 60) : 0;
}

export const foreignTeam = 'T0FOREIGN';

/** People of Slack Connect channels belong to another workspace. */
export function teamOf(world: World, user: string): string {
  return personById(world, user)?.kind === 'foreign' ? foreignTeam : world.team.id;
}

/** Whoever shares a channel with the app is no stranger to it. */
function isStranger(world: World, id: string): boolean {
  return !world.data.channels.some(
    ({ shared, members }) => shared && members.includes(id) && members.includes(world.app.botUserId),
  );
}

export function wireUser(world: World, person: Person): Fields {
  const tz = person.tz ?? 'Etc/UTC';
  const withEmail = person.kind !== 'bot' && person.kind !== 'foreign' && world.app.scopes.has('users:read.email');
  return {
    id: person.id,
    team_id: teamOf(world, person.id),
    name: person.name,
    deleted: person.deleted ?? false,
    real_name: person.realName,
    tz,
    tz_label: zoneName(tz, world.now(), 'long'),
    tz_offset: offsetSeconds(tz, world.now()),
    profile: {
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.name,
      display_name_normalized: person.name,
      title: person.title ?? '',
      ...(withEmail ? { email: emailOf(person) } : {}),
      team: teamOf(world, person.id),
    },
    is_admin: false,
    is_owner: false,
    is_bot: person.kind === 'bot',
    is_app_user: false,
    is_restricted: person.kind === 'guest',
    is_ultra_restricted: false,
    ...(person.kind === 'foreign' ? { is_stranger: isStranger(world, person.id) } : {}),
    updated: 0,
  };
}
