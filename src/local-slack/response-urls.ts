import { z } from 'zod';
import { channelById } from './channels.ts';
import { emitChange } from './events.ts';
import { wireMessage } from './messages.ts';
import { newTs, randomHex } from './ids.ts';
import { isFields } from './json.ts';
import { checkedContent, postAsBot, viewersOf } from './posting.ts';
import { refuse } from './refusal.ts';
import { takeAway } from './taking-away.ts';
import { changed, type ResponseUrl, type World } from './world.ts';
import { written } from './writes.ts';

const lifetime = 30 * 60_000;
const mostUses = 5;

const body = z.object({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
  metadata: z.unknown().optional(),
});

export function newResponseUrl(world: World, user: string, channel: string, messageTs?: string): string {
  const id = randomHex(12);
  world.responseUrls.set(id, { user, channel, messageTs, issued: world.now(), uses: 0 });
  return `${world.url}/response/${id}`;
}

/** Answers to the one who pressed or typed; also how an app answers a command in its acknowledgement. */
export function respond(world: World, target: Omit<ResponseUrl, 'issued' | 'uses'>, given: unknown): void {
  const parsed = body.safeParse(given);
  const channel = channelById(world, target.channel);
  if (!parsed.success || !channel) return refuse('invalid_payload');
  const answer = parsed.data;
  const original = channel.messages.find(({ ts }) => ts === target.messageTs);
  if (answer.delete_original) {
    if (!original || (isFields(given) && Object.keys(given).length > 1)) return refuse('invalid_payload');
    void takeAway(world, channel, original);
    return;
  }
  const replaced = answer.replace_original ? original : undefined;
  const ephemeralTo = answer.response_type === 'in_channel' ? undefined : target.user;
  const kind = (replaced ? replaced.ephemeralTo : ephemeralTo) ? 'ephemeral' : 'message';
  const content = written(world, { method: 'response_url', kind }, given, () => checkedContent(world, answer));
  if (replaced) {
    const before = wireMessage(world, channel, replaced);
    Object.assign(replaced, { blocks: undefined, attachments: undefined, ...content });
    if (!replaced.ephemeralTo) {
      replaced.edited = { user: world.app.botUserId, ts: newTs(world) };
      void emitChange(world, channel, before, wireMessage(world, channel, replaced));
    }
    return changed(world, viewersOf(channel));
  }
  const threadTs = answer.thread_ts ?? (original?.ephemeralTo ? original.threadTs : undefined);
  postAsBot(world, channel, content, { threadTs, ephemeralTo });
}

export function useResponseUrl(world: World, id: string, given: unknown): void {
  const target = world.responseUrls.get(id);
  if (!target || world.now() - target.issued > lifetime) return refuse('expired_url');
  if (target.uses >= mostUses) return refuse('used_url');
  target.uses += 1;
  respond(world, target, given);
}
