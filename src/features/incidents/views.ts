import { z } from 'zod';
import { actions } from '../../actions.ts';
import { button } from '../../slack/address.ts';
import { buttons, fields, footnote, type Message, message, section, sentence } from '../../slack/blocks.ts';
import { form, optionalText, selectField, textField } from '../../slack/forms.ts';
import { channelLink, join, lines, md, type Mrkdwn, person, plural, when } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { severityWords } from './rules.ts';
import { type Incident, severities } from './schema.ts';

/** Stands in the model's channel and, the same, on top of the incident's own. */
export function incidentCard(incident: Incident, model: Model): Message {
  return message(
    fullSentence(incident, model),
    section(md`${mark(incident)} *Incident ${incident.number}: ${incident.title}*`),
    fields(
      md`*Model*\n${model.name} in ${model.environment}`,
      md`*Version*\n${incident.version ?? 'not known'}`,
      md`*Severity*\n${severityWords[incident.severity]}`,
      md`*Commander*\n${incident.commander ? person(incident.commander) : 'nobody yet'}`,
      md`*Began*\n${when(incident.onset)}`,
      md`*Channel*\n${channelOf(incident)}`,
    ),
    incident.summary !== '' && section(md`*What we see*\n${incident.summary}`),
    incident.evidence !== '' && section(md`*Evidence*\n${incident.evidence}`),
    section(stateLine(incident)),
    incidentButtons(incident),
    footnote(md`Declared by ${person(incident.declaredBy)} ${when(incident.declaredAt)}`),
  );
}

function channelOf({ channel, state }: Incident): Mrkdwn {
  if (channel) return channelLink(channel);
  return state === 'open' ? md`being made` : md`none`;
}

function incidentButtons(incident: Incident) {
  const value = { incidentId: incident.id };
  return incident.state === 'resolved'
    ? buttons(
        button('Start post-mortem', actions.startPostmortem, value, { style: 'primary' }),
        button('Reopen', actions.reopenIncident, value),
      )
    : buttons(
        ...(incident.commander ? [] : [button('Take command', actions.takeCommand, value, { style: 'primary' })]),
        button('Resolve', actions.resolveIncident, value),
      );
}

function mark({ state }: Incident): Mrkdwn {
  return state === 'open' ? md`:rotating_light:` : md`:white_check_mark:`;
}

function stateLine(incident: Incident): Mrkdwn {
  if (incident.state === 'open') return md`*Open*. Next: say here what you know, and resolve it when it is over.`;
  return lines(
    md`*Resolved* by ${person(incident.resolvedBy ?? '')} ${when(incident.resolvedAt ?? incident.declaredAt)}.`,
    md`${incident.resolution ?? ''}`,
  );
}

function fullSentence(incident: Incident, model: Model): Mrkdwn {
  const named = md`${incident.severity.toUpperCase()} incident ${incident.number} on ${model.name}`;
  if (incident.state === 'resolved') {
    return md`${named} is resolved: ${incident.title}. ${person(incident.commander ?? model.ownerId)}, please start the post-mortem.`;
  }
  const what = md`${named}: ${incident.title}`;
  return incident.commander
    ? md`${what}. ${person(incident.commander)} leads.`
    : md`${what}. Nobody leads it yet: ${person(model.ownerId)}, please take command.`;
}

export function topicOf(incident: Incident, model: Model): string {
  return `${incident.severity.toUpperCase()} ${incident.state}: ${incident.title} (${model.name})`;
}

export const declareForm = form(
  'incident.form',
  { title: 'Declare incident', submit: 'Declare' },
  z.object({ modelId: z.uuid(), alertId: z.uuid().optional(), rollbackId: z.uuid().optional() }),
  {
    title: textField('What is wrong', { max: 120, hint: 'One line, as you would say it aloud.' }),
    severity: selectField(
      'How bad is it',
      severities.map((value) => ({ value, text: severityWords[value] })),
    ),
    summary: optionalText('What we see', { multiline: true, hint: 'What users notice, since when, what was tried.' }),
  },
);

export function declareModal(
  model: Model,
  prefill: { alertId?: string; rollbackId?: string; title: string; version: string | null; evidence: string },
) {
  const { alertId, rollbackId, title, version, evidence } = prefill;
  return declareForm.view(
    { modelId: model.id, ...(alertId && { alertId }), ...(rollbackId && { rollbackId }) },
    {
      above: [
        section(
          lines(
            md`*${model.name}* in ${model.environment}, live version *${version ?? 'not known'}*`,
            evidence !== '' && md`Evidence: ${evidence}`,
          ),
        ),
        footnote(md`I open a channel, invite the owner and the deputy, and post this there.`),
      ],
      start: { title, severity: 'sev2' },
    },
  );
}

export const resolveForm = form(
  'incident.resolve.form',
  { title: 'Resolve the incident', submit: 'Resolve' },
  z.object({ incidentId: z.uuid() }),
  {
    resolution: textField('What ended it', {
      multiline: true,
      max: 1000,
      hint: 'One or two sentences; the post-mortem starts from it.',
    }),
  },
);

function inShort({ incident, model }: { incident: Incident; model: Model }): Mrkdwn {
  return md`incident ${incident.number} on ${model.name}, ${incident.title}`;
}

export function incidentList(list: readonly { incident: Incident; model: Model }[]): Message {
  if (list.length === 0) return sentence(md`:white_check_mark: No incident is open.`);
  return message(
    md`${plural(list.length, 'incident is', 'incidents are')} open: ${join(list.slice(0, 3).map(inShort), '; ')}${list.length > 3 ? ` and ${list.length - 3} more` : ''}.`,
    section(
      join(
        list.map(
          ({ incident, model }) =>
            md`${mark(incident)} *${incident.number}* ${incident.title} (${model.name}) ${incident.channel ? channelLink(incident.channel) : ''}`,
        ),
        '\n',
      ),
    ),
  );
}
