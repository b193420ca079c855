import type { Context } from '../context.ts';
import { datasetSeen } from '../features/datasets/store.ts';
import { takeAlarm } from '../features/drift/alarms.ts';
import { takeReport } from '../features/drift/intake.ts';
import { modelById, modelNamed } from '../features/models/queries.ts';
import type { Model } from '../features/models/schema.ts';
import { releaseReported } from '../features/releases/changes.ts';
import { followersOf } from '../features/releases/registry/queries.ts';
import { wantLook } from '../features/releases/registry/store.ts';
import type {
  Heard,
  HeardAlarm,
  HeardDeployment,
  HeardRegistryChange,
  HeardReport,
  HeardRun,
} from '../features/sources/heard.ts';
import { record } from '../ledger/ledger.ts';
import { isAhead } from '../lib/batch.ts';
import { Refusal } from '../lib/refusal.ts';
import { firstTime } from '../messages/inbox.ts';
import { clip } from '../slack/limits.ts';
import { short } from './hooks/keys.ts';

/** Who says it, and what they mean when they do not say it. */
export interface From {
  /** The same for every delivery of one tool: its alarms are told apart by it. */
  readonly key: string;
  /** "Evidently" */
  readonly label: string;
  readonly kind: string;
  readonly modelId: string | null;
  readonly environment: string | null;
}

/** What the address says; it wins over the payload. */
export interface About {
  readonly model?: string;
  readonly environment?: string;
  /** The end of the window. */
  readonly at?: Date;
  readonly rows?: number;
}

export interface Taken {
  readonly accepted: number;
  readonly drifted?: number;
  readonly judged?: boolean;
  /** All of it came before. */
  readonly duplicate?: true;
  readonly rejected?: readonly { readonly index: number; readonly reason: string }[];
}

interface Place {
  readonly model: Model;
  readonly environment: string;
}
type One = Omit<Taken, 'rejected'>;

