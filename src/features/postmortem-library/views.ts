import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { clip } from '../../slack/limits.ts';
import { channelLink, lines, md, type Mrkdwn, plural } from '../../slack/mrkdwn.ts';
import type { Incident } from '../incidents/schema.ts';
import type { Past } from '../postmortems/similar/queries.ts';
import { pastLine } from '../postmortems/similar/views.ts';
import type { Found } from './queries.ts';

export function exportChoice({ id: incidentId, number, isPrivate }: Incident): Message {
  return message(
    md`The post-mortem of incident ${number} as a file: choose how.`,
    section(md`:outbox_tray: *The post-mortem of incident ${number} as a file.* It comes to you as a direct message.`),
    buttons(
      button('Markdown', actions.exportNamed, { incidentId }),
      button('Markdown, roles only', actions.exportRoles, { incidentId }),
      button('JSON', actions.exportJson, { incidentId }),
    ),
    footnote(
      md`Roles only: people are the commander, responder A and so on. Nicknames that people wrote are not known to me: read it before you pass it on.${isPrivate ? ' This incident is private.' : ''}`,
    ),
  );
}

export function searchMessage(typed: string, found: readonly Found[]): Message {
  if (found.length === 0)
    return sentence(
      md`:mag: No post-mortem says anything of “${typed}”. Try fewer words, or one that others would use for it.`,
    );
  return message(
    md`${plural(found.length, 'post-mortem')} with “${typed}”: ${found[0] ? md`incident ${found[0].number}, ${found[0].title}` : ''}${found.length > 1 ? ' and more' : ''}.`,
    section(md`:mag: *${plural(found.length, 'post-mortem')} with “${typed}”*`),
    ...found.map((each) => section(lines(line(each), md`>${clip(each.snippet.replaceAll(/\s+/g, ' '), 400)}`))),
  );
}

export function similarMessage({ number }: Incident, found: readonly Past[]): Message {
  if (found.length === 0) return sentence(md`:mag: No past incident looks like incident ${number}.`);
  return message(
    md`Past incidents like incident ${number}: ${found.map((each) => String(each.number)).join(', ')}.`,
    section(md`:mag: *Past incidents like incident ${number}*`),
    ...found.map((each) => section(pastLine(each))),
    footnote(md`By model, kind of factors and words. \`/ml postmortem export <incident>\` gives one as a file.`),
  );
}

function line({ number, title, model, severity, state, channel }: Found): Mrkdwn {
  const where = channel ? md`, in ${channelLink(channel)}` : md``;
  const how = ['triage', 'active', 'mitigated'].includes(state) ? 'going on' : state;
  return md`*${number}* ${title} (${model}, ${severity.toUpperCase()}, ${how})${where}`;
}
