import { z } from 'zod';
import { actions } from '../../actions.ts';
import { type Doors, onAction, onClock, onCommand, onForm, onQuestion, onWork } from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import { incidentNumbered } from '../incidents/queries.ts';
import { checkedDay } from '../teams/rules.ts';
import { workTimeOf } from '../teams/queries.ts';
import { checkMember } from '../teams/store.ts';
import {
  addFactor,
  askForReview,
  close,
  remindNext,
  removeFactor,
  reviewed,
  waivePostmortem,
  writePage,
} from './changes.ts';
import { addCommitment, answer, reassign, remindAll, sayDone, verify, waive } from './commitments/changes.ts';
import { lockCommitment, pendingOf } from './commitments/queries.ts';
import { mayAnswer, mayReassign, maySayDone, mayVerify, mayWaive } from './commitments/rules.ts';
import { commitmentList } from './commitments/views.ts';
import { sectionNames } from './draft.ts';
import { type Nudge, nudgesFor } from './fairness/rules.ts';
import { nudgeMessage } from './fairness/views.ts';
import {
  commitmentForm,
  declineForm,
  doneForm,
  factorForm,
  factorModal,
  pageForms,
  pageModal,
  reassignForm,
  refuteForm,
  waiveForm,
  waivePostmortemForm,
} from './forms.ts';
import { factorsOf, namesAround, postmortemById, standing } from './queries.ts';
import { mayWrite, pageNames } from './rules.ts';
import { commitmentTypes, factorCategories } from './schema.ts';
import { start } from './store.ts';
import { started } from './views.ts';

const Words = z.object({
  incident: z.coerce.number('Say the number of the incident, as in /ml postmortem 7.').int().positive(),
});

