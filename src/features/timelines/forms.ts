import { z } from 'zod';
import { footnote, section } from '../../slack/blocks.ts';
import { form } from '../../slack/forms.ts';
import { optional, optionalText, selectField, textField } from '../../slack/fields.ts';
import { clip } from '../../slack/limits.ts';
import { md } from '../../slack/mrkdwn.ts';
import { Quoted, quoted } from '../incidents/forms.ts';
import { typedTime } from '../incidents/milestones.ts';
import { type Incident } from '../incidents/schema.ts';
import type { TimelineLine } from '../incidents/timeline/queries.ts';
import { tagChoices } from '../incidents/timeline/rules.ts';

export const lineForm = form(
  'timeline.line.form',
  { title: 'Line of the timeline', submit: 'Save' },
  z.object({ incidentId: z.uuid(), page: z.int(), line: z.string(), seen: z.number().nullable() }),
  {
    shown: selectField('Does it stand in the story', [
      { value: 'yes', text: 'Yes, show it' },
      { value: 'no', text: 'No, hide it' },
    ]),
    title: optionalText('In other words', { multiline: true, hint: 'Empty: as it was.' }),
    at: optional(textField('At another time', { max: 16, hint: 'In UTC, like 2026-03-01 14:05. Empty: as it was.' })),
    evidence: optional(textField('What shows it', { max: 500, hint: 'A link: https://… Empty: none.' })),
    tag: optional(selectField('What is it', tagChoices, 'Asks whoever reads it what others can learn from.')),
  },
);

/** `was`: the words and the time before anybody changed them do not matter here; what stands now is put in. */
export function lineModal(
  { id, number }: Incident,
  page: number,
  { line, text, at, tag, evidence, isHidden, isChanged, markedAt }: TimelineLine,
) {
  return lineForm.view(
    { incidentId: id, page, line, seen: markedAt },
    {
      above: [
        section(md`Incident ${number}, ${typedTime(at)} UTC\n>${clip(text.replaceAll('\n', ' '), 500)}`),
        footnote(md`What happened stays in the ledger as it is; this is how it reads in the story.`),
      ],
      start: {
        shown: isHidden ? 'no' : 'yes',
        ...(isChanged && { title: text, at: typedTime(at) }),
        ...(evidence !== null && { evidence }),
        ...(tag && { tag }),
      },
    },
  );
}

export const pickForm = form('timeline.pick.form', { title: 'Add to timeline', submit: 'Add' }, Quoted, {
  incident: selectField('Of which incident'),
});

/** For a message outside of the channels of incidents. */
export function pickModal(message: Quoted, reads: string, open: readonly Incident[]) {
  const options = open.map(({ id, number, title }) => ({
    value: id,
    text: `Incident ${number}: ${title}`.slice(0, 75),
  }));
  return pickForm.view(quoted(message), {
    above: [section(md`>${clip(reads.replaceAll('\n', ' '), 500)}`)],
    options: { incident: options },
    start: { incident: options[0]?.value ?? '' },
  });
}
