import { inSections } from '../../../slack/blocks.ts';
import { clip } from '../../../slack/limits.ts';
import { linkTo, md, type Mrkdwn, naming, person, when } from '../../../slack/mrkdwn.ts';
import type { TimelineLine } from '../../incidents/timeline/queries.ts';
import { tagWords, whoWords } from '../../incidents/timeline/rules.ts';

const mostLines = 20;

/** The newest lines; the whole of it, with what is hidden, is one command away. */
export function timelineSections(timeline: readonly TimelineLine[], number: number) {
  const all = timeline.filter(({ isHidden }) => !isHidden);
  const shown = all.slice(-mostLines);
  const left = all.length - shown.length;
  const head = md`*Timeline*${left > 0 ? md` _(${left} earlier lines: \`/ml incident timeline ${number}\`)_` : ''}`;
  return inSections([head, ...shown.map(line)]);
}

function line({ at, who, text, tag, evidence, isChanged }: TimelineLine): Mrkdwn {
  const mark = tag ? md`*${tagWords[tag].name}:* ` : md``;
  const changed = isChanged ? md` _(changed since)_` : md``;
  const shown = evidence === null ? md`` : md` (${linkTo(evidence, 'what shows it') ?? evidence})`;
  return md`${when(at, '{date_num} {time_secs}')} – ${person(whoWords(who))}: ${mark}${naming(clip(text, 300))}${shown}${changed}`;
}
