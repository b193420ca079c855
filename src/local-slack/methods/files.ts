import { z } from 'zod';
import { joinedByBot } from '../channels.ts';
import { fileById, mimetypeOf, wireFile } from '../files.ts';
import { newId, seconds } from '../ids.ts';
import { checkedContent, postAsBot } from '../posting.ts';
import { refuse } from '../refusal.ts';
import { written } from '../writes.ts';
import { json, method, type Method, text } from './method.ts';

const getUrl = method({
  scopes: ['files:write'],
  tier: 4,
  args: z.object({
    filename: z.string().min(1),
    length: z.coerce.number().int().positive(),
    alt_txt: text,
    snippet_type: text,
  }),
  run(world, args) {
    const id = newId(world, 'F');
    world.data.files.push({
      id,
      name: args.filename,
      title: args.filename,
      alt: args.alt_txt,
      mimetype: mimetypeOf(args.filename),
      size: args.length,
      created: seconds(world),
      complete: false,
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
    const channels = ids.map((id) => joinedByBot(world, id ?? ''));
    if (channels.some(({ archived }) => archived)) refuse('is_archived');
    for (const { file, title } of files) Object.assign(file, { title, complete: true });
    const shared = files.map(({ file }) => file.id);
    for (const channel of channels) {
      const blocks = args.initial_comment ? undefined : args.blocks;
      const about = { method: 'files.completeUploadExternal', kind: 'message' } as const;
      const draft = { text: args.initial_comment, blocks };
      const content =
        draft.text || blocks ? written(world, about, draft, () => checkedContent(world, draft)) : { text: '' };
      postAsBot(world, channel, content, { files: shared, threadTs: args.thread_ts });
    }
    return { files: files.map(({ file }) => wireFile(world, file)) };
  },
});

export const files: Record<string, Method> = {
  'files.getUploadURLExternal': getUrl,
  'files.completeUploadExternal': complete,
};
