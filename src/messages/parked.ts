import { type Context, within } from '../context.ts';
import { type Message, sentence } from '../slack/blocks.ts';
import { channelLink, md } from '../slack/mrkdwn.ts';
import { announce } from './announce.ts';
import { type Claimed, park } from './claims.ts';

/** It can never be delivered: stop trying, and tell the person it matters to how to mend it. */
export async function parkAndTell(ctx: Context, job: Claimed, why: string, tell: boolean): Promise<void> {
  await within(ctx, async (ctx) => {
    const parked = await park(ctx, job, why);
    if (!parked || !tell || !job.owner || job.owner === job.channel) return;
    // It tells them what the message was, so it calls them if that did.
    await announce(ctx, `parked:${job.key}`, { channel: job.owner, calls: job.calls }, couldNotPost(job, why));
  });
}

function couldNotPost(job: Claimed, why: string): Message {
  const said = { mrkdwn: job.wanted.text };
  return sentence(
    md`:mailbox_closed: I could not post in ${channelLink(job.channel)}. ${remedy(why)} The message was: ${said}`,
  );
}

function remedy(why: string): string {
  switch (why) {
    case 'not_in_channel':
    case 'channel_not_found':
      return 'Please invite me there with /invite, or choose another channel.';
    case 'is_archived':
      return 'That channel is archived: please choose another channel.';
    default:
      return `Slack says ${why}: please check the channel.`;
  }
}
