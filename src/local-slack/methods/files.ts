import { z } from 'zod';
import { joinedByBot } from '../channels.ts';
import type { StoredFile } from '../data.ts';
import { fileById, mimetypeOf, wireFile } from '../files.ts';
import { newId, seconds } from '../ids.ts';
import { checkedContent, postAsBot } from '../posting.ts';
import { refuse } from '../refusal.ts';
import { tellShared } from '../sharing.ts';
import { longestSnippet, snippetTypes } from '../snippets.ts';
import { changed, type World } from '../world.ts';
import { written } from '../writes.ts';
import { parentIn } from './chat.ts';
import { count, json, method, type Method, text } from './method.ts';

const largest = 1024 ** 3;
const longestAlt = 1000;
const mostChannels = 100;

const getUrl = method({
  scopes: ['files:write'],
  tier: 4,
  args: z.object({ filename: z.string().min(1), length: z.coerce.number().int(), alt_txt: text, snippet_type: text }),
  run(world, args) {
    const { length, snippet_type: snippet } = args;
    if (length <= 0) refuse('missing_argument');
    if (length > largest) refuse('file_upload_size_restricted');
    if (snippet && !snippetTypes.has(snippet)) refuse('unknown_snippet_type');
    if (snippet && length > longestSnippet) refuse('snippet_too_large');
    if ((args.alt_txt?.length ?? 0) > longestAlt) refuse('alt_txt_too_large');
    const id = newId(world, 'F');
    world.data.files.push({
      id,
      name: args.filename,
      title: args.filename,
      alt: args.alt_txt,
      mimetype: snippet ? 'text/plain' : mimetypeOf(args.filename),
      size: length,
      created: seconds(world),
      complete: false,
      ...(snippet ? { snippet } : {}),
    });
    return { upload_url: `${world.url}/upload/${id}`, file_id: id };
  },
});

const asked = z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1);

/** Without a channel the file stays private to the app, and a picture block may show it. */
const complete = method({
  scopes: ['files:write'],
  tier: 4,
  args: z.object({
    files: json.pipe(asked),
    channel_id: text,
    channels: text,
    thread_ts: text,
    initial_comment: text,
    blocks: json,
  }),
  run(world, args) {
    const files = args.files.map(({ id, title }) => {
      const file = fileById(world, id);
      if (!file?.bytes || file.complete) return refuse('file_not_found');
      return { file, title: title ?? file.title };
    });
    const ids = [args.channel_id, ...(args.channels?.split(',') ?? [])].filter((id) => id !== undefined && id !== '');
    if (ids.length > mostChannels) refuse('channels_limit_exceeded');
    const channels = ids.map((id) => joinedByBot(world, id ?? ''));
    if (channels.some(({ archived }) => archived)) refuse('is_archived');
    for (const channel of channels) parentIn(channel, args.thread_ts);
    const about = { method: 'files.completeUploadExternal', kind: 'message' } as const;
    const draft = { text: args.initial_comment, blocks: args.initial_comment ? undefined : args.blocks };
    const contents = channels.map(() =>
      draft.text || draft.blocks ? written(world, about, draft, () => checkedContent(world, draft)) : { text: '' },
    );
    for (const { file, title } of files) Object.assign(file, { title, complete: true });
    const shared = files.map(({ file }) => file.id);
    for (const [index, channel] of channels.entries()) {
      postAsBot(world, channel, contents[index] ?? { text: '' }, { files: shared, threadTs: args.thread_ts });
    }
    for (const { file } of files) void tellShared(world, file, world.app.botUserId, channels);
    return { files: files.map(({ file }) => wireFile(world, file)) };
  },
});

function fileCalled(world: World, id: string): StoredFile {
  const file = fileById(world, id);
  if (!file?.complete) return refuse('file_not_found');
  return file.deleted ? refuse('file_deleted') : file;
}

const info = method({
  scopes: ['files:read'],
  tier: 4,
  args: z.object({ file: z.string(), limit: count, cursor: text }),
  run(world, args) {
    const file = fileCalled(world, args.file);
    const isText = file.snippet !== undefined && file.bytes !== undefined;
    const content = isText ? { content: Buffer.from(file.bytes ?? '', 'base64').toString() } : {};
    return { file: wireFile(world, file), ...content, comments: [], response_metadata: { next_cursor: '' } };
  },
});

const remove = method({
  scopes: ['files:write'],
  tier: 3,
  args: z.object({ file: z.string() }),
  run(world, args) {
    const file = fileCalled(world, args.file);
    if (file.user !== undefined && file.user !== world.app.botUserId) refuse('cant_delete_file');
    if (file.sections) refuse('delete_not_allowed');
    Object.assign(file, { deleted: true, bytes: undefined });
    changed(world);
    return {};
  },
});

export const files: Record<string, Method> = {
  'files.info': info,
  'files.delete': remove,
  'files.getUploadURLExternal': getUrl,
  'files.completeUploadExternal': complete,
};
