import { botIsIn } from './channels.ts';
import type { Channel, Message } from './data.ts';
import { fileById, filesShown, fileUrl } from './files.ts';
import type { Fields } from './json.ts';
import { repliesTo, subtypeOf } from './messages.ts';
import { everyone, personById } from './people.ts';
import { pictureSize } from './picture-size.ts';
import { stackOf, wireView } from './views.ts';
import type { World } from './world.ts';

export function isShownTo(message: Message, viewer: string): boolean {
  return message.ephemeralTo === undefined || message.ephemeralTo === viewer;
}

function filesOf(world: World, message: Message): Fields[] {
  return filesShown(world, message.files).map((file) => ({
    id: file.id,
    name: file.name,
    mimetype: file.mimetype,
    url: fileUrl(world, file),
    alt: file.alt ?? file.title,
  }));
}

/** For the page a message with files is like any other. */
function shownSubtype(message: Message): string | undefined {
  const subtype = subtypeOf(message);
  return subtype === 'file_share' ? undefined : subtype;
}

function messageFor(world: World, channel: Channel, message: Message, viewer: string): Fields {
  const replies = repliesTo(channel, message.ts);
  return {
    ts: message.ts,
    user: message.user,
    ...(message.bot ? { botName: message.username ?? world.app.botName } : {}),
    ...(message.subtype === 'tombstone' ? { botName: 'Slackbot' } : {}),
    ...(shownSubtype(message) ? { subtype: shownSubtype(message) } : {}),
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    files: filesOf(world, message),
    threadTs: message.threadTs,
    replies: replies.length,
    replyTs: replies.map(({ ts }) => ts),
    reactions: message.reactions,
    edited: message.edited !== undefined,
    ephemeral: message.ephemeralTo !== undefined,
    pinned: message.pinned ?? false,
    metadata: message.metadata,
    state: { values: world.messageValues.get(`${channel.id} ${message.ts} ${viewer}`) ?? {} },
  };
}

/** A conversation without a name of its own is called by the others in it. */
function shownName(world: World, channel: Channel, viewer: string): string {
  if (channel.kind !== 'im' && channel.kind !== 'mpim') return channel.name;
  const others = channel.members.filter(
    (member) => member !== viewer && (channel.kind === 'im' || member !== world.app.botUserId),
  );
  return others.map((member) => personById(world, member)?.name ?? '').join(', ');
}

export function canvasText(world: World, channel: Channel): string | undefined {
  return fileById(world, channel.canvas ?? '')
    ?.sections?.map((section) => section.markdown)
    .join('\n\n');
}

function canvasOf(world: World, channel: Channel): Fields {
  const file = fileById(world, channel.canvas ?? '');
  if (!file) return {};
  return { canvas: { title: file.title, markdown: canvasText(world, channel) ?? '' } };
}

function channelFor(world: World, channel: Channel, viewer: string): Fields {
  const isMember = channel.members.includes(viewer);
  const shown = isMember ? channel.messages.filter((message) => isShownTo(message, viewer)) : [];
  const lastRead = Number(channel.lastRead[viewer] ?? 0);
  const other = channel.members.find((member) => member !== viewer);
  return {
    id: channel.id,
    name: shownName(world, channel, viewer),
    kind: channel.kind,
    ...(channel.kind === 'im' ? { with: other } : {}),
    topic: channel.topic.value,
    purpose: channel.purpose.value,
    members: channel.members,
    isMember,
    hasApp: botIsIn(world, channel),
    lastRead: channel.lastRead[viewer] ?? '0',
    unread: shown.filter(({ ts, user }) => Number(ts) > lastRead && user !== viewer).length,
    archived: channel.archived,
    ...(isMember ? canvasOf(world, channel) : {}),
    bookmarks: channel.bookmarks.map(({ title, link }) => ({ title, link })),
    messages: shown.map((message) => messageFor(world, channel, message, viewer)),
  };
}

/** Guests and people of another workspace know only the channels they are in. */
export function seesChannel(world: World, channel: Channel, viewer: string): boolean {
  if (channel.members.includes(viewer)) return true;
  return channel.kind === 'channel' && (personById(world, viewer)?.kind ?? 'member') === 'member';
}

/** All that one person can see. */
export function snapshot(world: World, viewer: string): Fields {
  const { app, team } = world;
  const people = everyone(world).map((person) => ({
    kind: 'member',
    deleted: false,
    tz: 'Etc/UTC',
    title: '',
    ...person,
  }));
  const home = world.data.homes[viewer];
  const isStranger = personById(world, viewer)?.kind === 'foreign';
  return {
    team,
    app: { name: app.name, botUserId: app.botUserId, homeTab: app.homeTab },
    me: people.find(({ id }) => id === viewer) ?? null,
    people,
    userGroups: world.data.userGroups.map(({ id, handle, name }) => ({ id, handle, name })),
    pictures: Object.fromEntries(world.data.files.map((file) => [file.id, pictureSize(file)])),
    commands: (isStranger ? [] : app.commands).map(({ command, usage_hint, description }) => ({
      command,
      usageHint: usage_hint,
      description,
    })),
    shortcuts: (isStranger ? [] : app.shortcuts).map(({ callback_id, name, type }) => ({
      callbackId: callback_id,
      name,
      type,
    })),
    channels: world.data.channels
      .filter((channel) => seesChannel(world, channel, viewer))
      .map((channel) => channelFor(world, channel, viewer)),
    views: stackOf(world, viewer).map((record) => ({
      ...wireView(world, record),
      errors: record.errors,
      busy: record.busy ?? false,
    })),
    home: home ? wireView(world, home) : null,
  };
}
