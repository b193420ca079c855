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

export function emailOf(person: Person): string {
  return `${person.name}@example.com`;
}

function offsetSeconds(tz: string, at: number): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value;
  const found = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '');
  return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 3600 + Number(found[3]) * 60) : 0;
}

/** People of Slack Connect channels belong to another workspace. */
export function teamOf(world: World, user: string): string {
  return personById(world, user)?.kind === 'foreign' ? 'T0FOREIGN' : world.team.id;
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
    tz_label: tz,
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
    ...(person.kind === 'foreign' ? { is_stranger: true } : {}),
    updated: 0,
  };
}
