import { botIsIn } from './channels.ts';
import type { Channel, Message } from './data.ts';
import { emit } from './events.ts';
import { viewersOf } from './posting.ts';
import { changed, type World } from './world.ts';

/** Takes the reaction away again with `on` false. */
export async function setReaction(
  world: World,
  channel: Channel,
  message: Message,
  { user, name, on }: { user: string; name: string; on: boolean },
): Promise<void> {
  const others = message.reactions.find((each) => each.name === name)?.users.filter((each) => each !== user) ?? [];
  const users = on ? [...others, user] : others;
  const known = message.reactions.some((each) => each.name === name);
  message.reactions = (known ? message.reactions : [...message.reactions, { name, users }])
    .map((each) => (each.name === name ? { name, users } : each))
    .filter((each) => each.users.length > 0);
  changed(world, viewersOf(channel));
  if (!botIsIn(world, channel)) return;
  const type = on ? 'reaction_added' : 'reaction_removed';
  const item = { type: 'message', channel: channel.id, ts: message.ts };
  await emit(world, type, { type, user, reaction: name, item, item_user: message.user }, channel);
}
