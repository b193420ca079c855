import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, type Who } from '../../doors.ts';
import { checkStanding } from '../teams/store.ts';
import { accept, keep } from './store.ts';

/** Slack is asked who this is before the decision's transaction begins. */
const checked = (ctx: Context, who: Who) => checkStanding(ctx, who.id);

export const catalog: Doors = {
  actions: [
    onAction(actions.acceptProposal, (ctx, who, { proposalId }) => accept(ctx, proposalId, who.id), checked),
    onAction(actions.keepOurs, (ctx, who, { proposalId }) => keep(ctx, proposalId, who.id), checked),
  ],
};
