import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Context, within } from '../../../context.ts';
import { rowsOf } from '../../../db/rows.ts';
import { record } from '../../../ledger/ledger.ts';
import { announceAll } from '../../../messages/announce.ts';
import { plural } from '../../../slack/mrkdwn.ts';
import { factsFor } from '../../facts/queries.ts';
import { quietOf, afterQuiet } from '../../rituals/quiet.ts';
import { awayOn, preferencesOf } from '../../rituals/queries.ts';
import { isTooLate, reminderAt } from '../../rituals/times.ts';
import { type Prompt, prompts, type Ritual, type RitualRun, ritualRuns, type ShownFact } from '../../rituals/schema.ts';
import { answersBefore, ofPrompt, promptsWithRuns } from '../queries.ts';
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
    const asks = await decided(ctx, claimed, known);
    const kept = await write(ctx, asks);
    const last = await answersBefore(
      ctx,
      kept.map(({ prompt }) => prompt),
    );
    await announceAll(
      ctx,
      kept.map(({ prompt, run, ritual }) => ({
        key: promptKey(prompt),
        where: { channel: prompt.personId, usefulUntil: run.closesAt },
        wanted: promptMessage({ ritual, run, prompt, last: last.get(`${prompt.ritualId} ${prompt.personId}`) }),
      })),
    );
    if (kept.length === 0) return;
    const summary = `asked ${plural(kept.length, 'person', 'people')} how it goes`;
    record(ctx, { who: 'pitcrew', what: 'standup.asked', subject: 'standups', summary });
  });
  return true;
}

/** Each with what becomes of it: asked now, away since, too late, or no longer of the team. */
async function decided(ctx: Context, claimed: readonly Claimed[], known: Known): Promise<Due[]> {
  const ids = claimed.map(({ prompt }) => prompt.personId);
  const dates = claimed.map(({ prompt }) => prompt.date).toSorted();
  const own = await preferencesOf(ctx, ids);
  const away = await awayOn(ctx, ids, dates[0] ?? '', dates.at(-1) ?? '');
  const now = ctx.now();
  return claimed.map(({ prompt, run, ritual, isMember }) => {
    const { personId, date } = prompt;
    const awayUntil = away.get(personId)?.find(({ from, until }) => from <= date && date <= until)?.until ?? null;
    const state = awayUntil === null ? stateNow({ prompt, run, ritual, isMember }, now) : 'away';
    const base = { ...prompt, state, awayUntil, leaseUntil: null };
    if (state !== 'sent') return { prompt: base, run, ritual };
    const mine = own.get(personId);
    const remindAt = reminderAt(0, mine?.reminders ?? ritual.reminders, now, run.digestAt);
    const later = remindAt && afterQuiet(remindAt, prompt.zone, quietOf(mine, ritual.clock));
    const facts = (known.facts.get(personId) ?? []).map(factShown);
    const asked = { sentAt: now, facts, missing: [...known.missing], remindAt: inTime(later, run) };
    return { prompt: { ...base, ...asked }, run, ritual };
  });
}

type Known = Awaited<ReturnType<typeof factsFor>>;

/** One statement for all; of those it returns, nobody else asked meanwhile. */
async function write(ctx: Context, asks: readonly Due[]): Promise<Due[]> {
  const rows = asks.map(
    ({ prompt: { ritualId, date, personId, state, awayUntil, sentAt, facts, missing, remindAt } }) => ({
      r: ritualId,
      d: date,
      p: personId,
      state,
      away_until: awayUntil,
      sent_at: sentAt,
      facts,
      missing,
      remind_at: remindAt,
    }),
  );
  const written = await ctx.db.execute(sql`update ritual_prompts x set state = k.state, lease_until = null,
      away_until = k.away_until, sent_at = k.sent_at, facts = k.facts, missing = k.missing, remind_at = k.remind_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as k(r uuid, d date, p text, state text, away_until date,
      sent_at timestamptz, facts jsonb, missing text[], remind_at timestamptz)
    where x.workspace = ${ctx.workspace} and x.ritual_id = k.r and x.date = k.d and x.person_id = k.p and x.state = 'waiting'
    returning x.ritual_id || ' ' || x.date || ' ' || x.person_id as key`);
  const mine = new Set(Written.parse(rowsOf(written)).map(({ key }) => key));
  return asks.filter(
    ({ prompt: { ritualId, date, personId, state } }) =>
      state === 'sent' && mine.has(`${ritualId} ${date} ${personId}`),
  );
}

const Written = z.array(z.object({ key: z.string() }));

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
    const due = await promptsWithRuns(ctx)
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
