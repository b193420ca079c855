import { and, asc, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { sentence } from '../../slack/blocks.ts';
import { namedFor } from '../duties/queries.ts';
import type { DutyId } from '../duties/matrix.ts';
import { nextNumber } from '../installations/store.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { liveVersion } from '../releases/store.ts';
import { membershipOf, membersOf, teamById } from '../teams/queries.ts';
import { decisionHash, evidenceHash, judge, overall } from './checks/judging.ts';
import { type At, materialOf } from './evidence/queries.ts';
import { askRegistry, usedOf } from './evidence/registry.ts';
import { gateOf, gateStanding, lockGate, newestEvaluation, newestOfEach, overridesAt } from './queries.ts';
import { isPerson, type Someone } from './rules.ts';
import { type Ask, askedRoles, asks, type Evaluation, evaluations, type Gate } from './schema.ts';
import { gateCard, notChecked } from './views.ts';
import { againstWords, standingWords } from './words.ts';

/** Who stands at the gate, as our records say now; locked until the decision is written. */
export async function someoneAt(ctx: Context, model: Model, id: string, duties: readonly DutyId[]): Promise<Someone> {
  const team = await teamById(ctx, model.teamId);
  const { standing, member } = await membershipOf(ctx, model.teamId, id);
  const named: string[] = [];
  for (const duty of duties) named.push(...(await namedFor(ctx, model, duty)));
  return { id, standing, roles: member?.roles, isLead: team.leadId === id, isNamed: named.includes(id) };
}

/**
 * Checks a version against the gate and keeps the result. The registry is asked first, outside of any transaction;
 * what our own records know is read in the one that writes the result.
 */
export async function evaluate(ctx: Context, at: At, by: string): Promise<Evaluation> {
  if (ctx.lastly) throw new Error('a gate is never evaluated inside a transaction: it asks the registry');
  const { modelId, environment, version } = at;
  const startedAt = ctx.now();
  const model = await modelById(ctx, modelId);
  checkGate(await gateOf(ctx, modelId, environment), model, at);
  const { said, baseline } = await askRegistry(ctx, model, environment, version);
  return await within(ctx, async (ctx) => {
    const gate = checkGate(await lockGate(ctx, modelId, environment), model, at);
    const newer = await newestEvaluation(ctx, at);
    // Whoever asked the registry later knows more; the slower one adds nothing.
    if (newer && newer.startedAt > startedAt) return newer;
    const used = usedOf(said, gate.checks);
    const results = judge(gate.checks, await materialOf(ctx, { ...at, model: model.name, baseline, said: used }, gate));
    const hashes = { specHash: gate.hash, evidenceHash: evidenceHash(results) };
    const [evaluation] = await ctx.db
      .insert(evaluations)
      .values({
        workspace: ctx.workspace,
        number: await nextNumber(ctx, 'gate'),
        ...at,
        baseline,
        gateRevision: gate.revision,
        ...hashes,
        hash: decisionHash({ version, baseline, ...hashes }),
        result: overall(results),
        results,
        said: used,
        startedAt,
        at: ctx.now(),
        by,
      })
      .returning();
    if (!evaluation) throw new Error('the evaluation was not kept');
    const { result, number, hash } = evaluation;
    record(ctx, {
      who: by,
      what: result === 'pass' ? 'gate.passed' : 'gate.failed',
      modelId,
      subject: `evaluation:${evaluation.id}`,
      summary: `check ${number}: version ${version} ${result === 'pass' ? 'passes' : 'does not pass'} the gate of ${environment}${result === 'pass' ? '' : `: ${againstWords(evaluation)}`}`,
      data: { environment, version, baseline, ...hashes, hash, revision: gate.revision },
    });
    await tell(ctx, at);
    return evaluation;
  });
}

function checkGate(gate: Gate | undefined, { name: model }: Model, { environment, version }: At): Gate {
  if (gate) return gate;
  throw new Refusal(standingWords({ state: 'no_gate', model, environment, version }));
}

/** As a button carries it. */
const longestVersion = 100;

/** Writes down that somebody wants a version checked; a worker does it, however long the registry takes. */
export function askForCheck(ctx: Context, at: At, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    if (at.version.length > longestVersion)
      throw new Refusal(`A version has at most ${longestVersion} characters.`, { field: 'version' });
    const model = await modelById(ctx, at.modelId);
    checkGate(await gateOf(ctx, at.modelId, at.environment), model, at);
    const wanted = { by, askedAt: ctx.now(), leaseUntil: null, attempts: 0 };
    await ctx.db
      .insert(asks)
      .values({ workspace: ctx.workspace, ...at, ...wanted })
      .onConflictDoUpdate({ target: [asks.workspace, asks.modelId, asks.environment, asks.version], set: wanted });
  });
}

