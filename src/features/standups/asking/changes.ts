import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { announce } from '../../../messages/announce.ts';
import { plural } from '../../../slack/mrkdwn.ts';
import { factsFor } from '../../facts/queries.ts';
import { quietOf, afterQuiet } from '../../rituals/quiet.ts';
import { awayOn, preferencesOf } from '../../rituals/queries.ts';
import { isTooLate, reminderAt } from '../../rituals/times.ts';
import {
  type Prompt,
  prompts,
  type Ritual,
  type RitualRun,
  ritualRuns,
  rituals,
  type ShownFact,
} from '../../rituals/schema.ts';
import { answersBefore, ofPrompt } from '../queries.ts';
import { promptMessage } from './views.ts';

const batch = 200;
const leaseSeconds = 30;

interface Due {
  readonly prompt: Prompt;
  readonly run: RitualRun;
  readonly ritual: Ritual;
}

export const promptKey = ({ ritualId, date, personId }: Pick<Prompt, 'ritualId' | 'date' | 'personId'>) =>
  `standup:${ritualId}:${date}:${personId}`;

/**
 * Asks those who are due, many at once: they are claimed, what is known of them is read without holding any lock, and
 * then each question is said once. Whoever claimed them and died leaves them to the next. False when none is due.
 */
export async function askDue(ctx: Context): Promise<boolean> {
  const claimed = await claim(ctx);
  if (claimed.length === 0) return false;
  const known = await factsFor(
    ctx,
    claimed.map(({ prompt }) => ({ personId: prompt.personId, since: prompt.since })),
  );
  await within(ctx, async (ctx) => {
    const before = await answersBefore(
      ctx,
      claimed.map(({ prompt }) => prompt),
    );
    const ids = claimed.map(({ prompt }) => prompt.personId);
    const levels = await preferencesOf(ctx, ids);
    const dates = claimed.map(({ prompt }) => prompt.date).toSorted();
    const away = await awayOn(ctx, ids, dates[0] ?? '', dates.at(-1) ?? '');
    let sent = 0;
    for (const due of claimed) {
      const { prompt, run, ritual } = due;
      const facts = (known.facts.get(prompt.personId) ?? []).map(factShown);
      const own = levels.get(prompt.personId);
      const quiet = quietOf(own, ritual.clock);
      const remindAt = reminderAt(0, own?.reminders ?? ritual.reminders, ctx.now(), run.digestAt);
      const awayUntil = away
        .get(prompt.personId)
        ?.find(({ from, until }) => from <= prompt.date && prompt.date <= until)?.until;
      const state = awayUntil === undefined ? stateNow(due, ctx.now()) : 'away';
      const [kept] = await ctx.db
        .update(prompts)
        .set({
          state,
          leaseUntil: null,
          awayUntil: awayUntil ?? null,
          ...(state === 'sent' && {
            sentAt: ctx.now(),
            facts,
            missing: [...known.missing],
            remindAt: inTime(remindAt && afterQuiet(remindAt, prompt.zone, quiet), run),
          }),
        })
        .where(and(ofPrompt(ctx, prompt), eq(prompts.state, 'waiting')))
        .returning();
      if (!kept || state !== 'sent') continue;
      sent += 1;
      const last = before.get(`${prompt.ritualId} ${prompt.personId}`);
      const where = { channel: prompt.personId, usefulUntil: run.closesAt };
      await announce(ctx, promptKey(prompt), where, promptMessage({ ritual, run, prompt: kept, last }));
    }
    if (sent > 0)
      record(ctx, {
        who: 'pitcrew',
        what: 'standup.asked',
        subject: 'standups',
        summary: `asked ${plural(sent, 'person', 'people')} how it goes`,
      });
  });
  return true;
}

const inTime = (at: Date | undefined, { digestAt }: RitualRun) => (at && at < digestAt ? at : null);

export const factShown = ({ key, kind, words, becomes, suggestion, modelId, need }: ShownFact): ShownFact => ({
  key,
  kind,
  words,
  becomes,
  suggestion,
  modelId,
  need,
});

/** Too late because nothing ran here, or the digest is out, or they left: then nobody is asked any more. */
function stateNow({ prompt, run, isMember }: Claimed, now: Date): Prompt['state'] {
  if (!isMember) return 'left';
  if (run.state !== 'open') return 'home';
  return isTooLate(prompt.sendAt, now) ? 'unasked' : 'sent';
}

interface Claimed extends Due {
  readonly isMember: boolean;
}

async function claim(ctx: Context): Promise<Claimed[]> {
  return await within(ctx, async (ctx) => {
    const isMember = sql<boolean>`exists (select 1 from members m where m.workspace = ${rituals.workspace}
      and m.team_id = ${rituals.teamId} and m.person_id = ${prompts.personId} and m.left_at is null)`;
    const due = await ctx.db
      .select({ prompt: prompts, run: ritualRuns, ritual: rituals, isMember })
      .from(prompts)
      .innerJoin(
        ritualRuns,
        and(
          eq(ritualRuns.workspace, prompts.workspace),
          eq(ritualRuns.ritualId, prompts.ritualId),
          eq(ritualRuns.date, prompts.date),
        ),
      )
      .innerJoin(rituals, and(eq(rituals.workspace, prompts.workspace), eq(rituals.id, prompts.ritualId)))
      .where(
        and(
          eq(prompts.workspace, ctx.workspace),
          eq(prompts.state, 'waiting'),
          lte(prompts.sendAt, ctx.now()),
          inArray(ritualRuns.state, ['open', 'posted', 'closed']),
          or(isNull(prompts.leaseUntil), sql`${prompts.leaseUntil} < ${ctx.clock}`),
        ),
      )
      .orderBy(asc(prompts.sendAt))
      .limit(batch)
      .for('update', { of: prompts, skipLocked: true });
    if (due.length === 0) return [];
    await ctx.db
      .update(prompts)
      .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${leaseSeconds})` })
      .where(or(...due.map(({ prompt }) => ofPrompt(ctx, prompt))));
    return due;
  });
}
