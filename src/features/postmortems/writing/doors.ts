import { actions } from '../../../actions.ts';
import { type Doors, onAction, onForm, onLookup } from '../../../doors.ts';
import { clip } from '../../../slack/limits.ts';
import { incidentById } from '../../incidents/queries.ts';
import { everybody } from '../../incidents/visibility/queries.ts';
import { checkMember } from '../../teams/store.ts';
import { addFactor, removeFactor, writePage } from './changes.ts';
import { findFactors } from '../commitments/queries.ts';
import { isOneAnswer, sectionNames } from '../draft.ts';
import { askWriter } from '../fairness/changes.ts';
import { factorForm, factorModal, pageForms, pageModal } from './forms.ts';
import { decisionsIn, factorsOf, movesUntil, postmortemById, standing } from '../queries.ts';
import { mayWrite } from '../rules.ts';
import { pageNames } from './rules.ts';
import { factorCategories } from '../schema.ts';
import { chooseSimilar, mostNamed } from '../similar/changes.ts';
import { similarForm, similarModal } from '../similar/forms.ts';
import { findPast, namedIn, similarTo } from '../similar/queries.ts';
import { choiceOf } from '../similar/views.ts';

export const postmortemWriting: Doors = {
  lookups: [
    onLookup('factor', async (ctx, who, typed) =>
      (await findFactors(ctx, typed, who.id)).map(({ id, statement, model, number }) => ({
        value: id,
        text: clip(statement, 75),
        description: clip(`${model}, incident ${number}`, 75),
      })),
    ),
    onLookup('past-incident', async (ctx, _who, typed) => (await findPast(ctx, typed)).map(choiceOf)),
  ],
  actions: [
    onAction(actions.writePostmortem, async (ctx, who, { postmortemId, page }) => {
      const postmortem = await postmortemById(ctx, postmortemId, who.id);
      mayWrite(postmortem);
      const known =
        page === 'detection'
          ? { decisions: await decisionsIn(ctx, postmortem), moves: await movesUntil(ctx, postmortem) }
          : { decisions: [], moves: [] };
      return { open: pageModal(postmortem, page, await standing(ctx, postmortemId), known) };
    }),
    onAction(actions.addFactor, async (ctx, who, carries) => {
      mayWrite(await postmortemById(ctx, carries.postmortemId, who.id));
      return { open: factorModal(carries, await factorsOf(ctx, carries.postmortemId)) };
    }),
    onAction(
      actions.removeFactor,
      async (ctx, who, { factorId }) => await removeFactor(ctx, factorId, who.id),
      checkMember,
    ),
    onAction(actions.chooseSimilar, async (ctx, who, { postmortemId }) => {
      const postmortem = await postmortemById(ctx, postmortemId, who.id);
      mayWrite(postmortem);
      const incident = await incidentById(ctx, postmortem.incidentId, who.id);
      const near = await similarTo(ctx, incident, everybody, mostNamed);
      return { open: similarModal(postmortemId, near, await namedIn(ctx, postmortemId)) };
    }),
  ],
  forms: [
    ...pageNames.map((page) =>
      onForm(
        pageForms[page],
        async (ctx, who, { carries, values }) => {
          const writings = sectionNames.flatMap((section) => {
            const text = values[section];
            return text === undefined ? [] : [{ section, revision: carries.revisions[section] ?? 0, text }];
          });
          await writePage(ctx, carries.postmortemId, writings, who.id);
          return await askWriter(
            ctx,
            carries.postmortemId,
            writings
              .filter(({ section }) => !isOneAnswer(section))
              .map(({ section, text }) => ({ place: section, text })),
          );
        },
        checkMember,
      ),
    ),
    onForm(
      factorForm,
      async (ctx, who, { carries, values }) => {
        const category = factorCategories.find((each) => each === values.category) ?? 'not_ml';
        await addFactor(ctx, carries.postmortemId, { ...values, category }, who.id);
        return await askWriter(ctx, carries.postmortemId, [{ place: 'factor', text: values.statement }]);
      },
      checkMember,
    ),
    onForm(
      similarForm,
      async (ctx, who, { carries, values: { which = [], another } }) => {
        const chosen = [...which.filter((each) => each !== 'none'), ...(another === undefined ? [] : [another])];
        await chooseSimilar(ctx, carries.postmortemId, chosen, who.id);
      },
      checkMember,
    ),
  ],
};
