import { type Message, message, section } from '../../slack/blocks.ts';
import { clip } from '../../slack/limits.ts';
import { join, lines, linkTo, md, type Mrkdwn, person, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { isUnderWay, isWhole } from './rules.ts';
import type { AliasMove, LiveVersion, Missing, Release, Strategy } from './schema.ts';

export interface Standing {
  readonly live: readonly LiveVersion[];
  /** The newest first, like the moves. */
  readonly releases: readonly Release[];
  readonly moves: readonly AliasMove[];
  /** Who may approve a release and is there today. */
  readonly approvers: readonly string[];
  readonly silentSince?: Date | undefined;
}

const mostEnvironments = 10;
const mostUnderWay = 5;
const mostMoves = 10;

export function releaseCard(model: Model, { live, releases, moves, approvers, silentSince }: Standing): Message {
  const main = live.find(({ environment }) => environment === model.environment);
  const places = new Set([model.environment, ...model.environments, ...live.map(({ environment }) => environment)]);
  const underWay = releases.filter(({ state }) => isUnderWay(state)).slice(0, mostUnderWay);
  return message(
    main
      ? md`Version ${main.version} of ${model.name} is live in ${model.environment}.`
      : md`I do not know yet which version of ${model.name} is live in ${model.environment}.`,
    ...[...places].slice(0, mostEnvironments).map((environment) =>
      section(
        placeLines(
          model,
          environment,
          live.find((each) => each.environment === environment),
          releases.filter((each) => each.environment === environment),
        ),
      ),
    ),
    underWay.length > 0 && section(lines(md`*Under way*`, ...underWay.map(underWayLine))),
    moves.length > 0 &&
      section(
        lines(md`*How it got there*`, ...moves.slice(0, mostMoves).map((move) => moveLine(move, model.environment))),
      ),
    section(md`*May approve a release*\n${approversLine(approvers)}`),
    silentSince !== undefined &&
      section(md`:warning: The registry has not answered since ${when(silentSince)}: what it says may have changed.`),
  );
}

function placeLines(
  model: Model,
  environment: string,
  live: LiveVersion | undefined,
  releases: readonly Release[],
): Mrkdwn {
  const isMain = environment === model.environment;
  const where = isMain ? md`*${model.name}* in ${environment}` : md`*${environment}*`;
  if (!live) {
    return isMain
      ? md`I do not know yet which version of *${model.name}* is live in ${environment}.`
      : md`${where}: I do not know yet what is live there.`;
  }
  const own = releases.find((each) => each.version === live.version && each.state === 'succeeded' && isWhole(each));
  const how = own && own.strategy !== 'all_at_once' ? md`, ${strategyWords(own)}` : md``;
  const byAlias = isMain && live.truth !== 'deployer' && live.truth !== 'release';
  return lines(
    byAlias
      ? md`${where}: the alias ${model.alias} points to *version ${live.version}* since ${when(live.since)}${how}.`
      : md`${where}: *version ${live.version}* is live since ${when(live.since)}${how}.`,
    live.missing !== null && live.missingSince !== null && missingLine(model, live, live.missing, live.missingSince),
    servedLine(live),
    ...besides(live, releases).map(besideLine),
  );
}

function missingLine(model: Model, live: LiveVersion, missing: Missing, since: Date): Mrkdwn {
  switch (missing) {
    case 'alias':
      return md`:warning: The registry has no alias ${model.alias} any more, seen ${when(since)}. Set it there again, to version ${live.version} or the one that should be live.`;
    case 'version':
      return md`:warning: Version ${live.version} was deleted in the registry, and the alias ${model.alias} with it, seen ${when(since)}. Set the alias there to a version that should be live.`;
    case 'model':
      return md`:warning: The registry no longer lists ${model.registryName}, seen ${when(since)}. Was it renamed or deleted there, or may my account no longer see it? \`/ml model edit\` changes its name here.`;
  }
}

function servedLine(live: LiveVersion): Mrkdwn {
  if (!live.servedVersion || !live.servedAt) return md`:grey_question: Serving was not seen yet.`;
  return live.servedVersion === live.version
    ? md`:white_check_mark: Serving was seen with it ${when(live.servedAt)}.`
    : md`:warning: Serving was last seen with *version ${live.servedVersion}*, ${when(live.servedAt)}.`;
}

/** Versions that came since with a part of the traffic or none, each as its newest news say. */
function besides(live: LiveVersion, releases: readonly Release[]): Release[] {
  const partial = releases.filter(
    (each) =>
      each.state === 'succeeded' && !isWhole(each) && each.version !== live.version && each.saidAt >= live.since,
  );
  return partial.filter((each, i) => partial.findIndex(({ version }) => version === each.version) === i).slice(0, 3);
}

function besideLine(release: Release): Mrkdwn {
  return md`:heavy_plus_sign: Beside it *version ${release.version}* since ${when(release.saidAt)}: ${strategyWords(release)}${seenWords(release)}.`;
}

const seenWords = ({ servedAt }: Release) =>
  servedAt ? md`, seen served ${when(servedAt)}` : md`, not seen served yet`;

function strategyWords({ strategy, percent }: Release): string {
  const share = percent === null || strategy === 'shadow' ? '' : `, ${percent} % of the traffic`;
  return `${strategyNames[strategy]}${share}`;
}

const strategyNames: Readonly<Record<Strategy, string>> = {
  all_at_once: 'all at once',
  canary: 'canary',
  shadow: 'shadow, nobody gets its answers',
  blue_green: 'blue-green',
};

function underWayLine(release: Release): Mrkdwn {
  const { version, environment, source, by, startedAt, state, url, isOurs } = release;
  const word = state === 'pending' ? 'waits' : 'is on its way';
  const whom = isOurs ? person(by) : md`${by}`;
  const link = url === null ? undefined : linkTo(url, source);
  return md`:hourglass_flowing_sand: *Version ${version}* ${word} to ${environment} since ${when(startedAt)}: ${strategyWords(release)}; ${link ?? source}, ${whom}`;
}

const longestWhy = 200;

function moveLine({ at, fromVersion, toVersion, who, why, environment }: AliasMove, main: string): Mrkdwn {
  const where = environment === main ? md`` : md` in ${environment}`;
  return md`${when(at, '{date_num} {time}')} – ${fromVersion ?? 'nothing'} → *${toVersion}*${where}, ${person(who)}: ${clip(why, longestWhy)}`;
}

function approversLine(people: readonly string[]): Mrkdwn {
  return people.length > 0
    ? md`${join(people.slice(0, 10).map(person), ', ')}. Whoever asks for it cannot approve it.`
    : md`:warning: nobody who is there today`;
}
