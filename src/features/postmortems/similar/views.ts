import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, inSections } from '../../../slack/blocks.ts';
import { clip } from '../../../slack/limits.ts';
import { channelLink, md, type Mrkdwn, when } from '../../../slack/mrkdwn.ts';
import type { Postmortem } from '../schema.ts';
import { categoryWords } from '../writing/rules.ts';
import type { Past } from './queries.ts';

const mostWords = 160;
const short = (text: string) => clip(text.replaceAll(/\s+/g, ' ').trim(), mostWords);

/** "7 Scores are off (churn-model, SEV2, Mar 2), in #inc-7. Ended by: …. Factor, Data: …" */
export function pastLine({
  number,
  title,
  model,
  severity,
  channel,
  declaredAt,
  worked,
  category,
  factor,
}: Past): Mrkdwn {
  const where = channel ? md`, in ${channelLink(channel)}` : md``;
  const ended = worked ? md`\n>Ended by: ${short(worked)}` : md``;
  const cause = category && factor ? md`\n>Factor, ${categoryWords[category]}: ${short(factor)}` : md``;
  return md`• *${number}* ${clip(title, 100)} (${model}, ${severity.toUpperCase()}, ${when(declaredAt, '{date_short}')})${where}${ended}${cause}`;
}

export const choiceOf = ({ id, number, title, model }: Past) => ({
  value: id,
  text: clip(`${number}: ${title}`, 75),
  description: clip(model, 75),
});

export function similarBlocks({ id: postmortemId }: Postmortem, similar: readonly Past[], isOver: boolean) {
  const none = md`_None that everybody may see looks like it._`;
  return [
    ...inSections([md`*Similar before*`, ...(similar.length === 0 ? [none] : similar.map(pastLine))]),
    !isOver && buttons(button('Choose similar', actions.chooseSimilar, { postmortemId })),
  ];
}
