import type { KnownBlock, ModalView } from '@slack/types';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { asModal, buttons, footnote, message, section, sentence } from '../../slack/blocks.ts';
import { clip } from '../../slack/limits.ts';
import { lines, linkTo, md, type Mrkdwn, naming, person, when } from '../../slack/mrkdwn.ts';
import type { Incident } from '../incidents/schema.ts';
import type { TimelineLine } from '../incidents/timeline/queries.ts';
import { linesOnPage, pageOf, tagQuestions, tagWords, whoWords } from '../incidents/timeline/rules.ts';

/** All that happened, hidden lines too, each with a way to change how it stands. */
export function timelineModal(incident: Incident, all: readonly TimelineLine[], wanted: number): ModalView {
  const { shown, page, pages } = pageOf(all, wanted);
  const turn = (to: number) => ({ incidentId: incident.id, page: to });
  const turns = [
    ...(page > 0 ? [button('Earlier', actions.showTimeline, turn(page - 1))] : []),
    ...(page < pages - 1 ? [button('Later', actions.showTimeline, turn(page + 1))] : []),
  ];
  return asModal(
    'Timeline',
    message(
      md`Timeline of incident ${incident.number}`,
      section(md`*Incident ${incident.number}: ${incident.title}*\nPage ${page + 1} of ${pages}, oldest first.`),
      ...shown.map((each, i): KnownBlock => ({
        ...section(lineOf(each, page * linesOnPage + i + 1)),
        accessory: button(`Edit ${page * linesOnPage + i + 1}`, actions.editTimelineLine, {
          ...turn(page),
          line: each.line,
        }),
      })),
      // Two buttons of one action may not stand in one block.
      ...turns.map((each) => buttons(each)),
      footnote(
        md`A :pushpin: on a message of the incident's channel, *Add to timeline* in the menu of any message, or \`/ml incident note ${incident.number} <words>\` adds a line. Hidden lines stay on record.`,
      ),
    ),
  );
}

function lineOf({ at, who, text, tag, evidence, isHidden, isChanged }: TimelineLine, number: number): Mrkdwn {
  const words = md`${number}. ${when(at, '{date_num} {time_secs}')} – ${person(whoWords(who))}: ${naming(clip(text, 600))}`;
  return lines(
    isHidden ? md`:see_no_evil: _Hidden:_ ${words}` : words,
    tag && md`:label: *${tagWords[tag].name}* – ${tagQuestions[tag]}`,
    evidence !== null && md`:link: ${linkTo(evidence, 'What shows it') ?? evidence}`,
    isChanged && md`_Changed since; how it was stays on record._`,
  );
}

export const added = (incident: Incident, isNew: boolean) =>
  sentence(
    isNew
      ? md`:pushpin: It is in the timeline of incident ${incident.number}, at the time it was said.`
      : md`:pushpin: It was in the timeline of incident ${incident.number} already.`,
  );
