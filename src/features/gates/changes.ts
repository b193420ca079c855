import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { announce } from '../../messages/announce.ts';
import { plural } from '../../slack/mrkdwn.ts';
import { modelById } from '../models/queries.ts';
import { fingerprint } from './checks/hashing.ts';
import { keyOf } from './checks/judging.ts';
import { parseChecks } from './checks/language.ts';
import { printChecks } from './checks/printing.ts';
import { type At, releasersOf } from './evidence/queries.ts';
import { longestText } from './forms.ts';
import { evaluationById, gateOf, gateStanding, lockGate, newestOfEach, ofGate } from './queries.ts';
import { checkEnvironment, checkPlaces, mayAnswer, mayChange, mayOverride, shortestReason } from './rules.ts';
import {
  type Answer,
  type Check,
  type Evaluation,
  type Gate,
  gateAnswers,
  gates,
  type Override,
  overrides,
} from './schema.ts';
import { askForCheck, redraw, someoneAt, tell } from './store.ts';
import { wordingCard } from './views.ts';

/** Keeps what the gate asks. `read` is the revision that the writer saw; none for a new gate. */
export function saveGate(
  ctx: Context,
  place: { readonly modelId: string; readonly environment: string },
  text: string,
  read: number | undefined,
  by: string,
): Promise<Gate> {
  return within(ctx, async (ctx) => {
    const { modelId, environment } = place;
    const model = await modelById(ctx, modelId);
    mayChange(await someoneAt(ctx, model, by, []), model);
    checkEnvironment(model, environment);
    const checks = parseChecks(text);
    checkPlaces(checks, model);
    if (printChecks(checks).length > longestText)
      throw new Refusal('Written out in full, these checks are too long. Ask shorter questions.', { field: 'checks' });
    const before = await lockGate(ctx, modelId, environment);
    if (before?.revision !== read) throw new Refusal(overtaken(before), { field: 'checks' });
    const hash = fingerprint(checks);
    if (before?.hash === hash) return before;
    const fresh = { checks, hash, changedBy: by, changedAt: ctx.now() };
    const [gate] = before
      ? await ctx.db
          .update(gates)
          .set({ ...fresh, revision: before.revision + 1 })
          .where(ofGate(ctx, modelId, environment))
          .returning()
      : await ctx.db
          .insert(gates)
          .values({ workspace: ctx.workspace, ...place, ...fresh })
          .onConflictDoNothing()
          .returning();
    if (!gate) throw new Refusal(overtaken(undefined), { field: 'checks' });
    record(ctx, {
      who: by,
      what: 'gate.changed',
      modelId,
      subject: `gate:${modelId}:${environment}`,
      summary: `${before ? 'changed' : 'made'} the gate of ${model.name} in ${environment}: ${plural(checks.length, 'check')}`,
      data: { environment, revision: gate.revision, hash, checks: printChecks(checks) },
    });
    const key = `gate-wording:${modelId}:${environment}:${gate.revision}`;
    const lines = before ? printChecks(before.checks).split('\n') : [];
    await announce(ctx, key, { channel: model.channel, owner: model.ownerId }, wordingCard(model, gate, lines));
    await redraw(ctx, await newestOfEach(ctx, { modelId, environment, most: 20 }));
    return gate;
  });
}

function overtaken(gate: Gate | undefined): string {
  const again = 'Copy what you wrote, close this, and open it again to decide.';
  return gate
    ? `Somebody changed this gate while you wrote: it is wording ${gate.revision} now. ${again}`
    : `Somebody made a gate here while you wrote. ${again}`;
}

type Question = Extract<Check, { kind: 'manual' }>;

