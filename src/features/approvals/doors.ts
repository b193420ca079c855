import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onClock, onForm, onWork, type Who } from '../../doors.ts';
import { Refusal } from '../../lib/refusal.ts';
import { checkStanding } from '../teams/store.ts';
import { abort, revoke, withdraw } from './taking-back/changes.ts';
import { approve, mayReject, reject } from './deciding/changes.ts';
import { mayReview, remindNext, review } from './reviewing/changes.ts';
import { executeNext } from './executor.ts';
import { abortForm, rejectForm, reviewForm, settleForm, settleOutcomes, verdicts } from './forms.ts';
import { requestById } from './queries.ts';
import { settle } from './steps/store.ts';
import { expireNext, verifyNext } from './ending/changes.ts';
import { retell } from './store.ts';

/** Slack is asked who this is before the decision's transaction begins. */
const checked = (ctx: Context, who: Who) => checkStanding(ctx, who.id);

export const approvals: Doors = {
  actions: [
    onAction(
      actions.approveRequest,
      async (ctx, who, { requestId, digest }) => void (await approve(ctx, requestId, digest, who.id)),
      checked,
    ),
    onAction(
      actions.rejectRequest,
      async (ctx, who, { requestId }) => {
        await mayReject(ctx, requestId, who.id);
        return { open: rejectForm.view({ requestId }) };
      },
      checked,
    ),
    onAction(actions.withdrawRequest, async (ctx, who, { requestId }) => void (await withdraw(ctx, requestId, who.id))),
    onAction(
      actions.revokeRequest,
      async (ctx, who, { requestId }) => void (await revoke(ctx, requestId, who.id)),
      checked,
    ),
    onAction(actions.abortRequest, async (ctx, _who, { requestId }) => {
      await requestById(ctx, requestId);
      return { open: abortForm.view({ requestId }) };
    }),
    onAction(actions.settleRequest, async (ctx, _who, { requestId }) => {
      await requestById(ctx, requestId);
      return { open: settleForm.view({ requestId }) };
    }),
    onAction(
      actions.reviewBreakGlass,
      async (ctx, who, { requestId }) => {
        await mayReview(ctx, requestId, who.id);
        return { open: reviewForm.view({ requestId }) };
      },
      checked,
    ),
  ],
  forms: [
    onForm(
      rejectForm,
      async (ctx, who, { carries, values }) => void (await reject(ctx, carries.requestId, values.reason, who.id)),
      checked,
    ),
    onForm(
      abortForm,
      async (ctx, who, { carries, values }) => void (await abort(ctx, carries.requestId, values.reason, who.id)),
      checked,
    ),
    onForm(
      settleForm,
      async (ctx, who, { carries, values }) => {
        const outcome = settleOutcomes.find((each) => each === values.outcome);
        if (!outcome) throw new Refusal('Choose what you saw.', { field: 'outcome' });
        await settle(ctx, carries.requestId, outcome, values.reason, who.id);
      },
      checked,
    ),
    onForm(
      reviewForm,
      async (ctx, who, { carries, values }) => {
        const verdict = verdicts.find((each) => each === values.verdict);
        if (!verdict) throw new Refusal('Choose whether it was right.', { field: 'verdict' });
        await review(ctx, carries.requestId, verdict, values.note, who.id);
      },
      checked,
    ),
  ],
  workers: [
    onWork('approval.execute', (ctx) => executeNext(ctx)),
    onWork('approval.verify', verifyNext),
    onWork('approval.expire', expireNext),
  ],
  jobs: [
    onClock('approval.retell', '* * * * *', retell, 'none'),
    onClock('approval.remind', '*/10 * * * *', async (ctx) => {
      while (await remindNext(ctx)) continue;
    }),
  ],
};
