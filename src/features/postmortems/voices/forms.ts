import { z } from 'zod';
import { footnote, section } from '../../../slack/blocks.ts';
import { form } from '../../../slack/forms.ts';
import { selectField, textField } from '../../../slack/fields.ts';
import { lines, md } from '../../../slack/mrkdwn.ts';
import type { Postmortem } from '../schema.ts';
import { kindWords, longestVoice, sectionChoices, usualSection } from './rules.ts';
import { type Voice, type VoiceKind, voiceKinds } from './schema.ts';

export const speakForm = form(
  'postmortem.speak.form',
  { title: 'Without your name', submit: 'Send' },
  z.object({ postmortemId: z.uuid() }),
  {
    kind: selectField(
      'What is it',
      voiceKinds.map((value) => ({ value, text: kindWords[value].name })),
    ),
    text: textField('In your words', {
      multiline: true,
      max: longestVoice,
      hint: 'Your way of writing may be known, and so may what only you could have seen.',
    }),
  },
);

/** Says plainly what is kept, and what others could see all the same. */
export function speakModal({ id, document }: Postmortem, kind: VoiceKind) {
  return speakForm.view(
    { postmortemId: id },
    {
      start: { kind },
      above: [
        section(
          lines(
            md`*${document.title}*`,
            md`Pitcrew keeps your words and the day, and not who wrote them. Whoever runs the review and whoever sees to the document read them, mixed with what others send; everybody else sees how many there are.`,
          ),
        ),
        footnote(
          lines(
            md`*What others could still see:* an administrator of this Slack workspace can see when you are online and from where, but finds no forms in Slack's exports of messages.`,
            md`Slack tells Pitcrew who sends a form. Whoever runs Pitcrew's server could change it so that it keeps that, or record its traffic. If that worries you, talk to somebody you trust instead.`,
          ),
        ),
      ],
    },
  );
}

export const takeForm = form(
  // A step of the list: it takes its place.
  'postmortem.voices/take',
  { title: 'Take over', submit: 'Take over' },
  z.object({ voiceId: z.uuid(), page: z.int().min(0) }),
  {
    section: selectField('Into which section', sectionChoices),
    text: textField('As it is to be read', {
      multiline: true,
      hint: 'In words that could be anybody’s. It stands there as written by you.',
    }),
  },
);

export function takeModal({ id, text, kind }: Voice, page: number) {
  return takeForm.view({ voiceId: id, page }, { start: { section: usualSection({ kind }), text } });
}
