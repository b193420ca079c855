import { z } from 'zod';
import { act, putValue } from './acts/action.ts';
import { runCommand } from './acts/command.ts';
import { archive, create, rename, topic } from './acts/channel.ts';
import { edit, openApp, react, read, remove, say } from './acts/message.ts';
import { invite, join, kick, leave } from './acts/membership.ts';
import { closeView, submitView } from './acts/modal.ts';
import type { Outcome } from './acts/outcome.ts';
import { pin, share } from './acts/pin-and-share.ts';
import { messageShortcut, shortcut } from './acts/shortcut.ts';
import { suggest } from './acts/suggest.ts';
import type { World } from './world.ts';

const container = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), channel: z.string(), ts: z.string() }),
  z.object({ type: z.literal('view'), view_id: z.string() }),
]);
const touch = { container, block_id: z.string(), action_id: z.string() };
const by = { user: z.string() };

const deed = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    ...by,
    channel: z.string(),
    text: z.string().min(1),
    thread_ts: z.string().optional(),
  }),
  z.object({
    kind: z.literal('command'),
    ...by,
    channel: z.string(),
    text: z.string(),
    thread_ts: z.string().optional(),
  }),
  z.object({ kind: z.literal('action'), ...by, ...touch, value: z.unknown().optional() }),
  z.object({ kind: z.literal('input'), ...by, ...touch, value: z.unknown().optional() }),
  z.object({ kind: z.literal('suggest'), ...by, ...touch, query: z.string() }),
  z.object({ kind: z.literal('submit'), ...by, view_id: z.string() }),
  z.object({ kind: z.literal('close'), ...by, view_id: z.string(), all: z.boolean().optional() }),
  z.object({ kind: z.literal('shortcut'), ...by, callback_id: z.string() }),
  z.object({
    kind: z.literal('message_shortcut'),
    ...by,
    callback_id: z.string(),
    channel: z.string(),
    ts: z.string(),
  }),
  z.object({ kind: z.literal('open_home'), ...by }),
  z.object({ kind: z.literal('open_dm'), ...by }),
  z.object({ kind: z.literal('react'), ...by, channel: z.string(), ts: z.string(), name: z.string() }),
  z.object({ kind: z.literal('edit'), ...by, channel: z.string(), ts: z.string(), text: z.string().min(1) }),
  z.object({ kind: z.literal('delete'), ...by, channel: z.string(), ts: z.string() }),
  z.object({ kind: z.literal('read'), ...by, channel: z.string() }),
  z.object({ kind: z.literal('join'), ...by, channel: z.string() }),
  z.object({ kind: z.literal('leave'), ...by, channel: z.string() }),
  z.object({ kind: z.literal('invite'), ...by, channel: z.string(), invited: z.string() }),
  z.object({ kind: z.literal('kick'), ...by, channel: z.string(), kicked: z.string() }),
  z.object({ kind: z.literal('create_channel'), ...by, name: z.string(), is_private: z.boolean().default(false) }),
  z.object({ kind: z.literal('rename_channel'), ...by, channel: z.string(), name: z.string() }),
  z.object({ kind: z.literal('archive_channel'), ...by, channel: z.string(), archived: z.boolean().default(true) }),
  z.object({ kind: z.literal('set_topic'), ...by, channel: z.string(), text: z.string() }),
  z.object({ kind: z.literal('pin'), ...by, channel: z.string(), ts: z.string(), pinned: z.boolean().default(true) }),
  z.object({ kind: z.literal('share'), ...by, channel: z.string(), file: z.string(), text: z.string().default('') }),
]);
export type Deed = z.infer<typeof deed>;

/** One door for the page and for tests: everything a person can do in Slack. */
export async function perform(world: World, given: unknown): Promise<Outcome> {
  const read = deed.safeParse(given);
  if (!read.success) return { ok: false, error: `invalid_act: ${z.prettifyError(read.error)}` };
  if (!world.data.people.some(({ id, deleted }) => id === read.data.user && !deleted))
    return { ok: false, error: 'user_not_found' };
  return done(world, read.data);
}

async function done(world: World, given: Deed): Promise<Outcome> {
  const { user } = given;
  switch (given.kind) {
    case 'message':
      return say(world, user, given.channel, given.text, given.thread_ts);
    case 'command':
      return runCommand(world, user, given.channel, given.text, given.thread_ts !== undefined);
    case 'action':
      return act(world, user, given);
    case 'input':
      return putValue(world, user, given);
    case 'suggest':
      return suggest(world, user, given, given.query);
    case 'submit':
      return submitView(world, user, given.view_id);
    case 'close':
      return closeView(world, user, given.view_id, given.all);
    case 'shortcut':
      return shortcut(world, user, given.callback_id);
    case 'message_shortcut':
      return messageShortcut(world, user, given.callback_id, given.channel, given.ts);
    case 'open_home':
      return openApp(world, user, 'home');
    case 'open_dm':
      return openApp(world, user, 'messages');
    case 'react':
      return react(world, user, given.channel, given.ts, given.name);
    case 'edit':
      return edit(world, user, given.channel, given.ts, given.text);
    case 'delete':
      return remove(world, user, given.channel, given.ts);
    case 'read':
      return read(world, user, given.channel);
    case 'join':
      return join(world, user, given.channel);
    case 'leave':
      return leave(world, user, given.channel);
    case 'invite':
      return invite(world, user, given.channel, given.invited);
    case 'kick':
      return kick(world, user, given.channel, given.kicked);
    case 'create_channel':
      return create(world, user, given.name, given.is_private);
    case 'rename_channel':
      return rename(world, user, given.channel, given.name);
    case 'archive_channel':
      return archive(world, user, given.channel, given.archived);
    case 'set_topic':
      return topic(world, user, given.channel, given.text);
    case 'pin':
      return pin(world, user, given.channel, given.ts, given.pinned);
    case 'share':
      return share(world, user, given.channel, given.file, given.text);
  }
}

export const faultSchema = z.object({
  method: z.string(),
  kind: z.enum(['ratelimited', 'http500', 'lostAnswer', 'slow', 'hang', 'refused']),
  times: z.number().int().positive(),
  retryAfter: z.number().optional(),
  ms: z.number().optional(),
  error: z.string().optional(),
});
