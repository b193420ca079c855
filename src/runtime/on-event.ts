import type { Middleware, SlackEventMiddlewareArgs } from '@slack/bolt';
import { answerDoor } from './answer.ts';
import { deliver } from './deliver.ts';
import type { House } from './patience.ts';
import { Happening, Scene, workspaceOf } from './payloads.ts';

const undone = 'pitcrew_undone';

/** The event was not handled, so its receipt must not be sent: Slack will send it again. */
export function isUndone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === undone;
}

export function answerEvent(house: House, type: string): Middleware<SlackEventMiddlewareArgs> {
  const doors = house.doors.flatMap((each) => each.events ?? []).filter((door) => door.type === type);
  return async ({ body, client }) => {
    const happening = Happening.parse(body);
    const ctx = house.contextFor(workspaceOf.happening(happening));
    if (!ctx) return;
    const { event, event_id: id } = happening;
    const wanted = doors.filter((door) => door.wants(event));
    const { user, channel } = Scene.parse(event);
    const who = { id: user ?? '', ...(channel && { channel }) };
    const outcomes = wanted.map(async (door, nth) => {
      const key = nth === 0 ? `event:${id}` : `event:${id}:${nth}`;
      const outcome = await answerDoor(
        ctx,
        {
          key,
          door: `event ${type}`,
          prepare: (ctx) => door.prepare(ctx, event),
          handle: (ctx) => door.handle(ctx, event),
        },
        house.wake,
      );
      if (outcome.kind === 'done' && user) await deliver({ ctx, who, client, key }, outcome.answer);
      return outcome.kind;
    });
    const kinds = await Promise.all(outcomes);
    if (kinds.some((kind) => kind === 'broken' || kind === 'unreachable' || kind === 'refused')) {
      throw Object.assign(new Error(`event ${id} was not handled`), { code: undone });
    }
  };
}
