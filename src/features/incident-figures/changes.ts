import { type Context, within } from '../../context.ts';
import { announce, draw } from '../../messages/announce.ts';
import type { Facts } from './rules.ts';
import { figuresDrawing, pictureMessage } from './views.ts';

/** To the person who asked, alone: it may hold what only they see. */
export function sendPicture(ctx: Context, facts: readonly Facts[], days: number, who: string): Promise<void> {
  return within(ctx, async (ctx) => {
    const key = `incident-figures:${who}:${ctx.now().getTime()}`;
    const drawing = figuresDrawing(facts, days);
    await draw(ctx, key, drawing);
    await announce(ctx, key, { channel: who }, pictureMessage(key, drawing));
  });
}
