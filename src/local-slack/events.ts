import { botIsIn } from './channels.ts';
import type { Channel, Message } from './data.ts';
import { newId, newTs, randomHex, seconds } from './ids.ts';
import type { Fields } from './json.ts';
import { wireMessage } from './messages.ts';
import { deliverEvent } from './transports.ts';
import type { World } from './world.ts';

const feeds = {
  channel: 'message.channels',
  private: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
} as const;
const types = { channel: 'channel', private: 'group', im: 'im', mpim: 'mpim' } as const;

const endings = ['app_uninstalled', 'tokens_revoked'];

/** Only what the manifest subscribes to is sent. */
export async function emit(world: World, subscription: string, event: Fields, channel?: Channel): Promise<void> {
  if (!world.app.events.has(subscription)) return;
  if (!world.installed && !endings.includes(subscription)) return;
  // What tells of the end of the installation names none.
  const isOver = subscription === 'app_uninstalled';
  const authorization = { enterprise_id: null, team_id: world.team.id, user_id: world.app.botUserId };
  await deliverEvent(world, {
    token: 'local-verification-token',
    team_id: world.team.id,
    context_team_id: world.team.id,
    context_enterprise_id: null,
    api_app_id: world.app.id,
    event: { event_ts: newTs(world), ...event },
    type: 'event_callback',
    event_id: newId(world, 'Ev'),
    event_time: seconds(world),
    ...(!isOver && { authorizations: [{ ...authorization, is_bot: true, is_enterprise_install: false }] }),
    is_ext_shared_channel: channel?.shared === true,
    event_context: `4-${randomHex(12)}`,
  });
}

export async function emitMessage(world: World, channel: Channel, message: Message): Promise<void> {
  if (!botIsIn(world, channel)) return;
  const wire = { ...wireMessage(world, channel, message), channel: channel.id, event_ts: message.ts };
  const sent = [emit(world, feeds[channel.kind], { ...wire, channel_type: types[channel.kind] }, channel)];
  const mentioned = message.text.includes(`<@${world.app.botUserId}>`);
  if (mentioned && !message.bot && !message.subtype && channel.kind !== 'im') {
    sent.push(emit(world, 'app_mention', { ...wire, type: 'app_mention' }, channel));
  }
  await Promise.all(sent);
}

export async function emitChange(world: World, channel: Channel, before: Fields, after?: Fields): Promise<void> {
  if (!botIsIn(world, channel)) return;
  await emit(world, feeds[channel.kind], {
    type: 'message',
    subtype: after ? 'message_changed' : 'message_deleted',
    hidden: true,
    channel: channel.id,
    ts: newTs(world),
    ...(after ? { message: after } : { deleted_ts: before['ts'] }),
    previous_message: before,
    channel_type: types[channel.kind],
  });
}
