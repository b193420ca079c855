import type { Context } from '../../../context.ts';
import { type Doors, onCommand, onForm, onQuestion, type Who } from '../../../doors.ts';
import { sentence } from '../../../slack/blocks.ts';
import { md } from '../../../slack/mrkdwn.ts';
import { dayIn } from '../rules.ts';
import { checkAsker, zoneOf } from '../store.ts';
import { cancelAway, endAway, setAway } from './changes.ts';
import { awayForm } from './forms.ts';

export const away: Doors = {
  commands: [
    onQuestion('away', 'Say when you are not there', async (ctx, who) => {
      const today = dayIn(await zoneOf(ctx, who), ctx.now());
      return { open: awayForm.view({}, { start: { from: today, until: today } }) };
    }),
    onCommand(
      'away <from> <until> [note…]',
      'Say when you are not there, in days like 2026-12-24',
      async (ctx, who, { from = '', until = '', note = '' }) => keepAway(ctx, who, from, until, note),
      checkAsker,
    ),
    onCommand(
      'away cancel <from>',
      'Take back days away that begin on this day',
      async (ctx, who, { from = '' }) => {
        await cancelAway(ctx, who.id, from);
        return { say: sentence(md`Noted: you are not away from ${from} after all.`) };
      },
      checkAsker,
    ),
    onCommand(
      'back',
      'Say that you are there again',
      async (ctx, who) => ({
        say: sentence((await endAway(ctx, who.id)) ? md`Welcome back.` : md`You are not away today.`),
      }),
      checkAsker,
    ),
  ],
  forms: [
    onForm(awayForm, (ctx, who, { values }) => keepAway(ctx, who, values.from, values.until, values.note), checkAsker),
  ],
};

async function keepAway(ctx: Context, who: Who, from: string, until: string, note: string) {
  await setAway(ctx, who.id, from, until, note);
  return { say: sentence(md`Noted: you are away from ${from} to ${until}. Have a good time.`) };
}
