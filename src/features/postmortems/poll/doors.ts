import { actions } from '../../../actions.ts';
import { type Doors, nameless, onAction, onClock, onWork } from '../../../doors.ts';
import { checkMemberUnseen } from '../../teams/store.ts';
import { answerPoll, openNextPoll, tallyPolls } from './changes.ts';
import { pollKept } from './views.ts';

/** A way in for each answer, by neither of which is kept who came. */
const answer = (to: typeof actions.pollYes, isYes: boolean) =>
  nameless(
    onAction(
      to,
      async (ctx, who, { postmortemId, question }) => ({
        say: pollKept(question, isYes, await answerPoll(ctx, postmortemId, { question, isYes }, who.id)),
      }),
      checkMemberUnseen,
    ),
  );

export const poll: Doors = {
  actions: [answer(actions.pollYes, true), answer(actions.pollNo, false)],
  jobs: [onClock('postmortem.polls', '*/30 * * * *', tallyPolls, 'last')],
  workers: [onWork('postmortem.poll', openNextPoll)],
};
