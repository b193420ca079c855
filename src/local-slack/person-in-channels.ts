import type { Outcome } from './acts/outcome.ts';
import type { Deed } from './control.ts';
import type { Channel } from './data.ts';
import { keepFile } from './files.ts';
import { fieldsOf, textOf } from './json.ts';
import { personCalled } from './people.ts';
import type { World } from './world.ts';

/** What a person does to channels and to what is in them. */
export interface ChannelDeeds {
  createChannel(name: string, opts?: { isPrivate?: boolean }): Promise<{ channel: string }>;
  rename(channel: string, name: string): Promise<Outcome>;
  archive(channel: string): Promise<Outcome>;
  unarchive(channel: string): Promise<Outcome>;
  topic(channel: string, text: string): Promise<Outcome>;
  kick(who: string, channel: string): Promise<Outcome>;
  pin(channel: string, ts: string): Promise<Outcome>;
  unpin(channel: string, ts: string): Promise<Outcome>;
  share(file: { name: string; content: string | Buffer }, channel: string, text?: string): Promise<{ ts: string }>;
}

export type DeedWithoutUser = Deed extends infer D ? (D extends Deed ? Omit<D, 'user'> : never) : never;

export function channelDeeds(
  world: World,
  user: string,
  deed: (given: DeedWithoutUser) => Promise<Outcome>,
  place: (name: string) => Channel,
): ChannelDeeds {
  /** What came of it, under this name. */
  async function made(given: DeedWithoutUser, name: string): Promise<string> {
    const done = await deed(given);
    if (!done.ok) throw new Error(`${user} cannot do this: ${done.error}`);
    return textOf(fieldsOf(done)[name]);
  }
  const archive = (channel: string, archived: boolean) =>
    deed({ kind: 'archive_channel', channel: place(channel).id, archived });
  const pin = (channel: string, ts: string, pinned: boolean) =>
    deed({ kind: 'pin', channel: place(channel).id, ts, pinned });
  return {
    async createChannel(name, { isPrivate = false } = {}) {
      return { channel: await made({ kind: 'create_channel', name, is_private: isPrivate }, 'channel') };
    },
    rename: (channel, name) => deed({ kind: 'rename_channel', channel: place(channel).id, name }),
    archive: (channel) => archive(channel, true),
    unarchive: (channel) => archive(channel, false),
    topic: (channel, text) => deed({ kind: 'set_topic', channel: place(channel).id, text }),
    kick: (who, channel) => deed({ kind: 'kick', channel: place(channel).id, kicked: personCalled(world, who) }),
    pin: (channel, ts) => pin(channel, ts, true),
    unpin: (channel, ts) => pin(channel, ts, false),
    async share({ name, content }, channel, text = '') {
      const file = keepFile(world, name, Buffer.from(content), user).id;
      return { ts: await made({ kind: 'share', channel: place(channel).id, file, text }, 'ts') };
    },
  };
}