/** Every place is looked up before anything is taken; where none can be placed, the whole is refused. */
export async function takeHeard(
  ctx: Context,
  { source, heard, about }: { source: From; heard: readonly Heard[]; about: About },
): Promise<Taken> {
  const rejected: { index: number; reason: string }[] = [];
  const placed: { one: Heard; place: Place | undefined }[] = [];
  let refusal: Refusal | undefined;
  for (const [index, one] of heard.entries()) {
    try {
      placed.push({ one, place: await placeOf(ctx, one, source, about) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal ??= error;
      rejected.push({ index, reason: `${error.field ?? 'body'}: ${error.message}` });
    }
  }
  if (refusal && placed.length === 0) throw refusal;
  const all: One[] = [];
  // One end of a window cannot be that of several.
  const { at, ...others } = about;
  const several = heard.filter(({ kind }) => kind === 'report').length > 1;
  for (const { one, place } of inOrder(placed))
    all.push(await take(ctx, source, several ? others : { ...others, ...(at && { at }) }, one, place));
  return { ...sumOf(all), ...(rejected.length > 0 && { rejected }) };
}

/** Data sets come last and by name: two deliveries that name the same ones lock them in one order. */
function inOrder<T extends { readonly one: Heard }>(placed: readonly T[]): T[] {
  const nameOf = ({ one }: T) => (one.kind === 'dataset' ? `1 ${one.namespace} ${one.name}` : '0');
  return placed.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

function sumOf(all: readonly One[]): One {
  const reports = all.filter((one) => one.drifted !== undefined);
  return {
    accepted: all.reduce((sum, one) => sum + one.accepted, 0),
    ...(reports.length > 0 && {
      drifted: reports.reduce((sum, one) => sum + (one.drifted ?? 0), 0),
      judged: reports.some((one) => one.judged),
    }),
    ...(all.length > 0 && all.every((one) => one.duplicate) && { duplicate: true }),
  };
}

/** The address wins over the payload, the payload over what the tool was connected for. */
async function placeOf(ctx: Context, one: Heard, source: From, about: About): Promise<Place | undefined> {
  if (one.kind === 'dataset') {
    named(one.namespace, 'namespace', longestPath);
    named(one.name, 'name', longestPath);
    return undefined;
  }
  if (one.kind === 'registry') return undefined;
  const name = named(about.model ?? one.model, 'model');
  const environment = named(about.environment ?? one.environment, 'environment') ?? source.environment;
  const model = name ? await modelNamed(ctx, name) : source.modelId ? await modelById(ctx, source.modelId) : undefined;
  if (model?.retiredAt) {
    throw new Refusal(`${model.name} is retired: say which model it is about now. ${waysToSay(one, source)}`, inModel);
  }
  if (!model) {
    if (one.kind === 'run' || isUnderWay(one)) return undefined;
    throw new Refusal(`Say which model this is about. ${waysToSay(one, source)}`, inModel);
  }
  return { model, environment: environment ?? model.environment };
}

const longestName = 200;
const longestPath = 1000;
const longestWords = 500;

/** From outside, and part of what indexes hold. */
function named(text: string | undefined, field: string, longest = longestName): string | undefined {
  if (text !== undefined && text.length > longest)
    throw new Refusal(`This ${field} has more than ${longest} characters.`, { field });
  return text || undefined;
}

const isUnderWay = (one: Heard) => one.kind === 'deployment' && (one.state === 'pending' || one.state === 'running');
const inModel = { field: 'model' };

function waysToSay(one: Heard, { kind }: From): string {
  const inside = one.kind === 'alarm' ? 'a label `model` on the alert, ' : '';
  return `There are ${inside ? 'three' : 'two'} ways: ${inside}?model=<name> in the address, or \`/ml connect ${kind} <name>\` for all that comes from one tool.`;
}

async function take(ctx: Context, source: From, about: About, one: Heard, place: Place | undefined): Promise<One> {
  switch (one.kind) {
    case 'report':
      return place ? await report(ctx, source, about, one, place) : nothing;
    case 'alarm':
      return place ? await alarm(ctx, source, one, place) : nothing;
    case 'deployment':
      return place ? await deployment(ctx, source, one, place) : nothing;
    case 'run':
      return await run(ctx, source, one, place);
    case 'dataset':
      await datasetSeen(ctx, one, source.label);
      return taken;
    case 'registry':
      return await registry(ctx, source, one);
  }
}

const nothing: One = { accepted: 0 };
const taken: One = { accepted: 1 };

async function report(ctx: Context, { label }: From, about: About, said: HeardReport, place: Place): Promise<One> {
  const at = about.at ?? said.at ?? ctx.now();
  if (isAhead(at, ctx.now())) {
    throw new Refusal('window_end lies in the future.', { field: 'window_end' });
  }
  const rows = about.rows ?? said.rows;
  const { findings, measures, datasetDrifted, namesOnlyWrong } = said;
  const { drifted, of, judged } = await takeReport(ctx, {
    ...place,
    at,
    source: label,
    ...(rows !== undefined && { rows }),
    ...(datasetDrifted !== undefined && { datasetDrifted }),
    ...(namesOnlyWrong && { namesOnlyWrong }),
    findings,
    measures,
  });
  return { accepted: of, drifted, judged };
}

/** A sender repeats an alert for as long as it lasts: each of its turns counts once. */
async function alarm(ctx: Context, source: From, said: HeardAlarm, { model, environment }: Place): Promise<One> {
  const { key, startedAt, state } = said;
  const turn = [source.key, model.id, environment, key, startedAt.toISOString(), state].join(':');
  if (!(await firstTime(ctx, `alarm:${short(turn)}`))) return { accepted: 0, duplicate: true };
  await takeAlarm(ctx, { model, environment, alarm: said, source: source.label });
  return taken;
}

/** That a tool brought a version there; which of them is live is judged by the releases. */
async function deployment(ctx: Context, source: From, said: HeardDeployment, place: Place): Promise<One> {
  const { label } = source;
  const { model } = place;
  const { state, at, by, url, key, repository, strategy, percent } = said;
  await releaseReported(ctx, {
    model,
    state,
    at,
    url,
    strategy,
    percent,
    environment: environmentOf(model, place.environment),
    version: named(said.version, 'version') ?? '',
    key: `${source.key}:${short(key)}`,
    by: clip(by ?? label, longestName),
    // A name there is none in Slack, even where it looks like one.
    ...(by && { who: clip(`${by} on ${label}`, longestName) }),
    source: repository ? clip(`${label}, ${repository}`, longestName) : label,
  });
  return taken;
}

/** "Production" of another tool is our "production". */
function environmentOf({ environments }: Model, said: string): string {
  return environments.find((each) => each.toLowerCase() === said.toLowerCase()) ?? said;
}

const ends = { succeeded: 'succeeded', failed: 'failed', canceled: 'was canceled' } as const;

/** The end of a run is kept; a failed one calls the people of its model until one succeeds. */
async function run(ctx: Context, source: From, said: HeardRun, place: Place | undefined): Promise<One> {
  const { state, at, repository, url, key } = said;
  const pipeline = clip(said.pipeline, longestName);
  const detail = said.detail && clip(said.detail, longestWords);
  if (state === 'queued' || state === 'running') return taken;
  record(ctx, {
    who: source.label,
    what: `run.${state}`,
    subject: `run:${pipeline}`,
    summary: `a run of ${pipeline} ${ends[state]}${detail ? `: ${detail}` : ''}`,
    data: { key, repository, url },
    ...(place && { modelId: place.model.id }),
  });
  if (!place || state === 'canceled') return taken;
  const failed = state === 'failed';
  await takeAlarm(ctx, {
    ...place,
    source: source.label,
    alarm: {
      kind: 'alarm',
      key: `run:${pipeline}`,
      name: `${pipeline} failed`,
      summary: detail ?? `The last run of ${pipeline} ${ends[state]}.`,
      state: failed ? 'firing' : 'resolved',
      severity: 'warning',
      startedAt: at,
      ...(!failed && { endedAt: at }),
      ...(url && { url }),
    },
  });
  return taken;
}

/** A hint only: the registry itself is read for what is true. */
async function registry(ctx: Context, { label }: From, said: HeardRegistryChange): Promise<One> {
  const { entity, action, name, version, alias } = said;
  const [model] = (await followersOf(ctx, [name])).map((each) => each.model);
  const what = [alias && `alias ${alias}`, version && `version ${version}`].filter(Boolean).join(' on ');
  record(ctx, {
    who: label,
    what: `registry.${entity}_${action}`,
    subject: model ? `model:${model.id}` : `registry:${clip(name, longestName)}`,
    summary: clip(`${action === 'set' ? 'wrote' : 'deleted'} ${what || 'the model'} of ${name}`, longestWords),
    data: { name, version, alias },
    ...(model && { modelId: model.id }),
  });
  if (model && entity === 'alias') await wantLook(ctx, name);
  return taken;
}
