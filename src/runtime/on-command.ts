import type { Middleware, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { Context } from '../context.ts';
import type { Answer, Who } from '../doors.ts';
import { answerDoor, answerQuestion, attempt, type Outcome } from './answer.ts';
import { type Reading, readCommand } from './commands.ts';
import { deliver, ephemeral, said } from './deliver.ts';
import { type House, inTime } from './patience.ts';
import { Command, workspaceOf } from './payloads.ts';
import { words } from './words.ts';

export function answerCommand(house: House): Middleware<SlackCommandMiddlewareArgs> {
  const doors = house.doors.flatMap((each) => each.commands ?? []);
  return async ({ body, ack, client }) => {
    const command = Command.parse(body);
    const ctx = house.contextFor(workspaceOf.command(command));
    if (!ctx) return await ack(ephemeral(words.notInstalled));
    const who = { id: command.user_id, channel: command.channel_id };
    const key = `slash:${command.trigger_id}`;
    const work = answerReading(house, ctx, who, key, readCommand(doors, command.command, command.text));
    const { result, late } = await inTime(house.patienceMs, work, () => ack());
    const say = said(result, words.oddRequest);
    const answer = result.kind === 'done' ? result.answer : {};
    // The receipt itself can carry the words, which spares a call.
    if (!late) await (say ? ack(ephemeral(say)) : ack());
    const visit = { ctx, who, client, key, triggerId: command.trigger_id, responseUrl: command.response_url };
    await deliver(visit, { ...answer, say: late ? say : undefined });
  };
}

function answerReading(house: House, ctx: Context, who: Who, key: string, reading: Reading): Promise<Outcome> {
  const just = (say: Answer['say']): Outcome => ({ kind: 'done', answer: { ...(say && { say }) } });
  switch (reading.kind) {
    case 'menu':
      return attempt(ctx, { door: '/ml' }, async () => just(await house.menu(ctx, who)));
    case 'say':
      return Promise.resolve(just(reading.message));
    case 'door': {
      const { door, words: said } = reading;
      const { prepare } = door;
      const name = `/ml ${door.pattern}`;
      if (door.onlyReads) return answerQuestion(ctx, name, () => door.handle(ctx, who, said));
      return answerDoor(
        ctx,
        {
          key,
          door: name,
          ...(prepare && { prepare: (ctx: Context) => prepare(ctx, who, said) }),
          handle: (ctx) => door.handle(ctx, who, said),
        },
        house.wake,
      );
    }
  }
}