export const postmortems: Doors = {
  commands: [
    onCommand('postmortem <incident>', 'Start the post-mortem of a resolved incident', async (ctx, who, words) => {
      const incident = await incidentNumbered(ctx, parseOrRefuse(Words, words).incident, who.id);
      await start(ctx, incident.id, who.id);
      return { say: started(incident) };
    }),
    onQuestion('commitments', 'What was promised after incidents, and is not kept yet', async (ctx, who) => ({
      say: commitmentList(await pendingOf(ctx, who.id), (await workTimeOf(ctx, who.id)).today),
    })),
    onQuestion('commitments mine', 'What you promised after incidents', async (ctx, who) => ({
      say: commitmentList(await pendingOf(ctx, who.id, who.id), (await workTimeOf(ctx, who.id)).today),
    })),
  ],
  actions: [
    onAction(
      actions.startPostmortem,
      async (ctx, who, { incidentId }) => void (await start(ctx, incidentId, who.id)),
      checkMember,
    ),
    onAction(actions.writePostmortem, async (ctx, who, { postmortemId, page }) => {
      const postmortem = await postmortemById(ctx, postmortemId, who.id);
      mayWrite(postmortem);
      return { open: pageModal(postmortem, page, await standing(ctx, postmortemId)) };
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
    onAction(actions.addCommitment, async (ctx, who, carries) => {
      mayWrite(await postmortemById(ctx, carries.postmortemId, who.id));
      return { open: commitmentForm.view(carries, { start: { ownerId: who.id } }) };
    }),
    onAction(
      actions.askForReview,
      async (ctx, who, { postmortemId }) => void (await askForReview(ctx, postmortemId, who.id)),
      checkMember,
    ),
    onAction(
      actions.postmortemReviewed,
      async (ctx, who, { postmortemId }) => void (await reviewed(ctx, postmortemId, who.id)),
      checkMember,
    ),
    onAction(
      actions.closePostmortem,
      async (ctx, who, { postmortemId }) => void (await close(ctx, postmortemId, who.id)),
      checkMember,
    ),
    onAction(actions.waivePostmortem, async (ctx, who, carries) => {
      mayWrite(await postmortemById(ctx, carries.postmortemId, who.id));
      return { open: waivePostmortemForm.view(carries) };
    }),
    onAction(
      actions.acceptCommitment,
      async (ctx, who, { commitmentId }) => void (await answer(ctx, commitmentId, true, '', who.id)),
      checkMember,
    ),
    onAction(actions.declineCommitment, async (ctx, who, carries) => {
      mayAnswer(await lockCommitment(ctx, carries.commitmentId, who.id), who.id);
      return { open: declineForm.view(carries) };
    }),
    onAction(actions.reassignCommitment, async (ctx, who, carries) => {
      mayReassign(await lockCommitment(ctx, carries.commitmentId, who.id));
      return { open: reassignForm.view(carries) };
    }),
    onAction(actions.commitmentDone, async (ctx, who, carries) => {
      maySayDone(await lockCommitment(ctx, carries.commitmentId, who.id), who.id);
      return { open: doneForm.view(carries) };
    }),
    onAction(
      actions.verifyCommitment,
      async (ctx, who, { commitmentId }) => void (await verify(ctx, commitmentId, true, '', who.id)),
      checkMember,
    ),
    onAction(actions.refuteCommitment, async (ctx, who, carries) => {
      mayVerify(await lockCommitment(ctx, carries.commitmentId, who.id), who.id);
      return { open: refuteForm.view(carries) };
    }),
    onAction(actions.waiveCommitment, async (ctx, who, carries) => {
      mayWaive(await lockCommitment(ctx, carries.commitmentId, who.id));
      return { open: waiveForm.view(carries) };
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
          return asked(writings.flatMap(({ section, text }) => nudgesFor(section, text)));
        },
        checkMember,
      ),
    ),
    onForm(
      factorForm,
      async (ctx, who, { carries, values }) => {
        const category = factorCategories.find((each) => each === values.category) ?? 'not_ml';
        await addFactor(ctx, carries.postmortemId, { ...values, category }, who.id);
        const names = await namesAround(ctx, carries.postmortemId);
        return asked(nudgesFor('factor', values.statement, { names }));
      },
      checkMember,
    ),
    onForm(
      commitmentForm,
      async (ctx, who, { carries, values }) => {
        const type = commitmentTypes.find((each) => each === values.type) ?? 'prevent';
        const due = checkedDay(values.due, 'due');
        await addCommitment(ctx, carries.postmortemId, { ...values, due, type }, who.id);
        return asked(nudgesFor('commitment', values.text));
      },
      checkMember,
    ),
    onForm(
      waivePostmortemForm,
      async (ctx, who, { carries, values }) =>
        void (await waivePostmortem(ctx, carries.postmortemId, values.reason, who.id)),
      checkMember,
    ),
    onForm(
      declineForm,
      async (ctx, who, { carries, values }) =>
        void (await answer(ctx, carries.commitmentId, false, values.reason, who.id)),
      checkMember,
    ),
    onForm(
      doneForm,
      async (ctx, who, { carries, values }) => void (await sayDone(ctx, carries.commitmentId, values.evidence, who.id)),
      checkMember,
    ),
    onForm(
      refuteForm,
      async (ctx, who, { carries, values }) =>
        void (await verify(ctx, carries.commitmentId, false, values.words, who.id)),
      checkMember,
    ),
    onForm(
      waiveForm,
      async (ctx, who, { carries, values }) => void (await waive(ctx, carries.commitmentId, values.reason, who.id)),
      checkMember,
    ),
    onForm(
      reassignForm,
      async (ctx, who, { carries, values }) => void (await reassign(ctx, carries.commitmentId, values.ownerId, who.id)),
      checkMember,
    ),
  ],
  jobs: [onClock('commitments.remind', '5 * * * *', remindAll, 'last')],
  workers: [onWork('postmortem.remind', remindNext)],
};

/** A question to the writer alone, once all is saved. */
const asked = (nudges: readonly Nudge[]) => (nudges.length > 0 ? { say: nudgeMessage(nudges) } : {});
