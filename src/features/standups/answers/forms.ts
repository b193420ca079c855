import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { divider, section } from '../../../slack/blocks.ts';
import {
  type Choice,
  lookupField,
  optional,
  optionalText,
  selectField,
  ticksField,
  userField,
} from '../../../slack/fields.ts';
import { form } from '../../../slack/forms.ts';
import { clip, limits } from '../../../slack/limits.ts';
import { lines, md } from '../../../slack/mrkdwn.ts';
import { needChoices } from '../../blockers/needs.ts';
import type { OpenBlocker } from '../../blockers/listing/queries.ts';
import { blockerLine } from '../../blockers/listing/views.ts';
import type { Ritual, RitualRun, ShownFact } from '../../rituals/schema.ts';
import { dateWords } from '../../../time/date-words.ts';
import { knownLines } from '../asking/views.ts';
import { asLines, openRows, startingPlan, tickable } from '../rules.ts';
import type { Answer, Row } from '../schema.ts';

const Carried = z.object({
  ritualId: z.uuid(),
  date: z.iso.date(),
  /** They were asked once whether something is in the way. */
  asked: z.boolean().optional(),
});

const inputs = {
  done: ticksField('Done of what you planned', 'What you do not tick stays in the plan below.'),
  known: ticksField('What I know of', 'Untick what you do not want to have in the digest as yours.'),
  plan: optionalText('Plan', { multiline: true, hint: 'A line each. Take out, change and add as you like.' }),
  obstacle: optionalText('What is in the way', {
    multiline: true,
    hint: 'Leave it empty if nothing is. It finds its way to who can help.',
  }),
  need: optional(selectField('Who or what is needed', needChoices())),
  helper: optional(userField('Or this person')),
  blocks: optional(lookupField('Which model it holds up', 'model')),
  note: optionalText('For the next zone', { multiline: true, hint: 'What should those know who begin when you stop?' }),
};

export const answerForm = form('standup.answer', { title: 'How does it go?', submit: 'Send' }, Carried, inputs);
export type Answered = ReturnType<typeof answerForm.read>['values'];

export interface Filling {
  readonly ritual: Ritual;
  readonly run: RitualRun;
  readonly facts: readonly ShownFact[];
  readonly since: Date;
  /** What they said to this run already. */
  readonly now: Answer | undefined;
  /** What they said the time before. */
  readonly last: Answer | undefined;
  /** What they raised and is still open. */
  readonly held: readonly OpenBlocker[];
  readonly at: Date;
}

/** Filled so that it can be sent as it is. */
export function answerFormFor(filling: Filling): ModalView {
  const { ritual, run, facts, since, now, last, held, at } = filling;
  const before = openRows(last);
  const known = tickable(facts);
  const hidden = new Set(now?.hidden);
  const done = new Set(now?.done.map(({ text }) => text));
  const plan = now ? now.plan : startingPlan(before, facts);
  return answerForm.view(
    { ritualId: run.ritualId, date: run.date },
    {
      above: [
        section(lines(md`*${ritual.name}*, ${dateWords(run.date, run.date)}`, knownLines(facts, since))),
        ...(held.length > 0
          ? [section(lines(md`*Still in the way*`, ...held.slice(0, 5).map((each) => blockerLine(each, at))))]
          : []),
        divider(),
      ],
      options: { done: choices(before.map(({ text }) => text)), known: knownChoices(known) },
      start: {
        done: ticked(before.map(({ text }) => done.has(text))),
        known: known.flatMap(({ key }) => (hidden.has(key) ? [] : [key])).join(' '),
        plan: clip(asLines(plan), limits.plainTextInput),
        ...(now && { obstacle: now.obstacle, note: now.note }),
      },
    },
  );
}

/** The same as it was sent, with the question on top, asked once. */
export function askAgain(filling: Filling, carries: z.infer<typeof Carried>, values: Answered): ModalView {
  const known = tickable(filling.facts);
  return answerForm.view(
    { ...carries, asked: true },
    {
      above: [
        section(
          md`:grey_question: *Is something in the way?* If so, say below what it is and who is needed: then it finds them. If not, just send it again.`,
        ),
        divider(),
      ],
      options: { done: choices(openRows(filling.last).map(({ text }) => text)), known: knownChoices(known) },
      start: { done: values.done.join(' '), known: values.known.join(' '), plan: values.plan, note: values.note },
    },
  );
}

const choices = (texts: readonly string[]): Choice[] =>
  texts.map((text, i) => ({ text: clip(text, limits.optionText), value: String(i) }));
const knownChoices = (facts: readonly ShownFact[]): Choice[] =>
  facts.map(({ key, suggestion }) => ({ text: clip(suggestion, limits.optionText), value: key }));
const ticked = (which: readonly boolean[]): string => which.flatMap((is, i) => (is ? [String(i)] : [])).join(' ');

/** What was ticked, as rows. */
export function rowsTicked(rows: readonly Row[], ticks: readonly string[]): Row[] {
  return ticks.flatMap((tick) => rows[Number(tick)] ?? []);
}