/** The question behind a button, if this person may answer it. */
export async function questionFor(ctx: Context, at: At, key: string, by: string): Promise<Question> {
  const model = await modelById(ctx, at.modelId);
  const gate = await gateOf(ctx, at.modelId, at.environment);
  const check = gate?.checks.find((each) => keyOf(each) === key);
  if (check?.kind !== 'manual')
    throw new Refusal('This question is no longer asked: the gate was changed. Check the version again.');
  const someone = await someoneAt(ctx, model, by, ['validate.gate', 'validate.independent']);
  mayAnswer(someone, model, check.role);
  return check;
}

/** Keeps the answer of a person, and has the version checked again with it. */
export function answer(
  ctx: Context,
  at: At,
  key: string,
  said: { readonly yes: boolean; readonly note: string },
  by: string,
): Promise<Answer> {
  return within(ctx, async (ctx) => {
    const { question, role } = await questionFor(ctx, at, key, by);
    const note = said.note.trim().slice(0, 1000);
    if (!said.yes && note === '') throw new Refusal('Say in a few words what is in the way.', { field: 'note' });
    const { modelId, environment, version } = at;
    const where = { workspace: ctx.workspace, modelId, environment, version };
    const [kept] = await ctx.db
      .insert(gateAnswers)
      .values({ ...where, question, role, yes: said.yes, note, by, at: ctx.now() })
      .returning();
    if (!kept) throw new Error('the answer was not kept');
    record(ctx, {
      who: by,
      what: 'gate.answered',
      modelId,
      subject: `version:${modelId}:${version}`,
      summary: `answered "${question}" for version ${version} with ${said.yes ? 'yes' : 'no'}${note === '' ? '' : `: ${note}`}`,
      data: { environment, version, role },
    });
    await tell(ctx, at);
    await askForCheck(ctx, { modelId, environment, version }, by);
    return kept;
  });
}

/** The check that a button was about, if this person may override its result. */
export async function overridable(ctx: Context, evaluationId: string, by: string): Promise<Evaluation> {
  const evaluation = await evaluationById(ctx, evaluationId);
  const { modelId, environment, version, said } = evaluation;
  const model = await modelById(ctx, modelId);
  const tags = said.candidate?.tags ?? {};
  const trained = ['trained_by', 'mlflow.user'].flatMap((name) => tags[name] ?? []);
  const released = await releasersOf(ctx, modelId, version);
  const someone = await someoneAt(ctx, model, by, ['deploy.approve']);
  mayOverride(someone, model, evaluation, { trained, released });
  const { state, evaluation: newest } = await gateStanding(ctx, modelId, environment, version);
  if (newest?.id !== evaluation.id)
    throw new Refusal(`Version ${version} was checked again since (check ${newest?.number ?? 0}). Look at that one.`);
  if (state === 'void') throw new Refusal('This result is out of date. Check the version again, then decide.');
  if (state === 'overridden') throw new Refusal('This result was overridden already.');
  return evaluation;
}

/** Lets a version go on although its gate says no: by somebody who answers for it, with a reason, for ever. */
export function override(ctx: Context, evaluationId: string, reason: string, by: string): Promise<Override> {
  return within(ctx, async (ctx) => {
    const { modelId, environment, version } = await evaluationById(ctx, evaluationId);
    await lockGate(ctx, modelId, environment);
    const { hash, number } = await overridable(ctx, evaluationId, by);
    const words = reason.trim();
    if (words.length < shortestReason)
      throw new Refusal(`Say it in at least ${shortestReason} characters.`, { field: 'reason' });
    const where = { workspace: ctx.workspace, evaluationId, modelId, environment, version };
    const [kept] = await ctx.db
      .insert(overrides)
      .values({ ...where, hash, reason: words, by, at: ctx.now() })
      .onConflictDoNothing()
      .returning();
    if (!kept) throw new Refusal('This result was overridden already.');
    record(ctx, {
      who: by,
      what: 'gate.overridden',
      modelId,
      subject: `evaluation:${evaluationId}`,
      summary: `overrode the gate of ${environment} for version ${version} (check ${number}): ${words}`,
      data: { environment, version, hash },
    });
    await tell(ctx, { modelId, environment, version });
    return kept;
  });
}
