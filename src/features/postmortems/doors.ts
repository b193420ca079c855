import { z } from 'zod';
import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import {
  type Doors,
  nameless,
  onAction,
  onClock,
  onCommand,
  onForm,
  onLookup,
  onQuestion,
  onWork,
} from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import { clip } from '../../slack/limits.ts';
import { incidentById, incidentNumbered } from '../incidents/queries.ts';
import { everybody } from '../incidents/visibility/queries.ts';
import { checkedDay } from '../teams/rules.ts';
import { workTimeOf } from '../teams/queries.ts';
import { checkMember, checkMemberUnseen } from '../teams/store.ts';
import {
  addFactor,
  askForReview,
  beginNext,
  close,
  remindNext,
  removeFactor,
  reviewed,
  waivePostmortem,
  writePage,
} from './changes.ts';
import { addCommitment, answer, reassign, remindAll, sayDone, verify, waive } from './commitments/changes.ts';
import { findFactors, lockCommitment, pendingOf } from './commitments/queries.ts';
import {
  commitmentDays,
  dayAfter,
  mayAnswer,
  mayReassign,
  maySayDone,
  mayVerify,
  mayWaive,
} from './commitments/rules.ts';
import { commitmentList } from './commitments/views.ts';
import { isOneAnswer, sectionNames } from './draft.ts';
import {
  dismiss,
  keepQuestioned,
  questionStructure,
  questionWriting,
  switchRule,
  type Written,
} from './fairness/changes.ts';
import { offRules, tallies } from './fairness/queries.ts';
import { vocabularyOf } from './fairness/vocabulary/queries.ts';
import { notAskedAgain, nudgeMessage, reviewQuestions, rulesModal } from './fairness/views.ts';
import {
  commitmentForm,
  commitmentModal,
  declineForm,
  doneForm,
  factorForm,
  factorModal,
  meetingForm,
  pageForms,
  pageModal,
  reassignForm,
  refuteForm,
  waiveForm,
  waivePostmortemForm,
} from './forms.ts';
import { planMeeting, remindOfMeeting } from './meeting/changes.ts';
import { decisionsIn, factorsOf, movesUntil, postmortemById, standing } from './queries.ts';
import { checkedLink, mayWrite, pageNames } from './rules.ts';
import { commitmentTypes, factorCategories, priorities } from './schema.ts';
import { chooseSimilar, mostNamed } from './similar/changes.ts';
import { similarForm, similarModal } from './similar/forms.ts';
import { findPast, namedIn, similarTo } from './similar/queries.ts';
import { choiceOf } from './similar/views.ts';
import { start } from './store.ts';
import { started } from './views.ts';

const Words = z.object({
  incident: z.coerce.number('Say the number of the incident, as in /ml postmortem 7.').int().positive(),
});

export const postmortems: Doors = {
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
  commands: [
    onCommand('postmortem <incident>', 'Start the post-mortem of a resolved incident', async (ctx, who, words) => {
      const incident = await incidentNumbered(ctx, parseOrRefuse(Words, words).incident, who.id);
      await start(ctx, incident.id, who.id);
      return { say: started(incident) };
    }),
    onQuestion(
      'postmortem rules',
      'What is asked about how post-mortems are written; switch it off or on',
      async (ctx) => ({
        open: rulesModal(await offRules(ctx), await tallies(ctx), await vocabularyOf(ctx)),
      }),
    ),
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
    onAction(actions.addCommitment, async (ctx, who, carries) => {
      const { incidentId, ...postmortem } = await postmortemById(ctx, carries.postmortemId, who.id);
      mayWrite(postmortem);
      const { severity } = await incidentById(ctx, incidentId, who.id);
      const due = dayAfter((await workTimeOf(ctx, who.id)).today, commitmentDays[severity]);
      return { open: commitmentModal(carries, { ownerId: who.id, due }, await factorsOf(ctx, carries.postmortemId)) };
    }),
    onAction(actions.chooseSimilar, async (ctx, who, { postmortemId }) => {
      const postmortem = await postmortemById(ctx, postmortemId, who.id);
      mayWrite(postmortem);
      const incident = await incidentById(ctx, postmortem.incidentId, who.id);
      const near = await similarTo(ctx, incident, everybody, mostNamed);
      return { open: similarModal(postmortemId, near, await namedIn(ctx, postmortemId)) };
    }),
    onAction(actions.planMeeting, async (ctx, who, carries) => {
      const { meetingAt, ...postmortem } = await postmortemById(ctx, carries.postmortemId, who.id);
      mayWrite(postmortem);
      return { open: meetingForm.view(carries, meetingAt ? { start: { at: meetingAt.toISOString() } } : {}) };
    }),
    onAction(
      actions.askForReview,
      async (ctx, who, { postmortemId }) => {
        await askForReview(ctx, postmortemId, who.id);
        const questions = await questionStructure(ctx, postmortemId);
        return questions.length > 0 ? { say: reviewQuestions(postmortemId, questions) } : {};
      },
      checkMember,
    ),
    onAction(
      actions.postmortemReviewed,
      async (ctx, who, { postmortemId }) => void (await reviewed(ctx, postmortemId, who.id)),
      checkMember,
    ),
    onAction(
      actions.closePostmortem,
      async (ctx, who, { postmortemId }) => {
        await close(ctx, postmortemId, who.id);
        await keepQuestioned(ctx, postmortemId);
      },
      checkMember,
    ),
    nameless(
      onAction(
        actions.dismissQuestion,
        async (ctx, who, { postmortemId, rule, place }) => {
          await dismiss(ctx, postmortemId, rule, place, who.id);
          return { say: notAskedAgain };
        },
        checkMemberUnseen,
      ),
    ),
    onAction(
      actions.switchQuestion,
      async (ctx, who, { rule, isOff }) => {
        await switchRule(ctx, rule, isOff, who.id);
        return { open: rulesModal(await offRules(ctx), await tallies(ctx), await vocabularyOf(ctx)) };
      },
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
          return await asked(
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
        return await asked(ctx, carries.postmortemId, [{ place: 'factor', text: values.statement }]);
      },
      checkMember,
    ),
    onForm(
      commitmentForm,
      async (ctx, who, { carries, values }) => {
        const type = commitmentTypes.find((each) => each === values.type) ?? 'prevent';
        const priority = priorities.find((each) => each === values.priority) ?? 'normal';
        const due = checkedDay(values.due, 'due');
        const factorId = values.factorId === 'none' ? undefined : values.factorId;
        const tracker = checkedLink(values.tracker);
        await addCommitment(ctx, carries.postmortemId, { ...values, due, type, priority, factorId, tracker }, who.id);
        return await asked(ctx, carries.postmortemId, [{ place: 'commitment', text: values.text }]);
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
    onForm(
      meetingForm,
      async (ctx, who, { carries, values }) => void (await planMeeting(ctx, carries.postmortemId, values.at, who.id)),
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
  workers: [
    onWork('postmortem.begin', beginNext),
    onWork('postmortem.remind', remindNext),
    onWork('postmortem.meeting', remindOfMeeting),
  ],
};

/** A question to the writer alone, once all is saved. */
async function asked(ctx: Context, postmortemId: string, written: readonly Written[]) {
  const questions = await questionWriting(ctx, postmortemId, written);
  return questions.length > 0 ? { say: nudgeMessage(postmortemId, questions) } : {};
}
