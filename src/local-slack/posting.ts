import { blockProblems, problemLine, togetherProblems } from './blocks/validate.ts';
import type { Problem } from './blocks/check.ts';
import { surfaceLimits } from './blocks/limits.ts';
import { normaliseBlocks } from './blocks/normalise.ts';
import type { Channel, Message } from './data.ts';
import { emitMessage } from './events.ts';
import { fileById, isReadyPicture } from './files.ts';
import { newTs } from './ids.ts';
import { type Fields, fieldsIn, isFields } from './json.ts';
import { refuse } from './refusal.ts';
import { changed, type World } from './world.ts';

export interface Draft {
  text?: string | undefined;
  markdown_text?: string | undefined;
  blocks?: unknown;
  attachments?: unknown;
  metadata?: unknown;
}
export type Content = Pick<Message, 'text' | 'blocks' | 'attachments' | 'metadata'>;

export const pictureCheck = (world: World) => (id: string) => isReadyPicture(fileById(world, id));

export function refuseProblems(error: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(problemLine);
  refuse(error, { errors: lines, response_metadata: { messages: lines.map((line) => `[ERROR] ${line}`) } });
}

function checkedBlocks(world: World, blocks: unknown): Fields[] | undefined {
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) refuse('invalid_blocks_format');
  refuseProblems('invalid_blocks', blockProblems(blocks, 'message', pictureCheck(world)));
  return normaliseBlocks(blocks);
}

function checkedAttachments(world: World, attachments: unknown): Fields[] | undefined {
  if (attachments === undefined) return undefined;
  if (!Array.isArray(attachments) || !attachments.every(isFields)) refuse('invalid_attachments');
  if (attachments.length > surfaceLimits.attachmentsMax) refuse('too_many_attachments');
  return attachments.map((attachment, index) => {
    const id = { id: index + 1 };
    if (attachment['blocks'] === undefined) return { ...id, ...attachment };
    const at = `/attachments/${index}/blocks`;
    refuseProblems('invalid_attachments', blockProblems(attachment['blocks'], 'message', pictureCheck(world), at));
    return { ...id, ...attachment, blocks: normaliseBlocks(fieldsIn(attachment['blocks'])) };
  });
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isMetadataValue(value: unknown): boolean {
  const isFlat = (each: unknown) => isFields(each) && Object.values(each).every(isPlain);
  return isPlain(value) || isFlat(value) || (Array.isArray(value) && value.every(isFlat));
}

export function checkedMetadata(metadata: unknown): Fields | undefined {
  if (metadata === undefined) return undefined;
  if (!isFields(metadata)) refuse('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return undefined;
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || type === '' || !isFields(payload)) refuse('invalid_metadata_format');
  if (!Object.values(payload).every(isMetadataValue)) refuse('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(metadata)) > surfaceLimits.metadataBytes) refuse('metadata_too_large');
  return { event_type: type, event_payload: payload };
}

/** Null in `attachments` or `blocks` counts as not given. */
export function checkedContent(world: World, draft: Draft): Content {
  const markdown = draft.markdown_text;
  if (markdown !== undefined && (draft.text || draft.blocks)) refuse('markdown_text_conflict');
  if (markdown !== undefined && markdown.length > surfaceLimits.markdownMax) refuse('msg_too_long');
  const given = markdown === undefined ? draft.blocks : [{ type: 'markdown', text: markdown }];
  const blocks = checkedBlocks(world, given ?? undefined);
  const attachments = checkedAttachments(world, draft.attachments ?? undefined);
  if (attachments) refuseProblems('invalid_blocks', togetherProblems(blocks, attachments));
  const text = (draft.text ?? markdown ?? '').slice(0, surfaceLimits.textTruncatedAt);
  const hasBlocks = (blocks?.length ?? 0) > 0;
  if (text.trim() === '' && !hasBlocks && (attachments?.length ?? 0) === 0) refuse('no_text');
  const shown = text === '' && hasBlocks ? "This content can't be displayed." : text;
  return {
    text: shown,
    ...(hasBlocks ? { blocks } : {}),
    ...(attachments && attachments.length > 0 ? { attachments } : {}),
    metadata: checkedMetadata(draft.metadata),
  };
}

export function viewersOf(channel: Channel): string[] | undefined {
  return channel.kind === 'channel' ? undefined : channel.members;
}

export interface Posted {
  message: Message;
  delivered: Promise<void>;
}

export function addMessage(
  world: World,
  channel: Channel,
  given: Omit<Message, 'ts' | 'reactions'> & { ts?: string },
): Posted {
  const message: Message = { ts: newTs(world), reactions: [], ...given };
  channel.messages.push(message);
  changed(world, message.ephemeralTo ? [message.ephemeralTo] : viewersOf(channel));
  const delivered = message.ephemeralTo ? Promise.resolve() : emitMessage(world, channel, message);
  return { message, delivered };
}

export function postAsBot(world: World, channel: Channel, content: Content, more: Partial<Message> = {}): Message {
  const { message, delivered } = addMessage(world, channel, {
    user: world.app.botUserId,
    bot: true,
    ...content,
    ...more,
  });
  void delivered;
  return message;
}
