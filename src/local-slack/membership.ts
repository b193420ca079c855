import { botIsIn } from './channels.ts';
import type { Channel } from './data.ts';
import { emit } from './events.ts';
import { addMessage, viewersOf } from './posting.ts';
import { changed, type World } from './world.ts';

const letters = { channel: 'C', private: 'G', im: 'D', mpim: 'G' } as const;

export function joinChannel(world: World, channel: Channel, user: string, inviter?: string): void {
  channel.members.push(user);
  const isBot = user === world.app.botUserId;
  addMessage(world, channel, { user, bot: isBot, subtype: 'channel_join', text: `<@${user}> has joined the channel` });
  changed(world, [user]);
  if (!botIsIn(world, channel)) return;
  void emit(world, 'member_joined_channel', {
    type: 'member_joined_channel',
    user,
    channel: channel.id,
    channel_type: letters[channel.kind],
    team: world.team.id,
    ...(inviter ? { inviter } : {}),
  });
}

export function leaveChannel(world: World, channel: Channel, user: string): void {
  const heard = botIsIn(world, channel);
  channel.members.splice(channel.members.indexOf(user), 1);
  changed(world, [user, ...(viewersOf(channel) ?? channel.members)]);
  if (!heard) return;
  const event = {
    type: 'member_left_channel',
    user,
    channel: channel.id,
    channel_type: letters[channel.kind],
    team: world.team.id,
  };
  void emit(world, 'member_left_channel', event);
}
