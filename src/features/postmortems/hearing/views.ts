import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { clip } from '../../../slack/limits.ts';
import { channelLink, lines, md, type Mrkdwn, naming, person, plural, when } from '../../../slack/mrkdwn.ts';
import type { Times } from '../../incidents/milestones.ts';
import type { Incident } from '../../incidents/schema.ts';
import type { Sections } from '../draft.ts';
import type { Postmortem } from '../schema.ts';
import { readSection, sectionTitles } from '../writing/rules.ts';
import { isChannel, untold } from './rules.ts';
import type { Hearer } from './schema.ts';

const named = (audience: string): Mrkdwn => (isChannel(audience) ? channelLink(audience) : person(audience));

/** "@pia (told Mar 3)" */
export const hearerWords = ({ audience, toldAt }: Hearer): Mrkdwn =>
  toldAt ? md`${named(audience)} (told ${when(toldAt, '{date_short}')})` : md`${named(audience)} (not told yet)`;

/** Below what has to be corrected. `isOver`: nobody changes it any more. */
export function hearersBlocks({ id: postmortemId }: Postmortem, all: readonly Hearer[], isOver: boolean) {
  const open = untold(all).length;
  const tell = button(
    'Tell them',
    actions.tellHearers,
    { postmortemId },
    {
      confirm: {
        title: 'Tell them?',
        text: md`${plural(open, 'of those chosen hears', 'of those chosen hear')} now, once, what was wrong and from when to when. It cannot be taken back.`,
        yes: 'Tell them',
      },
    },
  );
  const choose = button('Who has to hear', actions.chooseHearers, { postmortemId });
  const pressed = [...(isOver ? [] : [choose]), ...(open > 0 ? [tell] : [])];
  return [
    ...(all.length > 0
      ? [section(lines(md`*Who has to hear*`, ...all.map((each) => md`• ${hearerWords(each)}`)))]
      : []),
    ...(pressed.length > 0 ? [buttons(...pressed)] : []),
  ];
}

/** Of these people need the words, where somebody wrote them. */
const facts = ['slice', 'corrections', 'decisions', 'reversible'] as const;
const mostOfOne = 900;

export interface Told {
  readonly model: string;
  readonly sections: Sections;
  readonly times: Times;
  readonly by: string;
}

/** Once, to somebody who used what was predicted: what was wrong, from when to when, and whom to ask. */
export function hearerMessage({ kind, number }: Incident, { model, sections, times, by }: Told): Message {
  const drill = kind === 'incident' || kind === 'backfill' ? '' : '[DRILL] ';
  const stretch = stretchWords(times);
  return message(
    md`${drill}Predictions of ${model} were wrong ${stretch}. ${person(by)} answers questions.`,
    section(md`:incoming_envelope: *${drill}Predictions of ${model} were wrong* ${stretch}.`),
    ...facts.flatMap((name) => {
      const text = sections[name];
      const words = text ? clip(readSection(name, text), mostOfOne) : '';
      return words === '' ? [] : [section(md`*${sectionTitles[name]}*\n${naming(words)}`)];
    }),
    footnote(
      md`You get this because ${person(by)} says that you may have used them, and answers questions. It is incident ${number} of the team.`,
    ),
  );
}

function stretchWords({ onset_earliest: earliest, onset, detected, mitigated, resolved }: Times): Mrkdwn {
  const from = earliest ?? onset;
  const to = mitigated ?? resolved;
  const began = from ? md`from ${when(from)}` : detected ? md`since before ${when(detected)}` : md`for a time`;
  return to ? md`${began} to ${when(to)}` : md`${began}, and may still be`;
}
