import { z } from 'zod';
import { type CanvasChange, changedSections, matchesSection, sectionsOf, writeCanvas } from '../canvas.ts';
import { joinedByBot } from '../channels.ts';
import type { Channel, StoredFile } from '../data.ts';
import { fileById } from '../files.ts';
import { newId, seconds } from '../ids.ts';
import { viewersOf } from '../posting.ts';
import { refuse, refuseArguments } from '../refusal.ts';
import { changed, type World } from '../world.ts';
import { json, method, type Method, text } from './method.ts';

const longest = 1024 * 1024;
const document = z.object({ type: z.literal('markdown'), markdown: z.string() });

/** A canvas is a file that holds Markdown. */
function make(world: World, title: string | undefined, content: unknown, channel: Channel | undefined): string {
  const read = document.safeParse(content ?? { type: 'markdown', markdown: '' });
  if (!read.success) refuse('canvas_creation_failed', { detail: 'document_content must be of type markdown' });
  if (read.data.markdown.length > longest) refuse('canvas_creation_failed', { detail: 'document_content is too long' });
  const id = newId(world, 'F');
  const name = title ?? 'Untitled';
  const mimetype = 'application/vnd.slack-docs';
  const file = { id, name: `${name}.md`, title: name, mimetype, size: 0, created: seconds(world), complete: true };
  writeCanvas(file, sectionsOf(read.data.markdown));
  world.data.files.push(file);
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

function canvasCalled(world: World, id: string): StoredFile {
  const file = fileById(world, id);
  return file?.sections && !file.deleted ? file : refuse('canvas_not_found');
}

/** Those who look at a channel with this canvas. */
function shown(world: World, file: StoredFile): void {
  for (const channel of world.data.channels) {
    if (channel.canvas === file.id) changed(world, viewersOf(channel));
  }
}

const content = document.extend({ markdown: z.string().max(longest) });
const change = z.discriminatedUnion('operation', [
  z.object({
    operation: z.enum(['insert_after', 'insert_before']),
    section_id: z.string(),
    document_content: content,
  }),
  z.object({ operation: z.enum(['insert_at_start', 'insert_at_end']), document_content: content }),
  z.object({ operation: z.literal('replace'), section_id: text, document_content: content }),
  z.object({ operation: z.literal('delete'), section_id: z.string() }),
  z.object({ operation: z.literal('rename'), title_content: content }),
]);

/** What is asked for, less its wrapping; a rename changes no section. */
function unwrapped(asked: Exclude<z.infer<typeof change>, { operation: 'rename' }>): CanvasChange {
  if (asked.operation === 'delete') return asked;
  const { markdown } = asked.document_content;
  if (asked.operation === 'replace') return { operation: 'replace', section_id: asked.section_id, markdown };
  return { ...asked, markdown };
}

const edit = method({
  scopes: ['canvases:write'],
  tier: 3,
  args: z.object({
    canvas_id: z.string(),
    changes: json.pipe(z.array(change).min(1).max(1, 'no more than 1 items allowed')),
  }),
  run(world, args) {
    const file = canvasCalled(world, args.canvas_id);
    for (const asked of args.changes) {
      if (asked.operation === 'rename') {
        const title = asked.title_content.markdown;
        Object.assign(file, { title, name: `${title}.md` });
        continue;
      }
      const sections = changedSections(file.sections ?? [], unwrapped(asked));
      if (!sections) return refuse('canvas_editing_failed', { detail: 'section not found' });
      writeCanvas(file, sections);
    }
    shown(world, file);
    return {};
  },
});

const remove = method({
  scopes: ['canvases:write'],
  tier: 3,
  args: z.object({ canvas_id: z.string() }),
  run(world, args) {
    const file = canvasCalled(world, args.canvas_id);
    shown(world, file);
    for (const channel of world.data.channels) if (channel.canvas === file.id) channel.canvas = undefined;
    Object.assign(file, { deleted: true, bytes: undefined });
    return {};
  },
});

const criteria = z.object({
  section_types: z
    .array(z.enum(['any_header', 'h1', 'h2', 'h3']))
    .min(1)
    .max(3)
    .optional(),
  contains_text: text,
});

const lookup = method({
  scopes: ['canvases:read'],
  tier: 3,
  args: z.object({ canvas_id: z.string(), criteria: json.pipe(criteria) }),
  run(world, args) {
    if (fileById(world, args.canvas_id)?.deleted) refuse('canvas_deleted');
    const file = canvasCalled(world, args.canvas_id);
    const { section_types: types, contains_text: said } = args.criteria;
    if (!types && !said) refuseArguments(['missing required field: section_types [json-pointer:/criteria]']);
    const found = (file.sections ?? []).filter((section) => matchesSection(section, args.criteria));
    return { sections: found.map(({ id }) => ({ id })) };
  },
});

export const canvases: Record<string, Method> = {
  'canvases.create': create,
  'canvases.delete': remove,
  'canvases.edit': edit,
  'canvases.sections.lookup': lookup,
  'conversations.canvases.create': createInChannel,
};
