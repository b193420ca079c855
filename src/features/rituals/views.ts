import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { channelLink, lines, md, type Mrkdwn, plural, when } from '../../slack/mrkdwn.ts';
import type { Team } from '../teams/schema.ts';
import type { Taking } from './dates.ts';
import type { Saved } from './changes.ts';
import type { Whole } from './queries.ts';
import { kindNames } from './rules.ts';
import type { Ritual } from './schema.ts';
import { comingWords, digestWords, nextWords, ruleWords } from './words.ts';

export interface Listed extends Whole {
  readonly coming: readonly Taking[];
  readonly follows: boolean;
}

export const mostListed = 15;

/** What a team does again and again, and how each goes on. */
export function ritualList(team: Team, listed: readonly Listed[], count: number, today: string): Message {
  if (listed.length === 0)
    return message(
      md`${team.name} has no ritual yet.`,
      section(
        md`:date: *${team.name}* has no ritual yet. \`/ml standup new\` sets up a standup, \`/ml checkin new\` a weekly check-in, \`/ml wrapup new\` an end of day.`,
      ),
    );
  return message(
    md`${team.name} has ${plural(count, 'ritual')}.`,
    section(md`:date: *Rituals of ${team.name}*`),
    ...listed.map((each) => ({
      ...section(ritualLine(each, today)),
      accessory: button('Open', actions.showRitual, { ritualId: each.ritual.id }),
    })),
    count > listed.length && footnote(md`And ${count - listed.length} more.`),
    footnote(md`\`/ml standup new\` sets up another one. \`/ml standup settings\` says how you want to be asked.`),
  );
}

function ritualLine({ ritual, rule, coming }: Listed, today: string): Mrkdwn {
  return lines(
    md`*${ritual.name}*: ${ruleWords(rule)}`,
    ritual.state === 'paused'
      ? md`:double_vertical_bar: It rests: nobody is asked.`
      : md`Next: ${comingWords(coming, today)}`,
  );
}

/** One ritual with what can be done about it. */
export function ritualCard({ ritual, rule, coming, follows }: Listed, today: string): Message {
  const carried = { ritualId: ritual.id };
  return message(
    md`${ritual.name}: ${ruleWords(rule)}.`,
    section(
      lines(
        md`*${ritual.name}* (${kindNames[ritual.kind]}), digest in ${channelLink(ritual.channel)}`,
        md`${ruleWords(rule)}. ${digestWords(rule)}.`,
        ritual.state === 'paused'
          ? md`:double_vertical_bar: It rests: nobody is asked. What falls into the pause is not caught up.`
          : md`*Next*: ${coming.length > 0 ? comingWords(coming, today) : 'no more'}.`,
      ),
    ),
    buttons(
      button('Edit', actions.editRitual, carried),
      ritual.state === 'paused'
        ? button('Resume', actions.resumeRitual, carried)
        : button('Pause', actions.pauseRitual, carried),
      follows
        ? button('Stop sending me the digest', actions.unfollowRitual, carried)
        : button('Send me the digest', actions.followRitual, carried),
      button('End it', actions.endRitual, carried, {
        style: 'danger',
        confirm: {
          title: 'End this ritual?',
          text: md`Nobody is asked any more. What was said in it stays.`,
          yes: 'End it',
        },
      }),
    ),
  );
}

/** After saving: both instants, where today keeps its old hour. */
export function savedWords({ ritual, next, following }: Saved, today: string): Message {
  if (ritual.state === 'paused')
    return sentence(md`*${ritual.name}* is saved. It rests: *Resume* lets it take place again.`);
  if (!next) return sentence(md`*${ritual.name}* is saved. It takes place no more.`);
  if (following)
    return sentence(
      md`*${ritual.name}* is saved. That hour has passed already, so the next one keeps its old hour: ${when(next.opensAt)}. From then on it is as you said, first ${nextWords(ritual, following, today)}.`,
    );
  return sentence(md`*${ritual.name}* is saved. Next: ${nextWords(ritual, next, today)}.`);
}

export const pausedWords = ({ name }: Ritual): Message =>
  sentence(
    md`:double_vertical_bar: *${name}* rests: nobody is asked. *Resume* in \`/ml rituals\` lets it go on; what falls into the pause is not caught up.`,
  );

export function resumedWords(ritual: Ritual, next: Taking | undefined, today: string): Message {
  return next
    ? sentence(md`*${ritual.name}* takes place again. Next: ${nextWords(ritual, next, today)}.`)
    : sentence(md`*${ritual.name}* is awake again, but its rule has come to its end: change it with *Edit*.`);
}

export const endedWords = ({ name }: Ritual): Message =>
  sentence(md`*${name}* has ended. What was said in it stays: \`/ml standup search\` finds it.`);

export function followWords({ name }: Ritual, follows: boolean): Message {
  return sentence(
    follows
      ? md`The digest of *${name}* comes to you as a direct message. You are not asked anything.`
      : md`The digest of *${name}* comes to you no more.`,
  );
}

export const ownWayWords: Message = sentence(md`Saved. From the next time on you are asked like this.`);
