import { type Message, sentence } from '../../../slack/blocks.ts';
import { channelLink, md } from '../../../slack/mrkdwn.ts';
import type { Incident } from '../schema.ts';

export function unreadable({ number }: Incident, channel: string): Message {
  return sentence(
    md`:mag: I could not read the message that you pinned in ${channelLink(channel)}: it has no words, or I may not see it. It is not in the timeline of incident ${number}; \`/ml incident note ${number} <words>\` adds it in yours.`,
  );
}
