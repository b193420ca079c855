import { type Message, message, section } from '../../slack/blocks.ts';
import { join, lines, md, type Mrkdwn, person, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import type { AliasMove, LiveVersion } from './schema.ts';

export function releaseCard(model: Model, live: LiveVersion | undefined, moves: readonly AliasMove[]): Message {
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
