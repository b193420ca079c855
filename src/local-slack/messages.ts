import type { Channel, Message } from './data.ts';
import { fileById, wireFile } from './files.ts';
import type { Fields } from './json.ts';
import { teamOf } from './people.ts';
import { refuse } from './refusal.ts';
import type { World } from './world.ts';

function botProfile(world: World): Fields {
  return {
    id: world.app.botId,
    app_id: world.app.id,
    name: world.app.botName,
    icons: { image_36: '', image_48: '', image_72: '' },
    deleted: false,
    updated: 0,
    team_id: world.team.id,
  };
}

export function repliesTo(channel: Channel, ts: string): Message[] {
  return channel.messages.filter((message) => message.threadTs === ts && message.ts !== ts && !message.ephemeralTo);
}

function threadFields(channel: Channel, message: Message): Fields {
  if (message.threadTs && message.threadTs !== message.ts) {
    const parent = channel.messages.find(({ ts }) => ts === message.threadTs);
    return { thread_ts: message.threadTs, parent_user_id: parent?.user };
  }
  const replies = repliesTo(channel, message.ts);
  const last = replies.at(-1);
  if (!last) return {};
  const users = [...new Set(replies.map(({ user }) => user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: last.ts,
    reply_users: users,
    is_locked: false,
    subscribed: false,
  };
}

export function wireMessage(world: World, channel: Channel, message: Message, withMetadata = false): Fields {
  const files = (message.files ?? []).map((id) => fileById(world, id)).filter((file) => file !== undefined);
  return {
    type: 'message',
    ...(message.subtype ? { subtype: message.subtype } : {}),
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: teamOf(world, message.user),
    ...(message.bot
      ? { bot_id: world.app.botId, app_id: world.app.id, bot_profile: botProfile(world) }
      : { client_msg_id: message.ts.replace('.', '-') }),
    ...(message.username ? { username: message.username } : {}),
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(files.length > 0 ? { files: files.map((file) => wireFile(world, file)) } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.pinned ? { pinned_to: [channel.id] } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
    ...(message.reactions.length > 0
      ? { reactions: message.reactions.map((reaction) => ({ ...reaction, count: reaction.users.length })) }
      : {}),
    ...threadFields(channel, message),
  };
}

export function messageAt(channel: Channel, ts: string): Message {
  const message = channel.messages.find((each) => each.ts === ts && !each.ephemeralTo);
  if (!message) refuse('message_not_found');
  return message;
}

export function permalink(world: World, channel: Channel, message: Message): string {
  const base = `https://${world.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`;
  const { threadTs } = message;
  return threadTs && threadTs !== message.ts ? `${base}?thread_ts=${threadTs}&cid=${channel.id}` : base;
}
