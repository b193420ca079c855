import { botIsIn } from './channels.ts';
import type { Channel } from './data.ts';
import { emit } from './events.ts';
import type { Fields } from './json.ts';
import { addMessage, viewersOf } from './posting.ts';
import { changed, type World } from './world.ts';

const letters = { channel: 'C', private: 'G', im: 'D', mpim: 'G' } as const;

function event(world: World, type: string, channel: Channel, user: string): Fields {
  return { type, user, channel: channel.id, channel_type: letters[channel.kind], team: world.team.id };
}

/** The effect is there at once; the promise ends when the app has heard of it. */
export async function joinChannel(world: World, channel: Channel, user: string, inviter?: string): Promise<void> {
  channel.members.push(user);
  const text = `<@${user}> has joined the channel`;
  const bot = user === world.app.botUserId;
  const { delivered } = addMessage(world, channel, { user, bot, subtype: 'channel_join', text });
  changed(world, [user]);
  const joined = { ...event(world, 'member_joined_channel', channel, user), ...(inviter ? { inviter } : {}) };
  if (botIsIn(world, channel)) await Promise.all([delivered, emit(world, 'member_joined_channel', joined)]);
}

export async function leaveChannel(world: World, channel: Channel, user: string): Promise<void> {
  const heard = botIsIn(world, channel);
  channel.members.splice(channel.members.indexOf(user), 1);
  changed(world, [user, ...(viewersOf(channel) ?? channel.members)]);
  if (heard) await emit(world, 'member_left_channel', event(world, 'member_left_channel', channel, user));
}
