import { z } from 'zod';
import type { PersonAtWork } from './person.ts';

const by = { user: z.string() };
const words = z.union([z.string(), z.array(z.string())]);
const values = z.record(z.string(), words);
const where = z
  .object({
    channel: z.string().exactOptional(),
    containing: z.string().exactOptional(),
    ts: z.string().exactOptional(),
  })
  .default({});
const there = { channel: z.string() };
/** A message is told by its ts, or as the newest with some words in it. */
const message = { ...there, ts: z.string().optional(), containing: z.string().default('') };

/** What a person does, by what they see. */
export const remoteDeed = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('command'),
    ...by,
    text: z.string(),
    channel: z.string().optional(),
    thread: z.string().optional(),
  }),
  z.object({
    do: z.literal('say'),
    ...by,
    text: z.string(),
    channel: z.string().exactOptional(),
    thread: z.string().exactOptional(),
  }),
  z.object({ do: z.literal('press'), ...by, label: z.string(), where }),
  z.object({ do: z.literal('choose'), ...by, label: z.string(), option: words, where }),
  z.object({ do: z.literal('fill'), ...by, values }),
  z.object({ do: z.literal('submit'), ...by, values: values.default({}) }),
  z.object({ do: z.literal('close'), ...by }),
  z.object({ do: z.literal('shortcut'), ...by, name: z.string(), message: z.object(message).optional() }),
  z.object({ do: z.literal('react'), ...by, emoji: z.string(), ...message }),
  z.object({ do: z.literal('edit'), ...by, text: z.string(), ...message }),
  z.object({ do: z.literal('delete'), ...by, ...message }),
  z.object({ do: z.literal('pin'), ...by, ...message }),
  z.object({ do: z.literal('unpin'), ...by, ...message }),
  z.object({
    do: z.literal('share'),
    ...by,
    ...there,
    name: z.string(),
    content: z.string().default(''),
    base64: z.string().optional(),
    text: z.string().default(''),
  }),
  z.object({ do: z.literal('join'), ...by, ...there }),
  z.object({ do: z.literal('leave'), ...by, ...there }),
  z.object({ do: z.literal('invite'), ...by, ...there, who: z.string() }),
  z.object({ do: z.literal('kick'), ...by, ...there, who: z.string() }),
  z.object({ do: z.literal('create'), ...by, name: z.string(), isPrivate: z.boolean().default(false) }),
  z.object({ do: z.literal('rename'), ...by, ...there, name: z.string() }),
  z.object({ do: z.literal('archive'), ...by, ...there }),
  z.object({ do: z.literal('unarchive'), ...by, ...there }),
  z.object({ do: z.literal('topic'), ...by, ...there, text: z.string() }),
  z.object({
    do: z.literal('see'),
    ...by,
    what: z.enum(['channel', 'thread', 'dm', 'ephemerals', 'modal', 'home', 'canvas']),
    channel: z.string().default('dm'),
    ts: z.string().default(''),
  }),
  z.object({ do: z.literal('find'), ...by, ...there, containing: z.string() }),
]);
type Deed = z.infer<typeof remoteDeed>;

type Pointed = { channel: string; ts?: string | undefined; containing: string };

export async function performRemotely(me: PersonAtWork, deed: Deed): Promise<unknown> {
  const pointed = async ({ channel, ts, containing }: Pointed) => ts ?? me.find(channel, containing);
  switch (deed.do) {
    case 'command':
      return me.command(deed.text, deed.channel, deed.thread);
    case 'say':
      return me.say(deed.text, deed);
    case 'press':
      return me.press(deed.label, deed.where);
    case 'choose':
      return me.choose(deed.label, deed.option, deed.where);
    case 'fill':
      return me.fill(deed.values);
    case 'submit':
      return me.submit(deed.values);
    case 'close':
      return me.closeModal();
    case 'shortcut': {
      const { name, message: about } = deed;
      if (!about) return me.shortcut(name);
      return me.shortcut(name, { message: { channel: about.channel, ts: await pointed(about) } });
    }
    case 'react':
      return me.react(deed.emoji, deed.channel, await pointed(deed));
    case 'edit':
      return me.edit(deed.text, deed.channel, await pointed(deed));
    case 'delete':
      return me.remove(deed.channel, await pointed(deed));
    case 'pin':
      return me.pin(deed.channel, await pointed(deed));
    case 'unpin':
      return me.unpin(deed.channel, await pointed(deed));
    case 'share': {
      const content = deed.base64 === undefined ? deed.content : Buffer.from(deed.base64, 'base64');
      return me.share({ name: deed.name, content }, deed.channel, deed.text);
    }
    case 'join':
      return me.join(deed.channel);
    case 'leave':
      return me.leave(deed.channel);
    case 'invite':
      return me.invite(deed.who, deed.channel);
    case 'kick':
      return me.kick(deed.who, deed.channel);
    case 'create':
      return me.createChannel(deed.name, { isPrivate: deed.isPrivate });
    case 'rename':
      return me.rename(deed.channel, deed.name);
    case 'archive':
      return me.archive(deed.channel);
    case 'unarchive':
      return me.unarchive(deed.channel);
    case 'topic':
      return me.topic(deed.channel, deed.text);
    case 'find':
      return me.find(deed.channel, deed.containing);
    case 'see':
      return seen(me, deed);
  }
}

function seen(me: PersonAtWork, { what, channel, ts }: Extract<Deed, { do: 'see' }>): unknown {
  switch (what) {
    case 'channel':
      return me.channel(channel);
    case 'thread':
      return me.thread(channel, ts);
    case 'dm':
      return me.dm();
    case 'ephemerals':
      return me.ephemerals();
    case 'canvas':
      return me.canvas(channel) ?? null;
    case 'modal':
      return me.modal() ?? null;
    case 'home':
      return me.home();
  }
}
