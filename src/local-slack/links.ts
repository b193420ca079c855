import { botIsIn } from './channels.ts';
import type { Channel, Message } from './data.ts';
import { emit } from './events.ts';
import type { World } from './world.ts';

/** An app hears of links to the domains it asked for in its manifest. */
export async function tellLinks(world: World, channel: Channel, message: Message): Promise<void> {
  const addresses = [...message.text.matchAll(/<(https?:\/\/[^|>\s]+)/g)].map(([, url = '']) => url);
  const links = [...new Set(addresses)].flatMap((url) => {
    const host = URL.parse(url)?.hostname ?? '';
    const domain = world.app.unfurlDomains.find((each) => host === each || host.endsWith(`.${each}`));
    return domain ? [{ url, domain }] : [];
  });
  if (links.length === 0) return;
  const event = {
    type: 'link_shared',
    channel: channel.id,
    is_bot_user_member: botIsIn(world, channel),
    user: message.user,
    message_ts: message.ts,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    links,
    unfurl_id: `${channel.id}-${message.ts}`,
    source: 'conversations_history',
  };
  await emit(world, 'link_shared', event, channel);
}
