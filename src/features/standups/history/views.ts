import type { KnownBlock } from '@slack/types';
import { divider, footnote, type Message, message, section, sentence } from '../../../slack/blocks.ts';
import { join, lines, md, plural } from '../../../slack/mrkdwn.ts';
import { dateWords } from '../../../time/date-words.ts';
import { type Digest, digestWhole } from '../digest/views.ts';
import { rowLines } from '../asking/views.ts';
import type { Hit, Own } from './queries.ts';

/** The digests of one day, as they stand now. */
export function historyMessage(date: string, all: readonly Digest[], now: Date): Message {
  const [first] = all;
  if (!first)
    return sentence(
      md`No standup of your teams took place on ${dateWords(date, '')}. \`/ml standup search\` looks through all of them.`,
    );
  const blocks: KnownBlock[] = all.flatMap((digest, i) => {
    const missed =
      digest.run.state === 'missed' ? [section(md`*${digest.ritual.name}* was missed: I was not running.`)] : undefined;
    return [...(i > 0 ? [divider()] : []), ...(missed ?? digestWhole(digest, now).blocks)];
  });
  return message(md`${plural(all.length, 'digest')} of ${dateWords(date, '')}.`, ...blocks);
}

export function searchMessage(words: string, hits: readonly Hit[]): Message {
  if (hits.length === 0) return sentence(md`Nobody in your teams said anything with "${words}". Try fewer words.`);
  return message(
    md`${plural(hits.length, 'answer')} with "${words}".`,
    section(md`:mag: *Said with "${words}"*, the newest first`),
    ...hits.map(({ ritual, date, name, rows }) =>
      section(
        lines(
          md`*${ritual}*, ${dateWords(date, '')} (${name})`,
          join(
            rows.map((row) => md`• ${row}`),
            '\n',
          ),
        ),
      ),
    ),
    footnote(md`\`/ml standup <date>\` shows a whole day, such as \`/ml standup ${hits[0]?.date ?? ''}\`.`),
  );
}

const mostOwn = 8;

/** Of one's own work, for oneself. */
function ownFigures(own: readonly Own[]): string {
  const done = own.reduce((sum, { answer }) => sum + answer.done.filter(({ fact }) => fact === undefined).length, 0);
  const obstacles = own.filter(({ answer }) => answer.obstacle !== '').length;
  const held = obstacles === 0 ? 'nothing was in your way' : `${plural(obstacles, 'time')} something was in your way`;
  return `${plural(done, 'thing')} that you planned ${done === 1 ? 'is' : 'are'} done; ${held}.`;
}

export function ownMessage(own: readonly Own[]): Message {
  if (own.length === 0) return sentence(md`You have not answered a standup yet. \`/ml standup\` opens the next one.`);
  return message(
    md`What you said lately.`,
    section(lines(md`:bust_in_silhouette: *What you said in the last 30 days*`, md`${ownFigures(own)}`)),
    ...own
      .slice(0, mostOwn)
      .map(({ ritual, answer }) =>
        section(
          lines(
            md`*${ritual}*, ${dateWords(answer.date, '')}`,
            answer.done.length > 0 && md`_Done_\n${rowLines(answer.done)}`,
            answer.plan.length > 0 && md`_Planned_\n${rowLines(answer.plan)}`,
            answer.obstacle !== '' && md`_In the way_\n${answer.obstacle}`,
          ),
        ),
      ),
    footnote(md`Only you see this. Nobody sees how often or how fast somebody answers: Pitcrew does not count it.`),
  );
}
