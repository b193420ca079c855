import { type Message, message, section } from '../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { AliasMove, LiveVersion, Release, Strategy } from './schema.ts';

/** Who may approve a release, and what the team keeps apart from that. */
export interface Approvers {
  readonly people: readonly string[];
  readonly apartFrom: readonly string[];
}

export interface Standing {
  /** By environment. */
  readonly live: readonly LiveVersion[];
  /** The newest first. */
  readonly releases: readonly Release[];
  readonly moves: readonly AliasMove[];
  readonly approvers: Approvers;
  readonly silentSince?: Date | undefined;
}

export function releaseCard(model: Model, { live, releases, moves, approvers, silentSince }: Standing): Message {
  const main = live.find(({ environment }) => environment === model.environment);
  const others = model.environments.filter((each) => each !== model.environment);
  const underWay = releases.filter(({ state }) => state === 'pending' || state === 'running');
  const unknown = md`I do not know yet which version of *${model.name}* is live in ${model.environment}.`;
  return message(
    main ? md`Version ${main.version} of ${model.name} is live in ${model.environment}.` : unknown,
    section(main ? lines(...liveLines(model, main, newestOf(releases, main))) : unknown),
    others.length > 0 &&
      section(
        lines(
          ...others.map((environment) => {
            const there = live.find((each) => each.environment === environment);
            return there
              ? md`*${environment}*: version ${there.version} since ${when(there.since)}. ${served(there)}`
              : md`*${environment}*: I do not know what is live there.`;
          }),
        ),
      ),
    underWay.length > 0 && section(lines(md`*Under way*`, ...underWay.slice(0, 5).map((each) => releaseLine(each)))),
    moves.length > 0 && section(md`*How it got there*\n${join(moves.map(moveLine), '\n')}`),
    section(md`*May approve a release*\n${approversLine(approvers)}`),
    silentSince !== undefined &&
      section(md`:warning: The registry does not answer since ${when(silentSince)}; what it says may have changed.`),
  );
}

function liveLines(model: Model, live: LiveVersion, release: Release | undefined): Mrkdwn[] {
  const how = release && release.strategy !== 'all_at_once' ? md` (${strategyWords(release)})` : md``;
  return [
    md`*${model.name}* in ${model.environment}: the alias ${model.alias} points to *version ${live.version}* since ${when(live.since)}${how}.`,
    ...(live.missingSince
      ? [
          md`:warning: The registry has no alias ${model.alias} any more, since ${when(live.missingSince)}. Set it there again, or roll back.`,
        ]
      : []),
    served(live),
  ];
}

const newestOf = (releases: readonly Release[], live: LiveVersion) =>
  releases.find((each) => each.environment === live.environment && each.version === live.version);

function strategyWords({ strategy, percent }: Release): string {
  const share = percent === null ? '' : `, ${percent} % of the traffic`;
  return `${strategyNames[strategy]}${share}`;
}

const strategyNames: Readonly<Record<Strategy, string>> = {
  all_at_once: 'all at once',
  canary: 'canary',
  shadow: 'shadow, nobody gets its answers',
  blue_green: 'blue-green',
};

function releaseLine(release: Release): Mrkdwn {
  const { version, environment, source, by, startedAt, state } = release;
  const word = state === 'pending' ? 'waits' : 'is under way';
  return md`:hourglass_flowing_sand: Version ${version} to ${environment} ${word} since ${when(startedAt)}: ${strategyWords(release)}; ${source}, ${person(by)}`;
}

function served(live: LiveVersion): Mrkdwn {
  if (!live.servedVersion || !live.servedAt) return md`:grey_question: Serving was not seen yet.`;
  return live.servedVersion === live.version
    ? md`:white_check_mark: Serving was seen with it ${when(live.servedAt)}.`
    : md`:warning: Serving was last seen with *version ${live.servedVersion}*, ${when(live.servedAt)}.`;
}

function moveLine(move: AliasMove): Mrkdwn {
  return md`${when(move.at, '{date_num} {time}')} – ${move.fromVersion ?? 'nothing'} → *${move.toVersion}*, ${person(move.who)}: ${move.why}`;
}

function approversLine({ people, apartFrom }: Approvers): Mrkdwn {
  const who = people.length > 0 ? join(people.slice(0, 10).map(person), ', ') : md`:warning: nobody who is there today`;
  return apartFrom.length > 0 ? md`${who}; not whoever has to ${apartFrom.join(' or to ')}, too.` : who;
}
