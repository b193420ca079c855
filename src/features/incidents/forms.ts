import { z } from 'zod';
import { footnote, section } from '../../slack/blocks.ts';
import { form } from '../../slack/forms.ts';
import {
  lookupField,
  optional,
  optionalText,
  selectField,
  textField,
  userField,
  usersField,
} from '../../slack/fields.ts';
import { clip } from '../../slack/limits.ts';
import { join, lines, md, type Mrkdwn } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { detectionRange, milestoneWords, type Times, typedTime } from './milestones.ts';
import { cancelWords, roleWords, severityWords } from './rules.ts';
import { cancelReasons, type Incident, type MilestoneName, roles, severities } from './schema.ts';
import { incidentLine } from './listing/views.ts';

const About = z.object({ incidentId: z.uuid() });
const severityField = (label: string) =>
  selectField(
    label,
    severities.map((value) => ({ value, text: severityWords[value] })),
  );
const inSpite = optionalText('In spite of that, because', {
  hint: 'Only where something stands against it, such as a rollback that is not seen yet.',
});

const sure = [
  { value: 'active', text: 'Yes, it is an incident' },
  { value: 'triage', text: 'Not yet: somebody has to look first' },
];
const sees = [
  { value: 'everybody', text: 'Everybody' },
  { value: 'private', text: 'Only the people I name: private' },
];
const kinds = [
  { value: 'incident', text: 'A real one' },
  { value: 'drill', text: 'A drill' },
  { value: 'test', text: 'A test of Pitcrew' },
];

/** A message that somebody pointed at, as much of it as a form can carry. */
export const Quoted = z.object({ channel: z.string(), ts: z.string(), text: z.string(), author: z.string() });
export type Quoted = z.infer<typeof Quoted>;
const mostQuoted = 1200;
export const quoted = ({ channel, ts, text, author }: Quoted): Quoted => ({
  channel,
  ts,
  text: clip(text, mostQuoted),
  author,
});

/** Where a message does not say by its channel which model it is about. */
export const declareFromForm = form('incident.from.form', { title: 'Declare incident', submit: 'Go on' }, Quoted, {
  modelId: lookupField('On which model', 'model', 'Type a part of its name.'),
});

export const declareForm = form(
  'incident.form',
  { title: 'Declare incident', submit: 'Declare' },
  z.object({
    modelId: z.uuid(),
    alertId: z.uuid().optional(),
    rollbackId: z.uuid().optional(),
    message: Quoted.optional(),
  }),
  {
    title: textField('What is wrong', { max: 120, hint: 'One line, as you would say it aloud.' }),
    severity: severityField('How bad is it'),
    summary: optionalText('What we see', { multiline: true, hint: 'What users notice, since when, what was tried.' }),
    sure: selectField('Are you sure', sure),
    sees: selectField(
      'Who sees it',
      sees,
      'It stays so. Private: no card in the channel, no search, no list, no figure.',
    ),
    people: optional(usersField('If private: who else sees it', 'Full members only. More can be let in later.')),
    another: optional(lookupField('Another model that is affected', 'model', 'More can be named later.')),
    kind: selectField('What is it', kinds, 'It stays that: drills and tests count in no figure.'),
  },
);

export interface Prefill {
  readonly alertId?: string;
  readonly rollbackId?: string;
  /** It becomes the first line of the timeline. */
  readonly message?: { readonly quoted: Quoted; readonly reads: string };
  readonly title: string;
  readonly version: string | null;
  readonly evidence: string;
  /** Of this model, and open now. */
  readonly open: readonly Incident[];
  /** Of this model, over, and the nearest. */
  readonly past: readonly Mrkdwn[];
}

export function declareModal(model: Model, prefill: Prefill) {
  const { alertId, rollbackId, message, title, version, evidence, open, past } = prefill;
  return declareForm.view(
    {
      modelId: model.id,
      ...(alertId && { alertId }),
      ...(rollbackId && { rollbackId }),
      ...(message && { message: message.quoted }),
    },
    {
      above: [
        section(
          lines(
            md`*${model.name}* in ${model.environment}, live version *${version ?? 'not known'}*`,
            evidence !== '' && md`Evidence: ${evidence}`,
            message && md`With this message in its timeline: “${clip(message.reads.replaceAll('\n', ' '), 300)}”`,
          ),
        ),
        ...(open.length > 0
          ? [
              section(
                lines(
                  md`*Is it one of these?* Then go on there instead.`,
                  join(
                    open.map((each) => incidentLine(each, model)),
                    '\n',
                  ),
                ),
              ),
            ]
          : []),
        ...(past.length > 0 ? [section(lines(md`*Like it before on this model:*`, ...past))] : []),
        footnote(md`I open a channel, invite who has to know, and post this there.`),
      ],
      start: { title, severity: 'sev2', sure: 'active', sees: 'everybody', kind: 'incident' },
    },
  );
}

