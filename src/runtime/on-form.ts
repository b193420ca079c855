import type { Middleware, SlackViewMiddlewareArgs, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { section } from '../slack/blocks.ts';
import { answerDoor, type Outcome } from './answer.ts';
import { deliver, said, type Visit } from './deliver.ts';
import { placeholder, withNotice, withTyped } from './modal.ts';
import { type House, inTime } from './patience.ts';
import { Submission, workspaceOf } from './payloads.ts';
import { ask } from './slack-api.ts';
import { words } from './words.ts';

type FormMiddleware = Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>>;

export function answerForm(house: House): FormMiddleware {
  const doors = new Map(house.doors.flatMap((each) => each.forms ?? []).map((door) => [door.id, door]));
  return async ({ body, view: shown, ack, client }) => {
    const submission = Submission.parse(body);
    const { view, user } = submission;
    const show = (view: ModalView) => ack({ response_action: 'update', view });
    const ctx = house.contextFor(workspaceOf.submission(submission));
    if (!ctx) return await show(withNotice(shown, words.notInstalled));
    const door = doors.get(view.callback_id);
    if (!door) return await show(withNotice(shown, words.unknownForm));
    const who = { id: user.id };
    const key = `view:${view.id}:${view.hash}`;
    const work = answerDoor(
      ctx,
      {
        key,
        isNameless: door.isNameless,
        door: door.id,
        readsOurOwn: true,
        prepare: (ctx) => door.prepare(ctx, who, view),
        handle: (ctx) => door.handle(ctx, who, view),
      },
      house.wake,
    );
    const busy = placeholder(
      shown,
      section({ mrkdwn: `:hourglass_flowing_sand: *${words.stillWorking}*\n${words.stillWorkingHint}` }),
    );
    const { result, late } = await inTime(house.patienceMs, work, () => show(busy));
    const visit = { ctx, who, client, key, isNameless: door.isNameless };
    if (late) return await finishLate(visit, client, shown, result);
    await answerWith(ack, shown, submission, result);
    if (result.kind === 'done') await deliver(visit, { ...result.answer, open: undefined });
  };
}

type Ack = Parameters<FormMiddleware>[0]['ack'];

/** Where it can be mended stands the reason: under its input, else on top of the form. */
async function answerWith(ack: Ack, shown: ViewOutput, submission: Submission, outcome: Outcome): Promise<void> {
  if (outcome.kind === 'done') {
    const { open } = outcome.answer;
    return await (open ? ack({ response_action: 'update', view: open }) : ack());
  }
  if (outcome.kind === 'refused' && outcome.field !== undefined) {
    const { field, reason } = outcome;
    const isInput = submission.view.blocks.some((block) => block.type === 'input' && block.block_id === field);
    if (isInput) return await ack({ response_action: 'errors', errors: { [field]: reason } });
  }
  const notice = said(outcome, words.oldForm);
  await (notice ? ack({ response_action: 'update', view: withNotice(shown, notice) }) : ack());
}

/** The form had to be answered before the work was done: the placeholder becomes what it should have been. */
async function finishLate(visit: Visit, client: WebClient, shown: ViewOutput, outcome: Outcome): Promise<void> {
  const notice = outcome.kind === 'done' ? undefined : said(outcome, words.oldForm);
  const after = notice
    ? withNotice(withTyped(shown), notice)
    : outcome.kind === 'done' && outcome.answer.open
      ? outcome.answer.open
      : placeholder(shown, section({ mrkdwn: words.formDone }));
  const updated = await ask(() => visit.client.views.update({ view_id: shown.id, view: after }));
  if (outcome.kind === 'done') return await deliver(visit, { ...outcome.answer, open: undefined });
  // Closed meanwhile: then the reason goes to where they will see it.
  if (!updated.ok && notice) await deliver(visit, { say: notice });
}
