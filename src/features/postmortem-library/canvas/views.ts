import { type Message, sentence } from '../../../slack/blocks.ts';
import { channelLink, md, type Mrkdwn } from '../../../slack/mrkdwn.ts';
import type { Incident } from '../../incidents/schema.ts';
import type { CanvasTrouble } from './rules.ts';

export const canvasAsked = ({ number }: Incident, channel: string, isThere: boolean): Message =>
  sentence(
    isThere
      ? md`:bookmark_tabs: The post-mortem of incident ${number} stands in the canvas of ${channelLink(channel)}. I write it anew now, and again whenever something changes.`
      : md`:bookmark_tabs: I am writing the post-mortem of incident ${number} into a canvas of ${channelLink(channel)}. Open it there in a moment, by its tab at the top.`,
  );

export const canvasMade = ({ number }: Incident): Message =>
  sentence(
    md`:bookmark_tabs: The post-mortem of incident ${number} stands in the canvas of this channel: open its tab at the top. It follows the post-mortem, so write with the buttons here. What is changed in the canvas is replaced.`,
  );

/** To whoever asked: what it is, and how they get the document all the same. */
export function canvasTrouble({ number }: Incident, trouble: CanvasTrouble, code: string): Message {
  return sentence(
    md`:bookmark_tabs: The post-mortem of incident ${number} is not in a canvas. ${reason(trouble, code)} \`/ml postmortem export ${number}\` gives you the same as a file.`,
  );
}

function reason(trouble: CanvasTrouble, code: string): Mrkdwn {
  switch (trouble) {
    case 'plan':
      return md`Your plan of Slack has no such canvas, or only the one that this channel has already.`;
    case 'off':
      return md`Canvases are switched off here, or apps may not write them: an admin of the workspace can allow it. Then press *Canvas* again.`;
    case 'scope':
      return md`I may not write canvases yet: please ask whoever installed me to do it once more, with the scopes \`canvases:read\` and \`canvases:write\`. Then press *Canvas* again.`;
    case 'channel':
      return md`I am not in its channel, or it is archived: please let me in again with \`/invite\`, then press *Canvas* again.`;
    case 'gone':
      return md`Somebody deleted the canvas, so I leave it. Press *Canvas* for a new one.`;
    case 'open':
      return md`The incident is private, and its channel is open to others: I write nothing there. Please make the channel private, then press *Canvas* again.`;
    case 'unsure':
      return md`Slack did not say whether it made one: please look at the tabs of the channel. If there is none, press *Canvas* again.`;
    case 'other':
      return md`Slack said \`${code}\`. Please press *Canvas* again; if it says the same, tell whoever runs Pitcrew.`;
  }
}
