import { botIsIn } from './channels.ts';
import type { Channel } from './data.ts';
import { emit } from './events.ts';
import { teamOf } from './people.ts';
import { addMessage, viewersOf } from './posting.ts';
import { changed, type World } from './world.ts';

const letters = { channel: 'C', private: 'G', im: 'D', mpim: 'G' } as const;

type MemberEvent = 'member_joined_channel' | 'member_left_channel';

/** Which scope an app needs to hear of a channel depends on its kind. */
async function tell(world: World, type: MemberEvent, channel: Channel, user: string, inviter?: string): Promise<void> {
  if (!world.app.scopes.has(channel.kind === 'channel' ? 'channels:read' : 'groups:read')) return;
  const about = { user, channel: channel.id, channel_type: letters[channel.kind], team: teamOf(world, user) };
  await emit(world, type, { type, ...about, ...(inviter ? { inviter } : {}) }, channel);
}

/** The effect is there at once; the promise ends when the app has heard of it. */
export async function joinChannel(world: World, channel: Channel, user: string, inviter?: string): Promise<void> {
  channel.members.push(user);
  const text = `<@${user}> has joined the channel`;
  const bot = user === world.app.botUserId;
  const details = inviter ? { inviter } : undefined;
  const { delivered } = addMessage(world, channel, { user, bot, subtype: 'channel_join', text, details });
  changed(world, [user]);
  if (botIsIn(world, channel)) {
    await Promise.all([delivered, tell(world, 'member_joined_channel', channel, user, inviter)]);
  }
}

/** An app that left a channel hears that it left, and nothing more from there. */
export async function leaveChannel(world: World, channel: Channel, user: string, actor = user): Promise<void> {
  channel.members.splice(channel.members.indexOf(user), 1);
  if (user === world.app.botUserId) {
    changed(world, viewersOf(channel));
    const type = channel.kind === 'channel' ? 'channel_left' : 'group_left';
    return emit(world, type, { type, channel: channel.id, actor_id: actor }, channel);
  }
  const text = `<@${user}> has left the channel`;
  const { delivered } = addMessage(world, channel, { user, bot: false, subtype: 'channel_leave', text });
  changed(world, [user]);
  if (botIsIn(world, channel)) await Promise.all([delivered, tell(world, 'member_left_channel', channel, user)]);
}
