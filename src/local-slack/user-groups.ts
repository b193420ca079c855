import type { UserGroup } from './data.ts';
import { emit } from './events.ts';
import { seconds } from './ids.ts';
import type { Fields } from './json.ts';
import { changed, type World } from './world.ts';

function wireGroup(world: World, group: UserGroup): Fields {
  const { id, handle, name, users } = group;
  const at = seconds(world);
  return {
    id,
    team_id: world.team.id,
    is_usergroup: true,
    is_subteam: true,
    name,
    description: '',
    handle,
    is_external: false,
    date_create: at,
    date_update: at,
    date_delete: 0,
    auto_provision: false,
    created_by: '',
    prefs: { channels: [], groups: [] },
    users,
    user_count: users.length,
  };
}

/** Makes a user group, or changes the one of this id. */
export async function setUserGroup(world: World, group: UserGroup): Promise<void> {
  const found = world.data.userGroups.find(({ id }) => id === group.id);
  const before = found?.users ?? [];
  if (found) Object.assign(found, structuredClone(group));
  else world.data.userGroups.push(structuredClone(group));
  changed(world);
  const type = found ? 'subteam_updated' : 'subteam_created';
  await emit(world, type, { type, subteam: wireGroup(world, group) });
  const added = group.users.filter((user) => !before.includes(user));
  const removed = before.filter((user) => !group.users.includes(user));
  if (!found || added.length + removed.length === 0) return;
  await emit(world, 'subteam_members_changed', {
    type: 'subteam_members_changed',
    subteam_id: group.id,
    team_id: world.team.id,
    date_previous_update: seconds(world),
    date_update: seconds(world),
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
  });
}
