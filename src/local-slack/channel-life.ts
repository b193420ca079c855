import { botIsIn } from './channels.ts';
import type { Channel } from './data.ts';
import { emit } from './events.ts';
import { seconds } from './ids.ts';
import type { Fields } from './json.ts';
import { foreignTeam } from './people.ts';
import { addMessage } from './posting.ts';
import { changed, type World } from './world.ts';

/** Of public channels every app hears, of private ones only those inside. */
async function tell(world: World, channel: Channel, what: string, event: Fields): Promise<void> {
  if (channel.kind === 'im' || channel.kind === 'mpim') return;
  const isPrivate = channel.kind === 'private';
  if (isPrivate && !botIsIn(world, channel)) return;
  const type = `${isPrivate ? 'group' : 'channel'}_${what}`;
  await emit(world, type, { type, ...event }, channel);
}

function notice(
  world: World,
  channel: Channel,
  user: string,
  subtype: string,
  said: string,
  details: Fields,
): Promise<void> {
  const bot = user === world.app.botUserId;
  return addMessage(world, channel, { user, bot, subtype, text: `<@${user}> ${said}`, details }).delivered;
}

/** There is no such event for private channels. */
export async function tellCreated(world: World, channel: Channel): Promise<void> {
  if (channel.kind !== 'channel') return;
  const { id, name, created, creator } = channel;
  const flags = { is_channel: true, is_group: false, is_im: false, is_mpim: false, is_private: false };
  const sharing = { is_shared: false, is_org_shared: false, is_ext_shared: false, is_pending_ext_shared: false };
  const whole = { id, name, name_normalized: name, created, creator, context_team_id: world.team.id };
  const state = { is_archived: false, is_frozen: false, is_general: false };
  await tell(world, channel, 'created', { channel: { ...whole, ...flags, ...sharing, ...state } });
}

export async function renameChannel(world: World, channel: Channel, user: string, name: string): Promise<void> {
  const { id, created, name: oldName } = channel;
  channel.name = name;
  const said = `has renamed the channel from "${oldName}" to "${name}"`;
  const noticed = notice(world, channel, user, 'channel_name', said, { old_name: oldName, name });
  const isChannel = channel.kind === 'channel';
  const renamed = { id, name, name_normalized: name, created, is_channel: isChannel, is_mpim: false };
  changed(world);
  await Promise.all([noticed, tell(world, channel, 'rename', { channel: renamed })]);
}

export async function archiveChannel(world: World, channel: Channel, user: string, archived: boolean): Promise<void> {
  const what = archived ? 'archive' : 'unarchive';
  const noticed = notice(world, channel, user, `channel_${what}`, `${what}d the channel`, {});
  channel.archived = archived;
  changed(world);
  const moved = archived ? { is_moved: 0 } : {};
  await Promise.all([noticed, tell(world, channel, what, { channel: channel.id, user, ...moved })]);
}

export async function noteOnChannel(
  world: World,
  channel: Channel,
  user: string,
  field: 'topic' | 'purpose',
  value: string,
): Promise<void> {
  channel[field] = { value, creator: user, last_set: seconds(world) };
  const said = value === '' ? `cleared the channel ${field}` : `set the channel ${field}: ${value}`;
  await notice(world, channel, user, `channel_${field}`, said, { [field]: value });
}

/** Shared with another workspace by Slack Connect, or no longer. */
export async function shareChannel(world: World, channel: Channel, shared: boolean): Promise<void> {
  channel.shared = shared;
  changed(world);
  const type = shared ? 'channel_shared' : 'channel_unshared';
  const team = shared ? { connected_team_id: foreignTeam } : { previously_connected_team_id: foreignTeam };
  const state = shared ? {} : { is_ext_shared: false };
  if (!botIsIn(world, channel) && channel.kind !== 'channel') return;
  await emit(world, type, { type, channel: channel.id, ...team, ...state }, channel);
}
