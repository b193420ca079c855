import { randomHex } from './ids.ts';
import { refuse } from './refusal.ts';
import type { World } from './world.ts';

const lifetime = 3_000;

export function newTrigger(world: World, user: string): string {
  const id = `${Math.floor(world.now() * 1000)}.${world.triggers.size + 1}.${randomHex(16)}`;
  world.triggers.set(id, { user, issued: world.now(), used: false });
  return id;
}

/** Whose trigger it is; checking does not use it up, so a refused view may be sent again. */
export function checkTrigger(world: World, id: string): string {
  const trigger = world.triggers.get(id);
  if (!trigger) refuse('invalid_trigger_id');
  if (trigger.used) refuse('exchanged_trigger_id');
  if (world.now() - trigger.issued > lifetime) refuse('expired_trigger_id');
  return trigger.user;
}

export function useTrigger(world: World, id: string): void {
  const trigger = world.triggers.get(id);
  if (trigger) trigger.used = true;
}
