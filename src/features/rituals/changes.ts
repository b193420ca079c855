import { and, eq, ne, sql } from 'drizzle-orm';
import type { RitualAsked } from '../../actions.ts';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { checkedName } from '../../lib/names.ts';
import { Refusal } from '../../lib/refusal.ts';
import { teamById } from '../teams/queries.ts';
import { mayEdit } from '../teams/store.ts';
import { checkAsked, recurrenceOf } from './asked.ts';
import { comingTakings, nextTaking, opensAt, type Rule, type Taking } from './dates.ts';
import { plan } from './planning/changes.ts';
import { askedOf, ofRitual, preferencesOf, ritualById, ruleOf, wholeRitual } from './queries.ts';
import { checkDigest } from './rules.ts';
import { type Ritual, rituals } from './schema.ts';

export type Draft = Omit<Ritual, 'id' | 'revision' | 'workspace' | 'state' | 'createdBy'>;

/** What was filled in, checked: a Refusal names the input. */
export async function draftOf(ctx: Context, asked: RitualAsked): Promise<{ draft: Draft; rule: Rule }> {
  checkAsked(asked);
  const { teamId, kind, channel, time, clock, zone, digestTime, digestDays, whenClosed, reminders } = asked;
  const draft: Draft = {
    teamId,
    kind,
    channel,
    time,
    clock,
    digestTime,
    digestDays,
    whenClosed,
    reminders,
    name: checkedName(asked.name, 80),
    zone: zone === '' ? null : zone,
    recurrence: recurrenceOf(asked),
  };
  const team = await teamById(ctx, teamId);
  const rule = await ruleOf(ctx, { ...draft, state: 'active', createdBy: '' }, team);
  const [first] = comingTakings(rule, ctx.now(), 1);
  if (!first)
    throw new Refusal(
      'With this rule it never takes place: look at the days, at the end and at the days the team is closed.',
      {
        field: 'often',
      },
    );
  const people = await askedOf(ctx, [teamId]);
  const own = await preferencesOf(
    ctx,
    people.map(({ personId }) => personId),
  );
  checkDigest(
    rule,
    first.date,
    people.map(({ personId, name, zone }) => ({ name, zone, time: own.get(personId)?.time })),
  );
  return { draft, rule };
}

/** What was saved, and what is next: undefined where a rule has come to its end. */
export interface Saved {
  readonly ritual: Ritual;
  readonly rule: Rule;
  readonly next: Taking | undefined;
  /** Set where the next one keeps the hour it had: the first by the new rule. */
  readonly following: Taking | undefined;
}

/** A new one, or a changed one. A change never touches a run that is open, and makes no second one of its date. */
export function saveRitual(ctx: Context, asked: RitualAsked, by: string): Promise<Saved> {
  return within(ctx, async (ctx) => {
    await mayEdit(ctx, asked.teamId, by);
    const { draft } = await draftOf(ctx, asked);
    await checkNameFree(ctx, draft, asked.ritual?.id);
    const ritual = asked.ritual ? await edit(ctx, draft, asked.ritual) : await create(ctx, draft, by);
    note(
      ctx,
      ritual,
      by,
      asked.ritual ? 'edited' : 'created',
      `${asked.ritual ? 'changed' : 'made'} the ritual ${ritual.name}`,
    );
    const whole = await wholeRitual(ctx, ritual.id);
    const next = ritual.state === 'active' ? await plan(ctx, whole) : undefined;
    return { ritual, rule: whole.rule, next, following: next && followingKept(whole.rule, next) };
  });
}

function followingKept(rule: Rule, next: Taking): Taking | undefined {
  const isKept = opensAt(rule, next.date)?.getTime() !== next.opensAt.getTime();
  return isKept ? nextTaking(rule, { from: next.opensAt, after: next.date }) : undefined;
}

async function create(ctx: Context, draft: Draft, by: string): Promise<Ritual> {
  const [made] = await ctx.db
    .insert(rituals)
    .values({ workspace: ctx.workspace, ...draft, createdBy: by })
    .onConflictDoNothing()
    .returning();
  return made ?? taken(draft.name);
}

async function edit(ctx: Context, draft: Draft, { id, revision }: { id: string; revision: number }): Promise<Ritual> {
  const [saved] = await ctx.db
    .update(rituals)
    .set({ ...draft, revision: sql`${rituals.revision} + 1` })
    .where(
      and(
        ofRitual(ctx, id),
        eq(rituals.revision, revision),
        eq(rituals.teamId, draft.teamId),
        ne(rituals.state, 'ended'),
      ),
    )
    .returning();
  if (saved) return saved;
  await ritualById(ctx, id);
  throw new Refusal('Somebody else changed this ritual meanwhile. Open it again to see how it stands now.');
}

async function checkNameFree(ctx: Context, { teamId, name }: Draft, but: string | undefined): Promise<void> {
  const [clash] = await ctx.db
    .select({ id: rituals.id })
    .from(rituals)
    .where(
      and(
        eq(rituals.workspace, ctx.workspace),
        eq(rituals.teamId, teamId),
        eq(sql`lower(${rituals.name})`, name.toLowerCase()),
        ne(rituals.state, 'ended'),
      ),
    );
  if (clash && clash.id !== but) taken(name);
}

function taken(name: string): never {
  throw new Refusal(`Your team has a ritual named "${name}" already.`, { field: 'name' });
}

const steps = {
  pause: { from: 'active', to: 'paused', said: 'paused', refusal: 'It rests already.' },
  resume: { from: 'paused', to: 'active', said: 'resumed', refusal: 'It takes place already.' },
} as const;

/** Nothing is caught up after a pause. */
export function pauseOrResume(
  ctx: Context,
  id: string,
  step: keyof typeof steps,
  by: string,
): Promise<{ ritual: Ritual; next: Taking | undefined }> {
  return within(ctx, async (ctx) => {
    const { from, to, said, refusal } = steps[step];
    await mayEdit(ctx, (await ritualById(ctx, id)).teamId, by);
    const [ritual] = await ctx.db
      .update(rituals)
      .set({ state: to })
      .where(and(ofRitual(ctx, id), eq(rituals.state, from)))
      .returning();
    if (!ritual) throw new Refusal(refusal);
    note(ctx, ritual, by, said, `${said} the ritual ${ritual.name}`);
    return { ritual, next: step === 'resume' ? await plan(ctx, await wholeRitual(ctx, id), 'drop') : undefined };
  });
}

/** For good; what was said in it stays. */
export function endRitual(ctx: Context, id: string, by: string): Promise<Ritual> {
  return within(ctx, async (ctx) => {
    await mayEdit(ctx, (await ritualById(ctx, id)).teamId, by);
    const [ritual] = await ctx.db
      .update(rituals)
      .set({ state: 'ended' })
      .where(and(ofRitual(ctx, id), ne(rituals.state, 'ended')))
      .returning();
    if (!ritual) throw new Refusal('It has ended already.');
    note(ctx, ritual, by, 'ended', `ended the ritual ${ritual.name}`);
    return ritual;
  });
}

function note(ctx: Context, ritual: Ritual, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `ritual.${verb}`, subject: `ritual:${ritual.id}`, summary });
}
