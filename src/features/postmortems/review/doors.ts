import { actions } from '../../../actions.ts';
import { type Doors, onAction, onForm, onWork } from '../../../doors.ts';
import { checkMember } from '../../teams/store.ts';
import { askForReview, close, reviewed, waivePostmortem } from '../changes.ts';
import { keepQuestioned, questionStructure } from '../fairness/changes.ts';
import { reviewQuestions } from '../fairness/views.ts';
import { planMeeting, remindOfMeeting } from '../meeting/changes.ts';
import { meetingForm } from '../meeting/forms.ts';
import { postmortemById } from '../queries.ts';
import { mayWrite } from '../rules.ts';
import { waivePostmortemForm } from './forms.ts';

export const postmortemReview: Doors = {
  actions: [
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
    onAction(actions.waivePostmortem, async (ctx, who, carries) => {
      mayWrite(await postmortemById(ctx, carries.postmortemId, who.id));
      return { open: waivePostmortemForm.view(carries) };
    }),
  ],
  forms: [
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
  ],
  workers: [onWork('postmortem.meeting', remindOfMeeting)],
};