const leaseSeconds = 90;
const mostAttempts = 3;

/** Makes one check that somebody asked for; false when none waits. */
export async function checkNext(ctx: Context): Promise<boolean> {
  const ask = await claimNext(ctx);
  if (!ask) return false;
  const { modelId, environment, version, by } = ask;
  try {
    await evaluate(ctx, { modelId, environment, version }, by);
    await done(ctx, ask);
  } catch (error) {
    const isRefused = error instanceof Refusal;
    if (!isRefused) ctx.log.error({ err: error, modelId, version }, 'a gate could not be checked');
    if (isRefused) await done(ctx, ask, error.message);
    else if (ask.attempts >= mostAttempts)
      await done(ctx, ask, 'something broke on our side. Please try it once more.');
  }
  return true;
}

function claimNext(ctx: Context): Promise<Ask | undefined> {
  return within(ctx, async (ctx) => {
    const [due] = await ctx.db
      .select()
      .from(asks)
      .where(and(eq(asks.workspace, ctx.workspace), or(isNull(asks.leaseUntil), lt(asks.leaseUntil, ctx.clock))))
      .orderBy(asc(asks.askedAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return undefined;
    const [claimed] = await ctx.db
      .update(asks)
      .set({ leaseUntil: sql`${ctx.clock} + make_interval(secs => ${leaseSeconds})`, attempts: due.attempts + 1 })
      .where(ofAsk(ctx, due))
      .returning();
    return claimed;
  });
}

/** Whoever asked anew meanwhile is served by the next one. */
function done(ctx: Context, ask: Ask, trouble?: string): Promise<void> {
  return within(ctx, async (ctx) => {
    await ctx.db.delete(asks).where(and(ofAsk(ctx, ask), eq(asks.askedAt, ask.askedAt)));
    if (trouble === undefined || !isPerson(ask.by)) return;
    const model = await modelById(ctx, ask.modelId);
    const key = `gate-trouble:${ask.modelId}:${ask.environment}:${ask.version}:${ask.askedAt.getTime()}`;
    await announce(ctx, key, { channel: ask.by, owner: ask.by }, sentence(notChecked(model, ask.version, trouble)));
  });
}

function ofAsk(ctx: Context, { modelId, environment, version }: At) {
  return and(
    eq(asks.workspace, ctx.workspace),
    eq(asks.modelId, modelId),
    eq(asks.environment, environment),
    eq(asks.version, version),
  );
}

export async function cardOf(ctx: Context, at: At) {
  const model = await modelById(ctx, at.modelId);
  const standing = await gateStanding(ctx, at.modelId, at.environment, at.version);
  const people = await membersOf(ctx, model.teamId);
  const here = people.filter(({ person }) => person.standing === 'member');
  const answerers = new Map(
    askedRoles.map((role) => [
      role,
      role === 'owner'
        ? [model.ownerId, ...(model.deputyId === null ? [] : [model.deputyId])]
        : here.filter(({ roles }) => roles.includes(role)).map(({ personId }) => personId),
    ]),
  );
  const live = (await liveVersion(ctx, at.modelId, at.environment))?.version;
  const { environment, version } = at;
  const overrides = await overridesAt(ctx, at);
  return gateCard({ model, environment, version, standing, overrides, answerers, live });
}

/** The card of one version, as everything stands now. */
export async function tell(ctx: Context, at: At): Promise<void> {
  const model = await modelById(ctx, at.modelId);
  const key = `gate:${at.modelId}:${at.environment}:${at.version}`;
  await announce(ctx, key, { channel: model.channel, owner: model.ownerId }, await cardOf(ctx, at));
}

/** Always in one order, so that two who draw the same cards cannot wait for each other. */
export async function redraw(ctx: Context, list: readonly At[]): Promise<void> {
  const keyed = new Map(list.map((at) => [`${at.modelId}:${at.environment}:${at.version}`, at]));
  for (const key of [...keyed.keys()].toSorted()) {
    const at = keyed.get(key);
    if (at) await tell(ctx, at);
  }
}

const shownFor = 14 * 86_400_000;

/** What passes by itself, such as hours, windows of drift and moves of the alias, makes results out of date, too. */
export async function lookAgain(ctx: Context): Promise<void> {
  const since = new Date(ctx.now().getTime() - shownFor);
  for (const at of await newestOfEach(ctx, { since, most: 100 })) await within(ctx, (ctx) => tell(ctx, at));
}
