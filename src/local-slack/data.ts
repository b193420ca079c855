import { z } from 'zod';

const fields = z.record(z.string(), z.unknown());

const person = z.object({
  id: z.string(),
  name: z.string(),
  realName: z.string(),
  tz: z.string().optional(),
  title: z.string().optional(),
  kind: z.enum(['member', 'guest', 'foreign', 'bot']).optional(),
  deleted: z.boolean().optional(),
});
export type Person = z.infer<typeof person>;

const message = z.object({
  ts: z.string(),
  user: z.string(),
  text: z.string(),
  bot: z.boolean(),
  username: z.string().optional(),
  subtype: z.string().optional(),
  blocks: z.array(fields).optional(),
  attachments: z.array(fields).optional(),
  files: z.array(z.string()).optional(),
  threadTs: z.string().optional(),
  broadcast: z.boolean().optional(),
  ephemeralTo: z.string().optional(),
  edited: z.object({ user: z.string(), ts: z.string() }).optional(),
  metadata: fields.optional(),
  pinned: z.boolean().optional(),
  pinnedBy: z.string().optional(),
  pinnedAt: z.number().optional(),
  /** What a subtype says besides its text. */
  details: fields.optional(),
  reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()) })),
});
export type Message = z.infer<typeof message>;

const note = z.object({ value: z.string(), creator: z.string(), last_set: z.number() });
const channel = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['channel', 'private', 'im', 'mpim']),
  topic: note,
  purpose: note,
  members: z.array(z.string()),
  archived: z.boolean(),
  created: z.number(),
  creator: z.string(),
  messages: z.array(message),
  bookmarks: z.array(fields),
  lastRead: z.record(z.string(), z.string()),
  /** Shared with another workspace by Slack Connect. */
  shared: z.boolean().optional(),
  /** The file behind the channel's canvas tab. */
  canvas: z.string().optional(),
});
export type Channel = z.infer<typeof channel>;

const file = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  alt: z.string().optional(),
  mimetype: z.string(),
  size: z.number(),
  created: z.number(),
  bytes: z.string().optional(),
  complete: z.boolean(),
  user: z.string().optional(),
  /** Of what language a snippet is. */
  snippet: z.string().optional(),
  /** The parts of a canvas; its bytes are these put together. */
  sections: z.array(z.object({ id: z.string(), markdown: z.string() })).optional(),
  deleted: z.boolean().optional(),
});
export type StoredFile = z.infer<typeof file>;

const values = z.record(z.string(), z.record(z.string(), fields));
export type Values = z.infer<typeof values>;

const view = z.object({
  id: z.string(),
  user: z.string(),
  view: fields,
  values,
  hash: z.string(),
  externalId: z.string(),
  rootId: z.string(),
  previousId: z.string().nullable(),
  errors: z.record(z.string(), z.string()).optional(),
  busy: z.boolean().optional(),
});
export type ViewRecord = z.infer<typeof view>;

const scheduled = z.object({
  id: z.string(),
  channel: z.string(),
  postAt: z.number(),
  made: z.number(),
  threadTs: z.string().optional(),
  broadcast: z.boolean().optional(),
  content: message.pick({ text: true, blocks: true, attachments: true, metadata: true }),
});
export type ScheduledMessage = z.infer<typeof scheduled>;

const userGroup = z.object({ id: z.string(), handle: z.string(), name: z.string(), users: z.array(z.string()) });
export type UserGroup = z.infer<typeof userGroup>;

export const dataSchema = z.object({
  people: z.array(person),
  channels: z.array(channel),
  files: z.array(file),
  homes: z.record(z.string(), view),
  userGroups: z.array(userGroup),
  scheduled: z.array(scheduled).default([]),
  sequence: z.number(),
  lastTs: z.number(),
});
export type Data = z.infer<typeof dataSchema>;
