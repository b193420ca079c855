import { actions } from '../../../actions.ts';
import { type Doors, nameless, onAction, onQuestion } from '../../../doors.ts';
import { checkMember, checkMemberUnseen } from '../../teams/store.ts';
import { dismiss, switchRule } from './changes.ts';
import { offRules, tallies } from './queries.ts';
import { notAskedAgain, rulesModal } from './views.ts';
import { vocabularyOf } from './vocabulary/queries.ts';

export const fairness: Doors = {
  commands: [
    onQuestion(
      'postmortem rules',
      'What is asked about how post-mortems are written; switch it off or on',
      async (ctx) => ({
        open: rulesModal(await offRules(ctx), await tallies(ctx), await vocabularyOf(ctx)),
      }),
    ),
  ],
  actions: [
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
  ],
};
