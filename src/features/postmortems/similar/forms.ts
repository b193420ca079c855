import { z } from 'zod';
import { footnote } from '../../../slack/blocks.ts';
import { form } from '../../../slack/forms.ts';
import { lookupField, optional, selectManyField } from '../../../slack/fields.ts';
import { md } from '../../../slack/mrkdwn.ts';
import type { Past } from './queries.ts';
import { choiceOf } from './views.ts';

export const similarForm = form(
  'postmortem.similar.form',
  { title: 'Similar before', submit: 'Save' },
  z.object({ postmortemId: z.uuid() }),
  {
    which: optional(
      selectManyField('Which the document names', [], 'The nearest by model, kind of factors and words.'),
    ),
    another: optional(
      lookupField('And', 'past-incident', 'Any other that is over, by its number or a word of its title.'),
    ),
  },
);

/** Null: there is nothing to choose from by itself, only by typing. */
export function similarModal(postmortemId: string, near: readonly Past[], chosen: readonly Past[]) {
  const all = [...new Map([...chosen, ...near].map((each) => [each.id, each])).values()];
  const none = [{ value: 'none', text: 'No past incident looks like it' }];
  return similarForm.view(
    { postmortemId },
    {
      above: [footnote(md`Private incidents are not offered: whoever reads the document reads their names, too.`)],
      options: { which: all.length > 0 ? all.map(choiceOf) : none },
      start: { which: chosen.map(({ id }) => id).join(' ') },
    },
  );
}
