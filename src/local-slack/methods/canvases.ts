import { z } from 'zod';
import { joinedByBot } from '../channels.ts';
import type { Channel } from '../data.ts';
import { newId, seconds } from '../ids.ts';
import { viewersOf } from '../posting.ts';
import { refuse } from '../refusal.ts';
import { changed, type World } from '../world.ts';
import { json, method, type Method, text } from './method.ts';

const longest = 1024 * 1024;
const document = z.object({ type: z.literal('markdown'), markdown: z.string() });

/** A canvas is a file that holds Markdown. */
function make(world: World, title: string | undefined, content: unknown, channel: Channel | undefined): string {
  const read = document.safeParse(content ?? { type: 'markdown', markdown: '' });
  if (!read.success) refuse('canvas_creation_failed', { detail: 'document_content must be of type markdown' });
  const bytes = Buffer.from(read.data.markdown);
  if (bytes.length > longest) refuse('canvas_creation_failed', { detail: 'document_content is too long' });
  const id = newId(world, 'F');
  const name = title ?? 'Untitled';
  world.data.files.push({
    id,
    name: `${name}.md`,
    title: name,
    mimetype: 'application/vnd.slack-docs',
    size: bytes.length,
    created: seconds(world),
    bytes: bytes.toString('base64'),
    complete: true,
  });
  if (channel) {
    channel.canvas = id;
    changed(world, viewersOf(channel));
  }
  return id;
}

const create = method({
  scopes: ['canvases:write'],
  tier: 2,
  args: z.object({ title: text, document_content: json, channel_id: text }),
  run(world, args) {
    const channel = args.channel_id ? joinedByBot(world, args.channel_id) : undefined;
    return { canvas_id: make(world, args.title, args.document_content, channel) };
  },
});

const createInChannel = method({
  scopes: ['canvases:write'],
  tier: 2,
  args: z.object({ channel_id: z.string(), title: text, document_content: json }),
  run(world, args) {
    const channel = joinedByBot(world, args.channel_id);
    if (channel.archived) refuse('is_archived');
    if (channel.canvas) refuse('channel_canvas_already_exists');
    return { canvas_id: make(world, args.title, args.document_content, channel) };
  },
});

export const canvases: Record<string, Method> = {
  'canvases.create': create,
  'conversations.canvases.create': createInChannel,
};
