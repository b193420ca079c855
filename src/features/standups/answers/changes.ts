import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Context, within } from '../../../context.ts';
import { record } from '../../../ledger/ledger.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { raiseBlocker } from '../../blockers/raising/changes.ts';
import { needOf } from '../../blockers/needs.ts';
import { awayOn } from '../../rituals/queries.ts';
import { type Prompt, prompts, type Ritual, type RitualRun, type ShownFact } from '../../rituals/schema.ts';
import { membershipOf, personById, workTimeOf } from '../../teams/queries.ts';
import { works } from '../../teams/schema.ts';
import { setAway } from '../../teams/away/changes.ts';
import { settleRun } from '../digest/changes.ts';
import { keepPrompt } from '../early/changes.ts';
import { promptKey } from '../asking/changes.ts';
import { answeredMessage, awayMessage } from '../asking/views.ts';
import { answerOf, answersBefore, type Asked, lockRun, ofPrompt, promptOf, ritualWithTeam } from '../queries.ts';
import { openRows, planFrom, startingPlan, taking, tickable } from '../rules.ts';
import { type Answer, answers } from '../schema.ts';
import { type Answered, rowsTicked } from './forms.ts';

/** What somebody says of their work. Everything of it is theirs to change later; every version is kept. */
export function answer(ctx: Context, asked: Asked, values: Answered): Promise<Answer> {
  return within(ctx, async (ctx) => {
    const { run, prompt, ritual, last, facts } = await begin(ctx, asked);
    const known = tickable(facts);
    const shared = new Set(values.known);
    const done = [
      ...rowsTicked(openRows(last), values.done),
      ...known
        .filter(({ key }) => shared.has(key))
        .map(({ suggestion, modelId, key }) => ({ text: suggestion, modelId, fact: key })),
    ];
    const before = await answerOf(ctx, asked);
    const kept = [...startingPlan(openRows(last), facts), ...(before?.plan ?? [])];
    const said: Said = {
      done,
      plan: planFrom(values.plan, kept, done),
      obstacle: values.obstacle,
      note: values.note,
      hidden: known.filter(({ key }) => !shared.has(key)).map(({ key }) => key),
      asPlanned: false,
    };
    const after = await keep(ctx, { asked, ritual, run, prompt, before }, said);
    await raise(ctx, { asked, ritual, before }, values);
    await settleRun(ctx, run, after);
    return after;
  });
}

/** One click: what was planned goes on, and what is known stands for itself. */
export function asPlanned(ctx: Context, asked: Asked): Promise<Answer> {
  return within(ctx, async (ctx) => {
    const { run, prompt, ritual, last, facts } = await begin(ctx, asked);
    const before = await answerOf(ctx, asked);
    if (before) throw new Refusal('You answered already. *Change* in the message opens what you said.');
    const plan = startingPlan(openRows(last), facts);
    if (plan.length === 0) throw new Refusal('Nothing was planned the last time. *Answer* opens the form.');
    const done = tickable(facts).map(({ suggestion, modelId, key }) => ({ text: suggestion, modelId, fact: key }));
    const said: Said = { done, plan, obstacle: '', note: '', hidden: [], asPlanned: true };
    const after = await keep(ctx, { asked, ritual, run, prompt, before }, said);
    await settleRun(ctx, run, after);
    return after;
  });
}

interface Begun {
  readonly run: RitualRun;
  readonly prompt: Prompt;
  readonly ritual: Ritual;
  readonly last: Answer | undefined;
  readonly facts: readonly ShownFact[];
}

/** The run first, then the prompt, locked; whoever answers before they are asked gets a prompt now. */
async function begin(ctx: Context, asked: Asked): Promise<Begun> {
  const run = await lockRun(ctx, asked);
  const { ritual } = await ritualWithTeam(ctx, asked.ritualId);
  const { standing, member } = await membershipOf(ctx, ritual.teamId, asked.personId);
  if (standing !== 'member' || !member || !works(member.roles))
    throw new Refusal(
      'This asks the people of the team only. *Send me the digest* in `/ml rituals` lets you read along.',
    );
  const { zone } = await personById(ctx, asked.personId);
  const { today } = await workTimeOf(ctx, asked.personId);
  taking(run, (await promptOf(ctx, asked))?.state, today);
  const prompt = await keepPrompt(ctx, run, asked, zone);
  const last = (await answersBefore(ctx, [asked])).get(`${asked.ritualId} ${asked.personId}`);
  return { run, prompt, ritual, last, facts: prompt.facts ?? [] };
}

type Said = Pick<Answer, 'done' | 'plan' | 'obstacle' | 'note' | 'hidden' | 'asPlanned'>;

interface Place {
  readonly asked: Asked;
  readonly ritual: Ritual;
  readonly run: RitualRun;
  readonly prompt: Prompt;
  readonly before: Answer | undefined;
}

