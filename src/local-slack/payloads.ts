import type { Channel, Message, ViewRecord } from './data.ts';
import { newTs } from './ids.ts';
import type { Fields } from './json.ts';
import { wireMessage } from './messages.ts';
import { personById, teamOf } from './people.ts';
import { newTrigger } from './triggers.ts';
import { wireView } from './views.ts';
import type { World } from './world.ts';

export const token = 'local-verification-token';

export function channelName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}

/** What every interaction carries. */
export function interaction(world: World, type: string, user: string): Fields {
  const name = personById(world, user)?.name ?? user;
  return {
    type,
    user: { id: user, username: name, name, team_id: teamOf(world, user) },
    api_app_id: world.app.id,
    token,
    team: { id: world.team.id, domain: world.team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function withTrigger(world: World, user: string): Fields {
  return { trigger_id: newTrigger(world, user) };
}

export function actionTs(world: World): string {
  return newTs(world);
}

export function inChannel(channel: Channel): Fields {
  return { channel: { id: channel.id, name: channelName(channel) } };
}

export function messageContainer(channel: Channel, message: Message): Fields {
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: message.ephemeralTo !== undefined,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    ...inChannel(channel),
  };
}

export function wholeMessage(world: World, channel: Channel, message: Message): Fields {
  return message.ephemeralTo ? {} : { message: wireMessage(world, channel, message) };
}

export function viewContainer(world: World, record: ViewRecord): Fields {
  return { container: { type: 'view', view_id: record.id }, view: wireView(world, record) };
}
