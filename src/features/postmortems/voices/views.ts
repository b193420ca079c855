import type { KnownBlock, ModalView } from '@slack/types';
import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { asModal, buttons, footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, plural } from '../../../slack/mrkdwn.ts';
import type { Postmortem } from '../schema.ts';
import { kindWords, shownOnPage, type VoiceCounts } from './rules.ts';
import type { Voice } from './schema.ts';

/** On the card: how much there is, never what. */
function voicesLine({ open, taken, setAside }: VoiceCounts): Mrkdwn {
  const said = [
    open > 0 && `${open} to be looked at`,
    taken > 0 && `${taken} taken over`,
    setAside > 0 && `${setAside} set aside`,
  ].filter((each) => each !== false);
  return md`:speech_balloon: *Said without a name*: ${said.length === 0 ? 'nothing so far' : said.join(', ')}`;
}

/** What belongs to it on the card of a document that can still be changed. */
export function voicesBlocks({ id, state }: Postmortem, counts: VoiceCounts): KnownBlock[] {
  const value = { postmortemId: id };
  const takesAll = state === 'draft' || state === 'in_review';
  const isOver = state === 'closed' || state === 'not_required';
  const all = [
    ...(takesAll ? [button('Say it without your name', actions.speak, { ...value, kind: 'known' })] : []),
    ...(counts.open > 0 && !isOver ? [button('Read what was said', actions.readVoices, { ...value, page: 0 })] : []),
  ];
  return [section(voicesLine(counts)), ...(all.length > 0 ? [buttons(...all)] : [])];
}

/** To whoever reads it; changed as they sort it. */
export function voicesMessage({ id, document }: Postmortem, counts: VoiceCounts): Message {
  const { open } = counts;
  return message(
    open > 0
      ? md`About "${document.title}", ${plural(open, 'thing was', 'things were')} said without a name: please look at it.`
      : md`All that was said without a name about "${document.title}" is looked at.`,
    section(lines(md`*${document.title}*`, voicesLine(counts))),
    open > 0 && buttons(button('Read what was said', actions.readVoices, { postmortemId: id, page: 0 })),
    footnote(md`It comes in every half hour, mixed, so that the time says nothing of who wrote. Please do not guess.`),
  );
}

/** What waits, a page at a time. A page that is not there is the last one. */
export function voicesModal(postmortem: Postmortem, all: readonly Voice[], wanted: number): ModalView {
  const pages = Math.max(1, Math.ceil(all.length / shownOnPage));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const shown = all.slice(page * shownOnPage, (page + 1) * shownOnPage);
  const turns = [
    ...(page > 0 ? [button('Before', actions.readVoices, { postmortemId: postmortem.id, page: page - 1 })] : []),
    ...(page < pages - 1 ? [button('More', actions.readVoices, { postmortemId: postmortem.id, page: page + 1 })] : []),
  ];
  return {
    ...asModal(
      'Said without a name',
      message(
        md`What was said without a name`,
        section(
          all.length === 0
            ? md`:white_check_mark: All of it is looked at.`
            : md`*${plural(all.length, 'thing waits', 'things wait')} to be looked at*, in no order.`,
        ),
        ...shown.flatMap((each, i) => voiceBlocks(each, page, page * shownOnPage + i + 1)),
        // Two buttons of one action may not stand in one block.
        ...turns.map((each) => buttons(each)),
        footnote(md`What is taken over stands in the document as written by you. What is set aside stays out of it.`),
      ),
    ),
    callback_id: 'postmortem.voices',
  };
}

function voiceBlocks({ id, kind, text, day }: Voice, page: number, number: number): KnownBlock[] {
  const { name, mark } = kindWords[kind];
  const head = md`${number}. ${mark} *${name}*, ${day}`;
  return [
    section(join([head, md`${text}`], '\n')),
    buttons(
      button(`Take over ${number}`, actions.takeOverVoice, { voiceId: id, page }),
      button(`Set aside ${number}`, actions.setAsideVoice, { voiceId: id, page }),
    ),
  ];
}

export function spokenModal(): ModalView {
  return asModal('Without your name', {
    blocks: [
      section(
        md`:white_check_mark: *It is kept, and your name is not.* Within half an hour it stands with what others sent. There is no way to take it back or to answer you, as nobody knows who wrote it.`,
      ),
    ],
  });
}
