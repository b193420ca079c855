import type { Person } from './data.ts';
import { emit } from './events.ts';
import { seconds } from './ids.ts';
import { wireUser } from './people.ts';
import { changed, type World } from './world.ts';

/** Somebody new needs a name and a real name. */
export function setPerson(world: World, id: string, patch: Partial<Person>): void {
  const known = world.data.people.find((each) => each.id === id);
  if (!known && (patch.name === undefined || patch.realName === undefined)) {
    throw new Error(`There is no person ${id}, and a new one needs a name and a real name.`);
  }
  const person = known ?? { id, name: '', realName: '' };
  Object.assign(person, patch);
  if (!known) world.data.people.push(person);
  changed(world);
  const type = known ? 'user_change' : 'team_join';
  void emit(world, type, { type, user: wireUser(world, person), cache_ts: seconds(world) });
}
