import { z } from 'zod';
import { emailOf, everyone, personById, wireUser } from '../people.ts';
import { page } from '../paging.ts';
import { seconds } from '../ids.ts';
import { refuse } from '../refusal.ts';
import { count, flag, method, type Method, text } from './method.ts';

const info = method({
  scopes: ['users:read'],
  tier: 4,
  args: z.object({ user: z.string() }),
  run(world, args) {
    const person = personById(world, args.user) ?? refuse('user_not_found');
    return { user: wireUser(world, person) };
  },
});

const list = method({
  scopes: ['users:read'],
  tier: 2,
  args: z.object({ limit: count, cursor: text }),
  run(world, args) {
    const { items, response_metadata } = page(everyone(world), args, 1000);
    return { members: items.map((person) => wireUser(world, person)), cache_ts: seconds(world), response_metadata };
  },
});

const lookupByEmail = method({
  scopes: ['users:read.email'],
  tier: 3,
  args: z.object({ email: z.string() }),
  run(world, args) {
    const person = world.data.people.find(
      (each) => each.kind !== 'foreign' && !each.deleted && emailOf(each) === args.email,
    );
    return { user: wireUser(world, person ?? refuse('users_not_found')) };
  },
});

const groups = method({
  scopes: ['usergroups:read'],
  tier: 2,
  args: z.object({ include_count: flag, include_users: flag }),
  run: (world, args) => ({
    usergroups: world.data.userGroups.map(({ id, handle, name, users }) => ({
      id,
      team_id: world.team.id,
      is_usergroup: true,
      handle,
      name,
      date_delete: 0,
      ...(args.include_count ? { user_count: users.length } : {}),
      ...(args.include_users ? { users } : {}),
    })),
  }),
});

const groupUsers = method({
  scopes: ['usergroups:read'],
  tier: 2,
  args: z.object({ usergroup: z.string() }),
  run(world, args) {
    const group = world.data.userGroups.find(({ id }) => id === args.usergroup) ?? refuse('no_such_subteam');
    return { users: group.users };
  },
});

export const users: Record<string, Method> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.list': groups,
  'usergroups.users.list': groupUsers,
};
