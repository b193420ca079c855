import type { KnownBlock } from '@slack/types';
import { divider, footnote, type Message, message, section } from '../../../slack/blocks.ts';
import { limits } from '../../../slack/limits.ts';
import { join, lines, md, type Mrkdwn, plural, when } from '../../../slack/mrkdwn.ts';
import type { OpenBlocker } from '../../blockers/listing/queries.ts';
import { blockerLine } from '../../blockers/listing/views.ts';
import type { Ritual, RitualRun } from '../../rituals/schema.ts';
import { dateWords } from '../../../time/date-words.ts';
import type { Team } from '../../teams/schema.ts';
import type { Answer, KeptFacts, Row } from '../schema.ts';

export interface Said {
  readonly name: string;
  readonly answer: Answer;
  /** It came, or was changed, after the digest was posted. */
  readonly isLate: boolean;
}

export interface Digest {
  readonly ritual: Ritual;
  readonly team: Team;
  readonly run: RitualRun;
  readonly said: readonly Said[];
  readonly models: ReadonlyMap<string, string>;
  readonly away: readonly { readonly name: string; readonly until: string | null }[];
  readonly missing: number;
  readonly unasked: number;
  readonly facts: KeptFacts;
  readonly blockers: readonly OpenBlocker[];
  /** Dates that nobody ran since the last one. */
  readonly missed: readonly string[];
}

/** The short message that stands in the channel; all the rest is below it. */
export function digestParent(digest: Digest): Message {
  const { ritual, team, run, said, away, missing, unasked } = digest;
  const title = md`${ritual.name} of ${team.name}, ${dateWords(run.date, run.date)}`;
  const people = [
    `${said.length} answered`,
    ...(away.length > 0 ? [`${away.length} away`] : []),
    ...(missing > 0 ? [`${missing} not yet`] : []),
  ].join(', ');
  const loud = loudest(digest);
  return message(
    md`${title}: ${people}.${loud.length > 0 ? md` ${join(loud, ', ')}.` : ''}`,
    section(
      lines(
        md`:clipboard: *${title}*`,
        md`:speech_balloon: ${people}`,
        loud.length > 0 ? join(loud, ' · ') : md`:white_check_mark: Nothing is off goal and nothing is in the way`,
      ),
    ),
    footnote(
      lines(
        md`More in the thread. \`/ml standup ${run.date}\` finds it again.`,
        digest.facts.missing.length > 0 &&
          md`I could not look at everything in time: ${digest.facts.missing.map((part) => partWords[part] ?? part).join(', ')} may be missing here.`,
        unasked > 0 &&
          md`${plural(unasked, 'person', 'people')} could not be asked in time: I was not running then. They can still answer with \`/ml standup\`.`,
        digest.missed.length > 0 &&
          md`I was not running at ${digest.missed.map((date) => dateWords(date, run.date)).join(', ')}, so nobody was asked then.`,
        isLate(run) && md`It comes late: I was not running at ${when(run.digestAt)}.`,
      ),
    ),
  );
}

const partWords: Readonly<Record<string, string>> = {
  offGoal: 'goals',
  releases: 'releases',
  data: 'data',
  alerts: 'alerts',
  incidents: 'incidents',
};

const lateMs = 10 * 60_000;
const isLate = ({ digestAt, postedAt }: RitualRun) =>
  postedAt !== null && postedAt.getTime() - digestAt.getTime() > lateMs;

/** What a reader must not miss, in few words. */
function loudest({ facts, blockers }: Digest): Mrkdwn[] {
  return [
    facts.offGoal.length > 0 && md`:chart_with_downwards_trend: ${plural(facts.offGoal.length, 'goal')} missed`,
    facts.incidents.length > 0 && md`:rotating_light: ${plural(facts.incidents.length, 'incident')}`,
    facts.alerts.length > 0 && md`:red_circle: ${plural(facts.alerts.length, 'alert')}`,
    blockers.length > 0 && md`:construction: ${plural(blockers.length, 'thing')} in the way`,
    facts.releases.length > 0 &&
      md`:package: ${plural(facts.releases.length, 'release or rollback', 'releases and rollbacks')}`,
    facts.data.length > 0 && md`:card_file_box: ${plural(facts.data.length, 'data set')} in trouble`,
  ].filter((words) => words !== false);
}

interface Part {
  readonly title: string;
  readonly rows: readonly Mrkdwn[];
}

