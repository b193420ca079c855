import type { Button } from '@slack/types';
import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, inSections, section } from '../../../slack/blocks.ts';
import { clip } from '../../../slack/limits.ts';
import { lines, linkTo, md, type Mrkdwn } from '../../../slack/mrkdwn.ts';
import { isLink, isOneAnswer, type SectionName, sectionNames, type Sections } from '../draft.ts';
import type { Factor, Postmortem } from '../schema.ts';
import { categoryWords, type PageName, pages, pageTitles, readSection, sectionTitles } from './rules.ts';

/** Of one section on the card; the whole of it stands in the form. */
const mostShown = 700;
/** Of all of them together: Slack refuses to post a message that is too long as a whole. */
const mostOfAll = 3400;

function roomFor(sections: Sections): number {
  const long = sectionNames.filter((name) => sections[name] && !isOneAnswer(name)).length;
  return Math.min(mostShown, Math.floor(mostOfAll / Math.max(1, long)));
}

/** `also`: what else can be done where this page stands. */
export function pageBlocks(
  { id }: Postmortem,
  sections: Sections,
  { page, isOver, also = [] }: { page: PageName; isOver: boolean; also?: readonly Button[] },
) {
  const written = pages[page].filter((name: SectionName) => sections[name]);
  const label = page === 'story' ? 'Write' : `Write: ${pageTitles[page]}`;
  return [
    ...(written.length === 0
      ? [section(md`*${pageTitles[page]}*\n_Not written yet._`)]
      : inSections(written.map((name) => sectionWords(name, sections[name] ?? '', roomFor(sections))))),
    !isOver && buttons(button(label, actions.writePostmortem, { postmortemId: id, page }), ...also),
  ];
}

/** What is one answer of a list stands beside its title, what was written below it. */
function sectionWords(name: SectionName, text: string, room: number): Mrkdwn {
  const short = isOneAnswer(name);
  if (isLink(name)) return md`*${sectionTitles[name]}*: ${linkTo(text, clip(text, 100)) ?? text}`;
  return md`*${sectionTitles[name]}*${short ? ': ' : '\n'}${clip(readSection(name, text), room)}`;
}

export function factorsBlock(factors: readonly Factor[]) {
  if (factors.length === 0)
    return section(
      lines(md`*Contributing factors*`, md`_None yet. Conditions, not people: what let it happen, what hid it._`),
    );
  return section(lines(md`*Contributing factors*`, ...factors.map(factorLine)));
}

function factorLine({ category, statement, evidence }: Factor): Mrkdwn {
  const shown = evidence === '' ? md`` : md` (${linkTo(evidence, 'what shows it') ?? clip(evidence, 100)})`;
  return md`• *${categoryWords[category]}*: ${clip(statement, 300)}${shown}`;
}