async function keep(ctx: Context, { asked, ritual, run, prompt, before }: Place, said: Said): Promise<Answer> {
  const now = ctx.now();
  const version = (before?.version ?? 0) + 1;
  const text = [...said.done, ...said.plan]
    .map((row) => row.text)
    .concat(said.obstacle, said.note)
    .join('\n');
  const [kept] = await ctx.db
    .insert(answers)
    .values({ workspace: ctx.workspace, ...asked, version, at: now, ...said, text })
    .onConflictDoNothing()
    .returning();
  if (!kept) throw new Refusal('You sent this twice at the same moment. One of the two was kept: *Change* shows it.');
  await ctx.db
    .update(prompts)
    .set({ state: 'answered', answeredAt: prompt.answeredAt ?? now, remindAt: null, awayUntil: null })
    .where(ofPrompt(ctx, asked));
  await announce(ctx, promptKey(asked), { channel: asked.personId }, answeredMessage(ritual, run, kept));
  const verb = before ? 'changed their answer to' : 'answered';
  record(ctx, {
    who: asked.personId,
    what: 'standup.answered',
    subject: `ritual:${asked.ritualId}`,
    summary: `${verb} ${ritual.name} of ${asked.date}`,
  });
  return kept;
}

/** What is in the way goes to who can help; said again in other words, it is withdrawn and raised anew. */
async function raise(
  ctx: Context,
  { asked, ritual, before }: Pick<Place, 'asked' | 'ritual' | 'before'>,
  values: Answered,
): Promise<void> {
  const { obstacle, need, helper, blocks } = values;
  if (obstacle === '' || obstacle === before?.obstacle) return;
  if (need === undefined && helper === undefined)
    throw new Refusal(
      'Say who or what is needed, so that it finds its way: a role, a system, a decision, or a person.',
      { field: 'need' },
    );
  await inWordsOf(() =>
    raiseBlocker(
      ctx,
      {
        what: obstacle,
        need: helper === undefined ? needOf(need ?? '') : { kind: 'person', person: helper },
        severity: 'slowed',
        teamId: ritual.teamId,
        ...(blocks !== undefined && { modelId: blocks }),
        origin: `standup:${asked.ritualId}:${asked.date}:${asked.personId}:${before?.version ?? 0}`,
      },
      asked.personId,
    ),
  );
}

const inputs: Readonly<Record<string, string>> = { what: 'obstacle', person: 'helper', need: 'need' };

/** What a blocker refuses is said under the input of this form. */
async function inWordsOf(raise: () => Promise<unknown>): Promise<void> {
  try {
    await raise();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.message, { field: inputs[error.field ?? ''] ?? 'obstacle' });
  }
}

const openStates = ['waiting', 'sent', 'home'] as const;

/** Nobody waits for them today; every team hears it the same way as of any other day away. */
export function awayToday(ctx: Context, asked: Asked): Promise<void> {
  return within(ctx, async (ctx) => {
    const { today } = await workTimeOf(ctx, asked.personId);
    if (asked.date === today && !(await isAwayOn(ctx, asked.personId, today)))
      await setAway(ctx, asked.personId, today, today, '');
    const mine = await ctx.db
      .select()
      .from(prompts)
      .where(
        and(
          eq(prompts.workspace, ctx.workspace),
          eq(prompts.personId, asked.personId),
          eq(prompts.date, asked.date),
          inArray(prompts.state, [...openStates]),
        ),
      )
      .orderBy(asc(prompts.ritualId));
    if (mine.length === 0) throw new Refusal('Nothing waits for you on that day any more.');
    for (const prompt of mine) await markAway(ctx, prompt);
  });
}

async function markAway(ctx: Context, prompt: Prompt): Promise<void> {
  const run = await lockRun(ctx, prompt);
  const { ritual } = await ritualWithTeam(ctx, prompt.ritualId);
  const [marked] = await ctx.db
    .update(prompts)
    .set({ state: 'away', awayUntil: prompt.date, remindAt: null })
    .where(and(ofPrompt(ctx, prompt), inArray(prompts.state, [...openStates])))
    .returning();
  if (!marked) return;
  if (prompt.state === 'sent')
    await announce(ctx, promptKey(prompt), { channel: prompt.personId }, awayMessage(ritual, run));
  await settleRun(ctx, run);
}

async function isAwayOn(ctx: Context, personId: string, day: string): Promise<boolean> {
  return (await awayOn(ctx, [personId], day, day)).has(personId);
}

const laterMs = 60 * 60_000;

/** Asked again in an hour, elapsed. */
export function later(ctx: Context, asked: Asked): Promise<Date> {
  return within(ctx, async (ctx) => {
    const run = await lockRun(ctx, asked);
    const at = new Date(ctx.now().getTime() + laterMs);
    if (run.state !== 'open' || at >= run.digestAt)
      throw new Refusal('The digest comes before an hour has passed. Answer now, or add to it afterwards.');
    const [kept] = await ctx.db
      .update(prompts)
      .set({ remindAt: at })
      .where(and(ofPrompt(ctx, asked), inArray(prompts.state, ['sent', 'home'])))
      .returning();
    if (!kept) throw new Refusal('You answered already, so nothing asks you again.');
    return at;
  });
}