/** The thread, in the order in which it should be read: as many messages as it takes. */
export function digestThread(digest: Digest, now: Date): Message[] {
  const { facts, blockers, away } = digest;
  const parts: Part[] = [
    { title: ':chart_with_downwards_trend: Off goal', rows: facts.offGoal.map(({ words }) => md`• ${words}`) },
    {
      title: ':rotating_light: Incidents and alerts',
      rows: [...facts.incidents, ...facts.alerts].map(({ words }) => md`• ${words}`),
    },
    {
      title: ':construction: In the way, the oldest first',
      rows: blockers.map((each) => md`• ${blockerLine(each, now)}`),
    },
    { title: ':package: Releases and rollbacks', rows: facts.releases.map(({ words }) => md`• ${words}`) },
    { title: ':card_file_box: Data', rows: facts.data.map(({ words }) => md`• ${words}`) },
    ...rowsByModel(digest, 'plan', ':dart: Planned'),
    ...rowsByModel(digest, 'done', ':white_check_mark: Done'),
    {
      title: ':wave: To the next zone',
      rows: digest.said
        .filter(({ answer }) => answer.note !== '')
        .map(({ name, answer }) => md`• ${answer.note} (${name})`),
    },
    {
      title: ':palm_tree: Away',
      rows: away.map(
        ({ name, until }) =>
          md`• ${name}${until === null || until === digest.run.date ? '' : md` until ${dateWords(until, digest.run.date)}`}`,
      ),
    },
  ];
  const blocks = parts.filter(({ rows }) => rows.length > 0).flatMap(({ title, rows }) => sectionsOf(title, rows));
  return inMessages(blocks).map((each, i, all) =>
    message(
      md`${digest.ritual.name} of ${digest.team.name}, ${dateWords(digest.run.date, digest.run.date)}: the details${all.length > 1 ? `, part ${i + 1}` : ''}.`,
      ...each,
    ),
  );
}

/** By model, not by person: what is about none comes last. */
function rowsByModel({ said, models }: Digest, what: 'plan' | 'done', title: string): Part[] {
  const rows = said.flatMap(({ name, answer, isLate }) =>
    answer[what].map((row) => ({ row, words: rowWords(row, name, isLate) })),
  );
  const byModel = Map.groupBy(rows, ({ row }) => models.get(row.modelId ?? ''));
  const named = [...byModel]
    .filter(([model]) => model !== undefined)
    .toSorted(([a = ''], [b = '']) => a.localeCompare(b, 'en'));
  const rest = byModel.get(undefined);
  return [...named, ...(rest ? [[undefined, rest] as const] : [])].map(([model, own]) => ({
    title: model === undefined ? (named.length > 0 ? `${title}, anything else` : title) : `${title}, ${model}`,
    rows: own.map(({ words }) => words),
  }));
}

const rowWords = ({ text }: Row, name: string, isLate: boolean) =>
  md`• ${text} (${name}${isLate ? ', added later' : ''})`;

/** As few sections as Slack's limit allows; a row is never cut in two. */
function sectionsOf(title: string, rows: readonly Mrkdwn[]): KnownBlock[] {
  const texts: Mrkdwn[] = [md`*${{ mrkdwn: title }}*`];
  for (const row of rows) {
    const last = texts.at(-1);
    if (last && last.mrkdwn.length + row.mrkdwn.length + 1 <= limits.sectionText)
      texts[texts.length - 1] = lines(last, row);
    else texts.push(row);
  }
  return texts.map(section);
}

const mostCharacters = 9000;

function inMessages(blocks: readonly KnownBlock[]): KnownBlock[][] {
  const messages: KnownBlock[][] = [];
  let size = 0;
  for (const block of blocks) {
    const length = block.type === 'section' ? (block.text?.text.length ?? 0) : 0;
    const last = messages.at(-1);
    if (last && last.length < limits.blocksInMessage && size + length <= mostCharacters) last.push(block);
    else {
      messages.push([block]);
      size = 0;
    }
    size += length;
  }
  return messages;
}

/** All of it in one, for who reads it by direct message or looks it up. */
export function digestWhole(digest: Digest, now: Date): Message {
  const parent = digestParent(digest);
  const blocks = digestThread(digest, now).flatMap((each) => each.blocks);
  return {
    text: parent.text,
    blocks: [...parent.blocks.slice(0, 1), divider(), ...blocks].slice(0, limits.blocksInMessage),
  };
}

/** Said in the thread, because the digest itself is no longer changed. */
export function afterwards({ name, answer }: Said, ritual: Ritual, isFirst: boolean): Message {
  const { done, plan, note, obstacle } = answer;
  return message(
    md`${name} ${isFirst ? 'answered' : 'changed their answer'} after ${ritual.name} of ${dateWords(answer.date, answer.date)} was closed.`,
    section(
      lines(
        md`:pencil2: *${name}* ${isFirst ? 'answered' : 'changed their answer'} after this was closed.`,
        ...done.map(({ text }) => md`• Done: ${text}`),
        ...plan.map(({ text }) => md`• Planned: ${text}`),
        obstacle !== '' && md`• In the way: ${obstacle}`,
        note !== '' && md`• To the next zone: ${note}`,
      ),
    ),
  );
}

export const emptyThread: Message = message(md`Nothing more.`, section(md`Nothing more.`));
