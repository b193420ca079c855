import { isReply } from './messages.ts';
import { now } from './store.ts';
import type { Channel, Message } from './types.ts';

/** What others said here since this person last looked; replies count in their thread. */
export function unreadIn(channel: Channel, since = channel.lastRead): Message[] {
  const last = Number(since);
  return channel.messages.filter(
    (message) => Number(message.ts) > last && message.user !== now().user && !isReply(message),
  );
}

function calls(message: Message): boolean {
  const said = JSON.stringify([message.text, message.blocks, message.attachments]);
  return said.includes(now().user) || /<!(here|channel|everyone)/.test(said) || said.includes('"broadcast"');
}

/** A number only where somebody is spoken to: in direct messages, and where they are mentioned. */
export function callsIn(channel: Channel): number {
  const unread = unreadIn(channel);
  return channel.kind === 'im' || channel.kind === 'mpim' ? unread.length : unread.filter(calls).length;
}
