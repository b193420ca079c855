import type { MessageShortcut, Middleware, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { answerDoor } from './answer.ts';
import { deliver, respond, said } from './deliver.ts';
import { type House, inTime } from './patience.ts';
import { Shortcut, workspaceOf } from './payloads.ts';
import { words } from './words.ts';

/** A choice in the menu of a message. */
export function answerShortcut(house: House): Middleware<SlackShortcutMiddlewareArgs<MessageShortcut>> {
  const doors = new Map(house.doors.flatMap((each) => each.shortcuts ?? []).map((door) => [door.id, door]));
  return async ({ body, ack, client }) => {
    const shortcut = Shortcut.parse(body);
    const { message, user, channel, response_url: responseUrl, trigger_id: triggerId } = shortcut;
    const workspace = workspaceOf.shortcut(shortcut);
    const ctx = house.contextFor(workspace);
    if (!ctx) {
      await ack();
      if (responseUrl) await respond(responseUrl, words.notInstalled);
      return;
    }
    const who = { id: user.id, channel: channel.id };
    const key = `shortcut:${workspace}:${user.id}:${shortcut.callback_id}:${shortcut.action_ts}`;
    const visit = { ctx, who, client, key, triggerId, responseUrl };
    const door = doors.get(shortcut.callback_id);
    if (!door) {
      await ack();
      return await deliver(visit, { say: words.unknownButton });
    }
    const pointed = { channel: channel.id, ts: message.ts, text: message.text, author: message.user };
    const work = answerDoor(
      ctx,
      {
        key,
        door: door.id,
        prepare: (ctx) => door.prepare(ctx, who, pointed),
        handle: (ctx) => door.handle(ctx, who, pointed),
      },
      house.wake,
    );
    const { result, late } = await inTime(house.patienceMs, work, () => ack());
    if (!late) await ack();
    const say = said(result, words.oddRequest);
    await deliver(visit, { ...(result.kind === 'done' && result.answer), ...(say && { say }) });
  };
}
