import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, divider, fields, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { form, optionalText } from '../../slack/forms.ts';
import { limits } from '../../slack/limits.ts';
import { channelLink, join, md, type Mrkdwn, person, plural, when, withStop } from '../../slack/mrkdwn.ts';
import type { Incident } from '../incidents/schema.ts';
import { type Document, durationWords, type Moment, sectionNames, sectionTitles } from './draft.ts';
import type { Postmortem } from './schema.ts';

const mostLines = 30;

export function started(incident: Incident): Message {
  const where = incident.channel ? channelLink(incident.channel) : md`the model's channel`;
  return sentence(md`:memo: The post-mortem of incident ${incident.number} is drafted in ${where}. Press Write there.`);
}

export function postmortemCard(postmortem: Postmortem): Message {
  const { document } = postmortem;
  const empty = sectionNames.filter((name) => document.sections[name] === '');
  const { resolved } = document;
  return message(
    md`The post-mortem for ${document.model} is drafted, about ${withStop(md`${document.title}`)} ${empty.length > 0 ? `${plural(empty.length, 'section is', 'sections are')} still to write: please press Write.` : 'Please read it through.'}`,
    section(md`:memo: *Post-mortem – ${document.title}*`),
    fields(
      md`*Model*\n${document.model}, version ${document.version ?? 'not known'}`,
      md`*Severity*\n${document.severity.toUpperCase()}`,
      md`*From onset to end*\n${resolved ? durationWords(document.began, resolved) : 'not ended'}`,
      md`*From declared to end*\n${resolved ? durationWords(document.declared, resolved) : 'not ended'}`,
      md`*Runs it*\n${document.facilitator ? md`${person(document.facilitator)}, who did not lead the incident` : 'somebody who did not lead the incident: ask the lead whom'}`,
    ),
    ...sectionNames.map((name) =>
      section(
        md`*${sectionTitles[name]}*\n${document.sections[name] === '' ? md`_Not written yet._` : document.sections[name]}`,
      ),
    ),
    divider(),
    ...timelineSections(document),
    buttons(button('Write', actions.writePostmortem, { postmortemId: postmortem.id }, { style: 'primary' })),
    footnote(
      md`The timeline comes from the ledger. Say what happened and why it made sense then; who is to blame is not asked here.`,
    ),
  );
}

function timelineSections(document: Document) {
  const shown = document.timeline.slice(-mostLines);
  const left = document.timeline.length - shown.length;
  const head = md`*Timeline*${left > 0 ? md` _(${left} earlier lines are in the ledger)_` : ''}`;
  return inSections([head, ...shown.map(line)]);
}

function line(moment: Moment): Mrkdwn {
  return md`${when(new Date(moment.at), '{date_num} {time_secs}')} – ${person(moment.who)}: ${moment.summary}`;
}

/** As many lines a section as Slack takes. */
function inSections(all: readonly Mrkdwn[]) {
  const groups: Mrkdwn[][] = [[]];
  let length = 0;
  for (const each of all) {
    if (length + each.mrkdwn.length + 1 > limits.sectionText) {
      groups.push([]);
      length = 0;
    }
    groups.at(-1)?.push(each);
    length += each.mrkdwn.length + 1;
  }
  return groups.map((group) => section(join(group, '\n')));
}

export const writeForm = form(
  'postmortem.form',
  { title: 'Write the post-mortem', submit: 'Save' },
  z.object({ postmortemId: z.uuid(), revision: z.number() }),
  {
    summary: optionalText(sectionTitles.summary, { multiline: true }),
    impact: optionalText(sectionTitles.impact, {
      multiline: true,
      hint: 'People, decisions, money; how long; how sure you are.',
    }),
    factors: optionalText(sectionTitles.factors, {
      multiline: true,
      hint: 'Conditions, not people: what let it happen, what hid it.',
    }),
    learned: optionalText(sectionTitles.learned, { multiline: true, hint: 'What went well is worth keeping too.' }),
  },
);

export function writeModal(postmortem: Postmortem) {
  return writeForm.view(
    { postmortemId: postmortem.id, revision: postmortem.revision },
    { start: postmortem.document.sections },
  );
}
