import { actions } from '../../actions.ts';
import type { Context } from '../../context.ts';
import { type Doors, onAction, onForm, onQuestion, onWork, type Returned, type Who } from '../../doors.ts';
import { sentence } from '../../slack/blocks.ts';
import { md, when } from '../../slack/mrkdwn.ts';
import { checkedDay } from '../teams/rules.ts';
import { checkMember } from '../teams/store.ts';
import { answer, asPlanned, awayToday, later } from './answers/changes.ts';
import { answerForm, answerFormFor, askAgain } from './answers/forms.ts';
import { fillingOf } from './answers/queries.ts';
import { closeDue, postDue } from './digest/changes.ts';
import { exportOf, historyOf, ownHistory, searchIn } from './history/queries.ts';
import { historyMessage, ownMessage, searchMessage } from './history/views.ts';
import { prepareFacts } from './early/changes.ts';
import { remindDue } from './reminders/changes.ts';
import { askDue } from './asking/changes.ts';
import { answerable, type Asked } from './queries.ts';
import { soundsHeldUp } from './rules.ts';
import { chooseMessage, exportWords, nothingToAnswer, sentWords } from './views.ts';

export const standups: Doors = {
  commands: [
    onQuestion(
      'standup',
      'Answer what waits for you, or the next one early',
      async (ctx, who) => await whatWaits(ctx, who),
    ),
    onQuestion('standup <date>', 'The digest of a day, such as 2026-11-30', async (ctx, who, { date = '' }) => ({
      say: historyMessage(date, await historyOf(ctx, who.id, checkedDay(date, 'date')), ctx.now()),
    })),
    onQuestion('standup mine', 'What you said lately; only you see it', async (ctx, who) => ({
      say: ownMessage(await ownHistory(ctx, who.id)),
    })),
    onQuestion(
      'standup search <words…>',
      'Find what was said in the standups of your teams',
      async (ctx, who, { words = '' }) => ({
        say: searchMessage(words, await searchIn(ctx, who.id, words)),
      }),
    ),
    onQuestion(
      'standup export <from> <until>',
      'Days like 2026-11-01 as Markdown and CSV',
      async (ctx, who, { from = '', until = '' }) => {
        const files = await exportOf(ctx, who.id, checkedDay(from, 'from'), checkedDay(until, 'until'));
        return { say: exportWords, files: { words: `Standups from ${from} to ${until}.`, files } };
      },
    ),
  ],
  actions: [
    onAction(actions.answerStandup, (_ctx, who, carried) => Promise.resolve(opened({ ...carried, personId: who.id }))),
    onAction(
      actions.standupAsPlanned,
      async (ctx, who, carried) => void (await asPlanned(ctx, { ...carried, personId: who.id })),
      checkMember,
    ),
    onAction(actions.awayToday, (ctx, who, carried) => awayToday(ctx, { ...carried, personId: who.id }), checkMember),
    onAction(
      actions.standupLater,
      async (ctx, who, carried) => {
        const at = await later(ctx, { ...carried, personId: who.id });
        return { say: sentence(md`:zzz: I ask you again ${when(at)}.`) };
      },
      checkMember,
    ),
  ],
  forms: [
    onForm(
      answerForm,
      async (ctx, who, { carries, values }) => {
        const asked = { ...carries, personId: who.id };
        if (values.obstacle === '' && !carries.asked) {
          const filling = await fillingOf(ctx, asked);
          const known = [...(filling.last?.plan ?? []), ...(filling.now?.plan ?? [])];
          if (soundsHeldUp(`${values.plan}\n${values.note}`, known))
            return { open: askAgain(filling, carries, values) };
        }
        await answer(ctx, asked, values);
        return { say: sentWords };
      },
      checkMember,
    ),
  ],
  workers: [
    onWork('standups.ask', askDue),
    onWork('standups.remind', remindDue),
    onWork('standups.post', postDue),
    onWork('standups.close', closeDue),
  ],
};

/** The form needs what is known of the person first, and holds no lock meanwhile. */
function opened(asked: Asked): Returned {
  return {
    open: async (ctx) => {
      await prepareFacts(ctx, asked);
      return answerFormFor(await fillingOf(ctx, asked));
    },
  };
}

async function whatWaits(ctx: Context, who: Who): Promise<Returned> {
  const all = await answerable(ctx, who.id);
  const waiting = all.filter(({ run, prompt }) => run.state !== 'planned' && prompt?.state !== 'answered');
  const [only, another] = waiting;
  if (only && !another) return opened({ ritualId: only.run.ritualId, date: only.run.date, personId: who.id });
  return { say: all.length === 0 ? nothingToAnswer : chooseMessage(all, ctx.now()) };
}
