import { botIsIn } from './channels.ts';
import type { Channel, StoredFile } from './data.ts';
import { emit } from './events.ts';
import type { World } from './world.ts';

/** A new file is in these channels. */
export async function tellShared(
  world: World,
  file: StoredFile,
  user: string,
  channels: readonly Channel[],
): Promise<void> {
  const about = { file_id: file.id, user_id: user, file: { id: file.id } };
  const known = channels.filter((channel) => botIsIn(world, channel));
  if (known.length > 0) await emit(world, 'file_created', { type: 'file_created', ...about });
  if (known.some(({ kind }) => kind === 'channel')) await emit(world, 'file_public', { type: 'file_public', ...about });
  for (const channel of known) {
    await emit(world, 'file_shared', { type: 'file_shared', ...about, channel_id: channel.id }, channel);
  }
}
