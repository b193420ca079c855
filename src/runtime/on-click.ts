import type { HomeView } from '@slack/types';
import type { Context } from '../context.ts';
import type { Who } from '../doors.ts';
import type { BlockAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import { answerDoor } from './answer.ts';
import { deliver, respond, said } from './deliver.ts';
import { type House, inTime } from './patience.ts';
import { carriedBy, Click, workspaceOf } from './payloads.ts';
import { words } from './words.ts';

export function answerClick(house: House): Middleware<SlackActionMiddlewareArgs<BlockAction>> {
  const doors = new Map(house.doors.flatMap((each) => each.actions ?? []).map((door) => [door.id, door]));
  return async ({ body, ack, client }) => {
    const click = Click.parse(body);
    const [action] = click.actions;
    const door = doors.get(action?.action_id ?? '');
    const workspace = workspaceOf.click(click);
    const ctx = house.contextFor(workspace);
    if (!ctx) {
      await ack();
      if (click.response_url) await respond(click.response_url, words.notInstalled);
      return;
    }
    const { container, view } = click;
    const channel = click.channel?.id ?? container.channel_id;
    const who = { id: click.user.id, ...(channel && { channel }) };
    const place = container.message_ts ?? container.view_id ?? view?.id ?? '';
    const key = `click:${workspace}:${who.id}:${place}:${action?.action_id}:${action?.action_ts}`;
    const modal = view?.type === 'modal' ? { id: view.id, callbackId: view.callback_id } : undefined;
    const isNameless = door?.isNameless;
    const reply = { triggerId: click.trigger_id, responseUrl: click.response_url };
    const visit = { ctx, who, client, key, ...reply, modal, isNameless };
    if (!door) {
      await ack();
      // A button that only follows a link reports its click, too.
      return action?.url ? undefined : await deliver(visit, { say: words.unknownButton });
    }
    const carried = door.readsForm ? click.view : carriedBy(click);
    const work = answerDoor(
      ctx,
      {
        key: isNameless ? undefined : key,
        isNameless,
        door: door.id,
        readsOurOwn: true,
        prepare: (ctx) => door.prepare(ctx, who, carried),
        handle: (ctx) => door.handle(ctx, who, carried),
      },
      house.wake,
    );
    const { result, late } = await inTime(house.patienceMs, work, () => ack());
    if (!late) await ack();
    const say = said(result, words.oldButton);
    const answer = { ...(result.kind === 'done' && result.answer), ...(say && { say }) };
    await deliver(visit, { ...answer, ...(view?.type === 'home' && !answer.home && (await redrawn(house, ctx, who))) });
  };
}

/** What waited on the Home tab may be done by the click. */
async function redrawn(house: House, ctx: Context, who: Who): Promise<{ home?: HomeView }> {
  try {
    return { home: await house.home(ctx, who) };
  } catch (error) {
    ctx.log.error({ err: error }, 'the Home tab could not be drawn again');
    return {};
  }
}
