import { actions } from '../../../../actions.ts';
import type { Context } from '../../../../context.ts';
import { type Doors, onAction, onForm } from '../../../../doors.ts';
import { isLead } from '../../../teams/queries.ts';
import { checkMember } from '../../../teams/store.ts';
import { offRules, tallies } from '../queries.ts';
import { rulesModal } from '../views.ts';
import { addWord, dropWords } from './changes.ts';
import { addWordForm, dropWordForm, dropWordModal } from './forms.ts';
import { vocabularyOf } from './queries.ts';
import { mayChangeWords } from './rules.ts';
import { wordKinds } from './schema.ts';

export const vocabulary: Doors = {
  actions: [
    onAction(
      actions.addVocabulary,
      async (ctx, who) => {
        mayChangeWords(await isLead(ctx, who.id));
        return { open: addWordForm.view({}, { start: { kind: 'name' } }) };
      },
      checkMember,
    ),
    onAction(
      actions.dropVocabulary,
      async (ctx, who) => {
        mayChangeWords(await isLead(ctx, who.id));
        return { open: dropWordModal(await vocabularyOf(ctx)) };
      },
      checkMember,
    ),
  ],
  forms: [
    onForm(
      addWordForm,
      async (ctx, who, { values }) => {
        await addWord(ctx, wordKinds.find((each) => each === values.kind) ?? 'name', values.word, who.id);
        return await listed(ctx);
      },
      checkMember,
    ),
    onForm(
      dropWordForm,
      async (ctx, who, { values }) => {
        await dropWords(ctx, [...(values.names ?? []), ...(values.roles ?? [])], who.id);
        return await listed(ctx);
      },
      checkMember,
    ),
  ],
};

async function listed(ctx: Context) {
  return { open: rulesModal(await offRules(ctx), await tallies(ctx), await vocabularyOf(ctx)) };
}
