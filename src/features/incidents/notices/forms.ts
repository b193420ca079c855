import { z } from 'zod';
import { footnote, section } from '../../../slack/blocks.ts';
import { channelField, optional, textField, usersField } from '../../../slack/fields.ts';
import { form } from '../../../slack/forms.ts';
import { clip } from '../../../slack/limits.ts';
import { lines, md, when } from '../../../slack/mrkdwn.ts';
import type { Model } from '../../models/schema.ts';
import { isOpen } from '../rules.ts';
import type { Incident, Severity } from '../schema.ts';
import type { IncidentNotice } from './schema.ts';

export const noticeForm = form(
  'incident.notice.form',
  { title: 'Tell stakeholders', submit: 'Tell them' },
  z.object({ incidentId: z.uuid() }),
  {
    text: textField('What it means to them', {
      multiline: true,
      max: 1500,
      hint: 'What is wrong for whom, what is done, when they hear again. No model words.',
    }),
    people: optional(usersField('Whom', 'As a direct message.')),
    channel: optional(channelField('Where', 'Or in a channel.')),
  },
);

const effects: Readonly<Record<Severity, string>> = {
  sev1: 'people outside the team are affected now',
  sev2: 'some answers are wrong or late',
  sev3: 'works less well than usual, and can be used',
};

/** `told`: the stakeholders of its team. */
export function noticeView(
  incident: Incident,
  model: Model,
  { told, before }: { told: readonly string[]; before: readonly IncidentNotice[] },
) {
  const last = before.at(-1);
  const start = isOpen(incident)
    ? `${model.name}: ${effects[incident.severity]}. We work on it. You hear from us again within … hours.`
    : `${model.name} works as usual again. ${incident.resolution ?? ''}`.trim();
  return noticeForm.view(
    { incidentId: incident.id },
    {
      above: last
        ? [section(lines(md`*Told last*, ${when(last.at)}:`, md`>${clip(last.text.replaceAll('\n', ' '), 500)}`))]
        : [footnote(md`Nobody outside has been told of incident ${incident.number} yet.`)],
      start: { text: start, people: told.join(' ') },
    },
  );
}
