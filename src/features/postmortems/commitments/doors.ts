import { actions } from '../../../actions.ts';
import { type Doors, onAction, onClock, onForm, onQuestion } from '../../../doors.ts';
import { incidentById } from '../../incidents/queries.ts';
import { workTimeOf } from '../../teams/queries.ts';
import { checkedDay } from '../../teams/rules.ts';
import { checkMember } from '../../teams/store.ts';
import { askWriter } from '../fairness/changes.ts';
import { factorsOf, postmortemById, sectionsOf } from '../queries.ts';
import { checkedLink, mayWrite } from '../rules.ts';
import { commitmentTypes, priorities } from '../schema.ts';
import { addCommitment, answer, reassign, sayDone, verify, waive } from './changes.ts';
import { remindAll } from './reminders/changes.ts';
import {
  commitmentForm,
  commitmentModal,
  declineForm,
  doneForm,
  promiseOfTest,
  reassignForm,
  refuteForm,
  waiveForm,
} from './forms.ts';
import { lockCommitment, pendingOf } from './queries.ts';
import { commitmentDays, dayAfter, mayAnswer, mayReassign, maySayDone, mayVerify, mayWaive } from './rules.ts';
import { commitmentList } from './views.ts';

export const commitments: Doors = {
  commands: [
    onQuestion('commitments', 'What was promised after incidents, and is not kept yet', async (ctx, who) => ({
      say: commitmentList(await pendingOf(ctx, who.id), (await workTimeOf(ctx, who.id)).today),
    })),
    onQuestion('commitments mine', 'What you promised after incidents', async (ctx, who) => ({
      say: commitmentList(await pendingOf(ctx, who.id, who.id), (await workTimeOf(ctx, who.id)).today),
    })),
  ],
  actions: [
    onAction(actions.addCommitment, async (ctx, who, { postmortemId, about }) => {
      const { incidentId, ...postmortem } = await postmortemById(ctx, postmortemId, who.id);
      mayWrite(postmortem);
      const { severity } = await incidentById(ctx, incidentId, who.id);
      const due = dayAfter((await workTimeOf(ctx, who.id)).today, commitmentDays[severity]);
      const gap = about === 'gap' ? (await sectionsOf(ctx, postmortemId)).evaluation_gap : undefined;
      const start = { ownerId: who.id, due, ...(gap && promiseOfTest(gap)) };
      return { open: commitmentModal({ postmortemId }, start, await factorsOf(ctx, postmortemId)) };
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
    onForm(
      commitmentForm,
      async (ctx, who, { carries, values }) => {
        const type = commitmentTypes.find((each) => each === values.type) ?? 'prevent';
        const priority = priorities.find((each) => each === values.priority) ?? 'normal';
        const due = checkedDay(values.due, 'due');
        const factorId = values.factorId === 'none' ? undefined : values.factorId;
        const tracker = checkedLink(values.tracker);
        await addCommitment(ctx, carries.postmortemId, { ...values, due, type, priority, factorId, tracker }, who.id);
        return await askWriter(ctx, carries.postmortemId, [{ place: 'commitment', text: values.text }]);
      },
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
};
