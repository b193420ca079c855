import { botIsIn, channelById } from './channels.ts';
import type { ScheduledMessage } from './data.ts';
import { postAsBot } from './posting.ts';
import type { World } from './world.ts';

/** Slack's documented fault is kept: a scheduled message with metadata never appears. */
export function sendWhenDue(world: World, message: ScheduledMessage): void {
  world.later(Math.max(0, message.postAt * 1000 - world.now()), () => {
    const at = world.data.scheduled.indexOf(message);
    if (at < 0) return;
    world.data.scheduled.splice(at, 1);
    const channel = channelById(world, message.channel);
    if (!channel || channel.archived || message.content.metadata) return;
    if (!botIsIn(world, channel) && !world.app.scopes.has('chat:write.public')) return;
    postAsBot(world, channel, message.content, { threadTs: message.threadTs, broadcast: message.broadcast });
  });
}
