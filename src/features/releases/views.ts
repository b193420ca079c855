import { type Message, message, section } from '../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { AliasMove, LiveVersion } from './schema.ts';

/** Who may approve a release, and what the team keeps apart from that. */
export interface Approvers {
  readonly people: readonly string[];
  readonly apartFrom: readonly string[];
}

export function releaseCard(
  model: Model,
  live: LiveVersion | undefined,
  moves: readonly AliasMove[],
  approvers: Approvers,
): Message {
  if (!live) {
    const unknown = md`I do not know yet which version of *${model.name}* is live in ${model.environment}.`;
    return message(unknown, section(unknown));
  }
  return message(
    md`Version ${live.version} of ${model.name} is live in ${model.environment}.`,
    section(
      lines(
        md`*${model.name}* in ${model.environment}: the alias ${model.alias} points to *version ${live.version}* since ${when(live.since)}.`,
        served(live),
      ),
    ),
    section(md`*How it got there*\n${join(moves.map(moveLine), '\n')}`),
    section(md`*May approve a release*\n${approversLine(approvers)}`),
  );
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
