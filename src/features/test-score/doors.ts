import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onForm, onQuestion } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { sentence } from '../../slack/blocks.ts';
import { md } from '../../slack/mrkdwn.ts';
import type { Model } from '../models/schema.ts';
import { modelById, modelNamed } from '../models/queries.ts';
import { checkAsker } from '../teams/store.ts';
import { answersOf, proofsOf } from './queries.ts';
import { linesOf, scoreOf } from './rules.ts';
import { answers } from './schema.ts';
import { itemOf, sections } from './sheet.ts';
import { answerScore, mayAnswerScore } from './store.ts';
import { answerForm, answerModal, scoreCard, sectionModal } from './views.ts';

export const testScore: Doors = {
  commands: [
    onQuestion(
      'score <model>',
      'The ML Test Score of a model, and what raises it',
      async (ctx, _who, { model = '' }) => {
        const found = await modelNamed(ctx, model);
        return { say: scoreCard(found, scoreOf(await lines(ctx, found))) };
      },
    ),
  ],
  actions: [
    onAction(actions.showTestScore, async (ctx, _who, { modelId, section }) => {
      const model = await modelById(ctx, modelId);
      const of = sections.find((each) => each === section) ?? 'data';
      return { open: sectionModal(model, of, await lines(ctx, model)) };
    }),
    onAction(
      actions.answerTestScore,
      async (ctx, who, { modelId, item }) => {
        await mayAnswerScore(ctx, modelId, who.id);
        const known = itemOf(item);
        if (!known) throw new Refusal('I do not know this question.');
        return { open: answerModal(await modelById(ctx, modelId), known) };
      },
      checkAsker,
    ),
  ],
  forms: [
    onForm(
      answerForm,
      async (ctx, who, { carries, values }) => {
        const said = answers.find((each) => each === values.said);
        if (!said) throw new Refusal('Choose how it is.', { field: 'said' });
        await answerScore(ctx, { ...carries, said, evidence: values.evidence, note: values.note }, who.id);
        const model = await modelById(ctx, carries.modelId);
        const { total } = scoreOf(await lines(ctx, model));
        return { say: sentence(md`Kept. *${model.name}* has an ML Test Score of ${total} of 7.`) };
      },
      checkAsker,
    ),
  ],
};

async function lines(ctx: Context, model: Model) {
  return linesOf(await proofsOf(ctx, model), await answersOf(ctx, model.id), ctx.now());
}
