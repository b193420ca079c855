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

const slackbot = 'USLACKBOT';

/** What a deleted message leaves behind when there are replies to it. */
export const tombstone = { user: slackbot, bot: false, subtype: 'tombstone', text: 'This message was deleted.' };

function isBroadcast({ broadcast, threadTs, ts }: Message): boolean {
  return broadcast === true && threadTs !== undefined && threadTs !== ts;
}

export function subtypeOf(message: Message): string | undefined {
  if (message.subtype) return message.subtype;
  if (isBroadcast(message)) return 'thread_broadcast';
  return !message.bot && (message.files?.length ?? 0) > 0 ? 'file_share' : undefined;
}

/** People of another workspace come with where they are from. */
function writer(world: World, message: Message): Fields {
  const team = teamOf(world, message.user);
  const person = world.data.people.find(({ id }) => id === message.user);
  if (message.user === slackbot) return {};
  if (team === world.team.id || !person) return { team };
  const { name, realName } = person;
  const profile = { name, first_name: realName.split(' ')[0], real_name: realName, display_name: name, team };
  return { team, user_team: team, source_team: team, user_profile: profile };
}

function identity(world: World, message: Message): Fields {
  if (message.bot) return { bot_id: world.app.botId, app_id: world.app.id, bot_profile: botProfile(world) };
  return message.subtype ? {} : { client_msg_id: message.ts.replace('.', '-') };
}

function root(world: World, channel: Channel, message: Message): Fields {
  const parent = isBroadcast(message) && channel.messages.find(({ ts }) => ts === message.threadTs);
  return parent ? { root: wireMessage(world, channel, parent) } : {};
}

export function wireMessage(world: World, channel: Channel, message: Message, withMetadata = false): Fields {
  const files = (message.files ?? []).map((id) => fileById(world, id)).filter((file) => file !== undefined);
  const subtype = subtypeOf(message);
  return {
    type: 'message',
    ...(subtype ? { subtype } : {}),
    ...(subtype === 'tombstone' ? { hidden: true } : {}),
    user: message.user,
    text: message.text,
    ts: message.ts,
    ...writer(world, message),
    ...identity(world, message),
    ...message.details,
    ...root(world, channel, message),
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
