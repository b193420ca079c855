import type { KnownBlock } from '@slack/types';
import type { Context } from '../context.ts';
import type { Reply } from '../ports.ts';
import { type Message, pictureMark } from '../slack/blocks.ts';
import { claimDue, type Claimed, drawingOf, finish, keepFile, postpone, type Standing } from './claims.ts';
import type { Drawing } from './schema.ts';
import { parkAndTell } from './parked.ts';

/** Turns numbers into a picture and the sentence that says what it shows. */
export type Draw = (drawing: Drawing) => { png: Uint8Array; alt: string };

const batch = 50;

/** Slack takes one message a second and channel. */
const slackPaceMs = 1000;

/** Makes Slack agree with what should stand there. True when anything was due. */
export async function deliverDue(ctx: Context, draw: Draw, paceMs = slackPaceMs): Promise<boolean> {
  const claimed = await claimDue(ctx, batch, paceMs);
  await Promise.all(claimed.map((each) => deliver(ctx, draw, each)));
  return claimed.length > 0;
}

async function deliver(ctx: Context, draw: Draw, job: Claimed): Promise<void> {
  try {
    if (!job.ts && job.usefulUntil && job.usefulUntil < ctx.now()) {
      return await parkAndTell(ctx, job, 'too late to be useful', false);
    }
    const place = await placeOf(ctx, job);
    if (!place.ok) return await settle(ctx, job, place);
    await settle(ctx, job, await send(ctx, job, place.value, await withPictures(ctx, draw, job.wanted)), place.value);
  } catch (error) {
    ctx.log.error({ err: error, key: job.key }, 'a message could not be prepared');
    await postpone(ctx, job, backOffMs(job.attempts), String(error));
  }
}

async function placeOf(ctx: Context, job: Claimed): Promise<Reply<string>> {
  if (job.postedIn) return { ok: true, value: job.postedIn };
  if (!/^[UW]/.test(job.channel)) return { ok: true, value: job.channel };
  const opened = await ctx.slack.openDm(job.channel);
  return opened.ok ? { ok: true, value: opened.value.channel } : opened;
}

interface Sent {
  readonly ts: string;
  /** An earlier try had posted it, and nobody heard Slack say so. */
  readonly isFound?: true;
}

/** Edits what stands; posts what does not, but after an unclear try looks for it first. */
async function send(ctx: Context, job: Claimed, channel: string, message: Message): Promise<Reply<Sent>> {
  const marker = job.key;
  if (job.ts) {
    const done = await ctx.slack.update({ channel, ts: job.ts, message, marker });
    return done.ok ? { ok: true, value: { ts: job.ts } } : done;
  }
  const thread = job.threadTs ? { threadTs: job.threadTs } : {};
  if (job.triedAt) {
    const found = await ctx.slack.find({ channel, marker, since: job.triedAt, ...thread });
    if (!found.ok) return found;
    const { ts } = found.value;
    if (ts) {
      const edited = await ctx.slack.update({ channel, ts, message, marker });
      return edited.ok ? { ok: true, value: { ts, isFound: true } } : edited;
    }
  }
  return await ctx.slack.post({ channel, message, marker, ...thread });
}

async function settle(ctx: Context, job: Claimed, reply: Reply<Sent>, place = job.channel): Promise<void> {
  if (reply.ok) return await finish(ctx, job, standing(ctx, reply.value, place));
  switch (reply.why) {
    case 'rate_limited':
      return await postpone(ctx, job, reply.retryAfterMs, 'rate limited', { counts: false });
    case 'unclear':
      ctx.log.warn({ key: job.key, detail: reply.detail }, 'Slack gave no clear answer');
      if (job.attempts >= mostAttempts) return await parkAndTell(ctx, job, reply.detail, true);
      return await postpone(ctx, job, backOffMs(job.attempts), reply.detail);
    case 'refused':
      ctx.log.error({ key: job.key, code: reply.code }, 'Slack refused a message');
      // An uploaded picture is not always ready at once, so blocks get a second and third chance.
      if (reply.code === 'invalid_blocks' && job.attempts < 3) {
        return await postpone(ctx, job, backOffMs(job.attempts), reply.code);
      }
      if (reply.code.startsWith('invalid_blocks') || reply.code.startsWith('msg_')) {
        return await sendPlain(ctx, job, reply.code);
      }
      return await parkAndTell(ctx, job, reply.code, true);
  }
}

/** By our clock; what an earlier try had posted was there since Slack stamped it. */
function standing(ctx: Context, { ts, isFound }: Sent, postedIn: string): Standing {
  const now = ctx.now();
  const stamped = new Date(Number(ts) * 1000);
  return { postedIn, ts, at: isFound && stamped < now ? stamped : now };
}

/** Our blocks were refused: a bug of ours. The sentence still goes out, so that nobody waits for nothing. */
async function sendPlain(ctx: Context, job: Claimed, code: string): Promise<void> {
  const place = await placeOf(ctx, job);
  if (!place.ok) return await parkAndTell(ctx, job, code, true);
  const reply = await send(ctx, job, place.value, { text: job.wanted.text, blocks: [] });
  if (reply.ok) return await finish(ctx, job, standing(ctx, reply.value, place.value));
  await parkAndTell(ctx, job, code, true);
}

const mostAttempts = 10;

/** 1, 4, 15, 60, then every 300 seconds, with up to a fifth more so that many do not knock together. */
function backOffMs(attempts: number): number {
  const seconds = [1, 4, 15, 60][attempts - 1] ?? 300;
  return seconds * 1000 * (1 + Math.random() / 5);
}

/** Uploads each drawing once and puts its file where `picture(key)` stands. */
async function withPictures(ctx: Context, draw: Draw, message: Message): Promise<Message> {
  const blocks = await Promise.all(message.blocks.map((block) => withPicture(ctx, draw, block)));
  return { ...message, blocks: blocks.filter((block) => block !== undefined) };
}

async function withPicture(ctx: Context, draw: Draw, block: KnownBlock): Promise<KnownBlock | undefined> {
  if (block.type !== 'image' || !('slack_file' in block) || !block.slack_file || !('id' in block.slack_file)) {
    return block;
  }
  const { id } = block.slack_file;
  if (!id?.startsWith(pictureMark)) return block;
  const key = id.slice(pictureMark.length);
  const stored = await drawingOf(ctx, key);
  if (!stored) return undefined;
  if (stored.file) return { ...block, slack_file: { id: stored.file } };
  const { png, alt } = draw(stored.drawing);
  const uploaded = await ctx.slack.upload({ name: `${key.replaceAll(/[^a-z0-9]+/gi, '-')}.png`, alt, bytes: png });
  if (!uploaded.ok) {
    ctx.log.warn({ key, why: uploaded.why }, 'a picture could not be uploaded; the card goes without it');
    return undefined;
  }
  await keepFile(ctx, key, uploaded.value.file);
  return { ...block, slack_file: { id: uploaded.value.file } };
}
