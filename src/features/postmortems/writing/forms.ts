import { z } from 'zod';
import { actions } from '../../../actions.ts';
import { button } from '../../../slack/address.ts';
import { buttons, footnote, section } from '../../../slack/blocks.ts';
import { form } from '../../../slack/forms.ts';
import {
  dateField,
  type Field,
  lookupField,
  numberField,
  optional,
  optionalText,
  selectField,
  textField,
} from '../../../slack/fields.ts';
import { clip } from '../../../slack/limits.ts';
import { lines, md, naming, when } from '../../../slack/mrkdwn.ts';
import type { TimelineLine } from '../../incidents/timeline/queries.ts';
import { tagQuestions } from '../../incidents/timeline/rules.ts';
import { isChoice, isDay, isLink, isMove, numberOf, type SectionName } from '../draft.ts';
import { checkedLink } from '../rules.ts';
import { categoryWords, choicesOf, type PageName, pages, pageTitles, sectionHints, sectionTitles } from './rules.ts';
import { type Factor, factorCategories, type Postmortem, type SectionVersion } from '../schema.ts';

const Written = z.object({
  postmortemId: z.uuid(),
  /** Which wording of each section the writer had before them; 0: none. */
  revisions: z.record(z.string(), z.int()),
});
/** What is left open is empty, whatever kind of answer it has. */
function sectionField(name: SectionName): Field<string> {
  const [title, hint] = [sectionTitles[name], sectionHints[name]];
  if (isChoice(name)) return orEmpty(optional(selectField(title, choicesOf(name), hint)));
  if (isMove(name)) return orEmpty(optional(unlessNone(selectField(title, [noMove], hint))));
  const number = numberOf(name);
  if (number) return numberText(title, hint, number);
  if (isLink(name)) return linkText(title, hint);
  if (isDay(name)) return orEmpty(optional(dateField(title, hint)));
  return optionalText(title, { multiline: true, ...(hint && { hint }) });
}
/** Kept as it was typed, once it is a number. */
function numberText(
  title: string,
  hint: string | undefined,
  range: { readonly min?: number; readonly max?: number },
): Field<string> {
  const { draw, read } = optional(numberField(title, { ...(hint && { hint }), ...range }));
  // What was once written as words begins with the number in them.
  const numberIn = (text = '') => /-?\d+(?:\.\d+)?/.exec(text)?.[0];
  return { draw: (name, start) => draw(name, numberIn(start), []), read: (typed) => String(read(typed) ?? '') };
}
function linkText(title: string, hint: string | undefined): Field<string> {
  const { draw, read } = optionalText(title, { ...(hint && { hint }) });
  return { draw, read: (typed) => checkedLink(read(typed) || undefined) ?? '' };
}
const noMove = { value: 'none', text: 'None of these' };
const unlessNone = ({ draw, read }: Field<string>): Field<string> => ({
  draw,
  read: (typed) => (typed?.selected_option?.value === noMove.value ? '' : read(typed)),
});
const orEmpty = ({ draw, read }: Field<string | undefined>): Field<string> => ({
  draw,
  read: (typed) => read(typed) ?? '',
});
const pageForm = <Names extends readonly SectionName[]>(page: PageName, names: Names) =>
  form(
    `postmortem.${page}.form`,
    { title: pageTitles[page], submit: 'Save' },
    Written,
    Object.fromEntries(names.map((name) => [name, sectionField(name)])),
  );

/** One form a page: as much as a person writes in one go. */
export const pageForms = {
  story: pageForm('story', pages.story),
  impact: pageForm('impact', pages.impact),
  labels: pageForm('labels', pages.labels),
  detection: pageForm('detection', pages.detection),
  model: pageForm('model', pages.model),
  response: pageForm('response', pages.response),
  retraining: pageForm('retraining', pages.retraining),
  learning: pageForm('learning', pages.learning),
} as const;

/**
 * `decisions`: lines of the timeline that somebody tagged so, to be asked about where sense is asked for; `moves`: of the
 * registry before it began, in words.
 */
export function pageModal(
  { id, document }: Postmortem,
  page: PageName,
  standing: readonly SectionVersion[],
  { decisions, moves }: { readonly decisions: readonly TimelineLine[]; readonly moves: readonly string[] },
) {
  const names: readonly SectionName[] = pages[page];
  const now = new Map(standing.map((each) => [each.section, each]));
  const chosen = now.get('trigger_move')?.text ?? '';
  const offered = [...new Set([chosen, ...moves])].filter((each) => each !== '');
  return pageForms[page].view(
    {
      postmortemId: id,
      revisions: Object.fromEntries(names.map((name) => [name, now.get(name)?.revision ?? 0])),
    },
    {
      above: [
        section(md`*${document.title}*`),
        footnote(md`Others may write at the same time: what both of you add is kept.`),
        ...(decisions.length > 0 ? [decisionsSection(decisions)] : []),
      ],
      start: Object.fromEntries(names.map((name) => [name, now.get(name)?.text ?? ''])),
      options: { trigger_move: offered.map((text) => ({ value: text, text })) },
    },
  );
}

const mostDecisions = 8;

function decisionsSection(decisions: readonly TimelineLine[]) {
  return section(
    lines(
      md`*Decisions in the timeline.* ${tagQuestions.decision}`,
      ...decisions
        .slice(0, mostDecisions)
        .map(({ at, text }) => md`• ${when(at, '{time}')}: ${naming(clip(text, 200))}`),
    ),
  );
}

const About = z.object({ postmortemId: z.uuid() });
export const factorForm = form('postmortem.factor.form', { title: 'Add factor', submit: 'Add' }, About, {
  category: selectField(
    'Where it lies',
    factorCategories.map((value) => ({ value, text: categoryWords[value] })),
  ),
  statement: textField('Which condition', {
    multiline: true,
    max: 600,
    hint: 'What let it happen, or hid it. A person is not a condition.',
  }),
  evidence: optionalText('What shows it', { hint: 'A link or a figure.' }),
  sameAs: optional(
    lookupField(
      'Seen before',
      'factor',
      'The same condition in an earlier post-mortem: what was promised then is open again.',
    ),
  ),
});

/** With what stands already, so that nobody says it twice; what was wrong is taken back here. */
export function factorModal(about: z.infer<typeof About>, known: readonly Factor[]) {
  const above = known.flatMap(({ id, category, statement }, i) => [
    section(md`${i + 1}. *${categoryWords[category]}*: ${statement}`),
    buttons(button(`Take back ${i + 1}`, actions.removeFactor, { factorId: id })),
  ]);
  return factorForm.view(about, { above });
}
