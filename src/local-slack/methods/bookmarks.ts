import { z } from 'zod';
import { visibleToBot } from '../channels.ts';
import type { Channel } from '../data.ts';
import { newId, seconds } from '../ids.ts';
import type { Fields } from '../json.ts';
import { viewersOf } from '../posting.ts';
import { refuse } from '../refusal.ts';
import { changed, type World } from '../world.ts';
import { method, type Method, text } from './method.ts';

const most = 100;

function writable(world: World, id: string): Channel {
  const channel = visibleToBot(world, id);
  return channel.archived ? refuse('is_archived') : channel;
}

function checkedLink(link: string): string {
  return /^https?:\/\//.test(link) && URL.canParse(link) ? link : refuse('invalid_link');
}

function checkedEmoji(emoji: string): string {
  return /^:[a-z0-9_+'-]+:$/.test(emoji) ? emoji : refuse('invalid_emoji');
}

/** Who wrote it last, and when. */
function signature(world: World): Fields {
  return { last_updated_by_user_id: world.app.botUserId, last_updated_by_team_id: world.team.id };
}

const add = method({
  scopes: ['bookmarks:write'],
  tier: 2,
  args: z.object({
    channel_id: z.string(),
    title: z.string(),
    type: z.string(),
    link: text,
    emoji: text,
    entity_id: text,
    parent_id: text,
  }),
  run(world, args) {
    const channel = writable(world, args.channel_id);
    if (args.type !== 'link') refuse('invalid_bookmark_type');
    if (channel.bookmarks.length >= most) refuse('too_many_bookmarks');
    const bookmark = {
      id: newId(world, 'Bk'),
      channel_id: channel.id,
      title: args.title,
      link: checkedLink(args.link ?? ''),
      emoji: args.emoji ? checkedEmoji(args.emoji) : '',
      icon_url: null,
      type: 'link',
      entity_id: null,
      date_created: seconds(world),
      date_updated: 0,
      rank: 'U',
      ...signature(world),
      shortcut_id: null,
      app_id: world.app.id,
    };
    channel.bookmarks.push(bookmark);
    changed(world, viewersOf(channel));
    return { bookmark };
  },
});

function bookmarkIn(channel: Channel, id: string): Fields {
  return channel.bookmarks.find((each) => each['id'] === id) ?? refuse('not_found');
}

const edit = method({
  scopes: ['bookmarks:write'],
  tier: 2,
  args: z.object({ channel_id: z.string(), bookmark_id: z.string(), title: text, link: text, emoji: text }),
  run(world, args) {
    const channel = writable(world, args.channel_id);
    const bookmark = bookmarkIn(channel, args.bookmark_id);
    Object.assign(bookmark, {
      ...(args.title ? { title: args.title } : {}),
      ...(args.link ? { link: checkedLink(args.link) } : {}),
      ...(args.emoji ? { emoji: checkedEmoji(args.emoji) } : {}),
      date_updated: seconds(world),
      ...signature(world),
    });
    changed(world, viewersOf(channel));
    return { bookmark };
  },
});

const list = method({
  scopes: ['bookmarks:read'],
  tier: 3,
  args: z.object({ channel_id: z.string() }),
  run: (world, args) => ({ bookmarks: visibleToBot(world, args.channel_id).bookmarks }),
});

const remove = method({
  scopes: ['bookmarks:write'],
  tier: 2,
  args: z.object({ channel_id: z.string(), bookmark_id: z.string() }),
  run(world, args) {
    const channel = writable(world, args.channel_id);
    const bookmark = bookmarkIn(channel, args.bookmark_id);
    channel.bookmarks.splice(channel.bookmarks.indexOf(bookmark), 1);
    changed(world, viewersOf(channel));
    return {};
  },
});

export const bookmarks: Record<string, Method> = {
  'bookmarks.add': add,
  'bookmarks.edit': edit,
  'bookmarks.list': list,
  'bookmarks.remove': remove,
};