export const updateForm = form('incident.update.form', { title: 'Update', submit: 'Tell everybody' }, About, {
  conditions: textField('How it is', { multiline: true, max: 1000, hint: 'What is known, and who is affected.' }),
  actions: optionalText('What is done', { multiline: true }),
  needs: optionalText('What is needed', { multiline: true, hint: 'From whom?' }),
});

export const mitigateForm = form('incident.mitigate.form', { title: 'Impact stopped', submit: 'Mitigated' }, About, {
  how: textField('What stopped it', { multiline: true, max: 1000 }),
  inSpite,
});

export const resolveForm = form('incident.resolve.form', { title: 'Resolve the incident', submit: 'Resolve' }, About, {
  resolution: textField('What ended it', {
    multiline: true,
    max: 1000,
    hint: 'One or two sentences; the post-mortem starts from it.',
  }),
  inSpite,
});

export const reopenForm = form('incident.reopen.form', { title: 'Reopen the incident', submit: 'Reopen' }, About, {
  reason: textField('Why', { multiline: true, max: 500 }),
});

export const cancelForm = form('incident.cancel.form', { title: 'Call it off', submit: 'Call off' }, About, {
  why: selectField(
    'Why',
    cancelReasons.map((value) => ({ value, text: cancelWords[value] })),
  ),
  words: textField('In your words', { multiline: true, max: 500 }),
});

export const severityForm = form(
  'incident.severity.form',
  { title: 'Severity', submit: 'Save' },
  About.extend({ seen: z.enum(severities) }),
  {
    severity: severityField('How bad is it'),
    reason: optionalText('Why', { hint: 'Needed to lower it.' }),
  },
);

export const roleForm = form('incident.role.form', { title: 'Roles', submit: 'Ask them' }, About, {
  role: selectField(
    'Role',
    roles.map((value) => ({ value, text: roleWords[value].name, description: roleWords[value].does })),
  ),
  person: userField('Who', 'They have it once they accept; yourself: at once.'),
});

export const letInForm = form('incident.let-in.form', { title: 'Let in', submit: 'Let them in' }, About, {
  people: usersField('Who', 'They see all of it, from its beginning. Full members only.'),
});

export const mergeForm = form('incident.merge.form', { title: 'Merge', submit: 'Merge' }, About, {
  into: selectField('Into', [], 'Everybody goes on there. The earliest times count.'),
});

/** Those that people know better than we do; when it was declared is on record. */
export const correctable = [
  'onset_earliest',
  'onset',
  'onset_latest',
  'detected',
  'acknowledged',
  'mitigated',
  'resolved',
] as const satisfies readonly MilestoneName[];

const timeField = (name: MilestoneName) => optional(textField(milestoneWords[name], { max: 16 }));

export const timesForm = form(
  'incident.times.form',
  { title: 'Correct times', submit: 'Save' },
  z.object({ incidentId: z.uuid(), revision: z.number() }),
  {
    onset_earliest: timeField('onset_earliest'),
    onset: timeField('onset'),
    onset_latest: timeField('onset_latest'),
    began: selectField('Can we know when it began', [
      { value: 'known', text: 'Yes, or not yet' },
      { value: 'unknown', text: 'No: nobody can' },
    ]),
    detected: timeField('detected'),
    acknowledged: timeField('acknowledged'),
    mitigated: timeField('mitigated'),
    resolved: timeField('resolved'),
  },
);

export function timesModal(
  { id, revision, number, isOnsetUnknown }: Incident,
  times: Times,
  problems: readonly string[],
) {
  const range = detectionRange(times);
  return timesForm.view(
    { incidentId: id, revision },
    {
      above: [
        section(
          lines(
            md`Incident ${number}. Times in UTC, like \`2026-03-01 14:05\`; empty: not known.`,
            range !== undefined && md`It was noticed ${range[0]} to ${range[1]} minutes after it began.`,
            ...problems.map((problem) => md`:warning: ${problem}`),
          ),
        ),
        footnote(md`Figures are made from these. Each change stays on record, with your name.`),
      ],
      start: {
        ...Object.fromEntries(correctable.map((name) => [name, typedTime(times[name])])),
        began: isOnsetUnknown ? 'unknown' : 'known',
      },
    },
  );
}
