import type { Context } from '../context.ts';
import { takeReadings, takeReport } from '../features/drift/intake.ts';
import { setWatch } from '../features/drift/store.ts';
import { findModels, modelNamed } from '../features/models/queries.ts';
import { registerModel } from '../features/models/store.ts';
import { aliasMoved, servedVersionSeen } from '../features/releases/store.ts';
import { usualAsked } from '../features/rituals/asked.ts';
import { saveRitual } from '../features/rituals/changes.ts';
import { saveOwnWay } from '../features/rituals/own/changes.ts';
import type { Team } from '../features/teams/schema.ts';
import { createTeam, joinTeam, keepPerson } from '../features/teams/store.ts';
import { localAt } from '../time/wall-clock.ts';
import { announce } from '../messages/announce.ts';
import { sentence } from '../slack/blocks.ts';
import { md } from '../slack/mrkdwn.ts';
import { makeWork, moveWork } from '../features/work/changes.ts';
import type { Type } from '../features/work/schema.ts';
import { makeConnection } from '../features/connections/store.ts';
import { saveGate } from '../features/gates/changes.ts';
import { setUp } from '../features/retraining/changes.ts';
import { airflowAccount, dagOf } from './airflow.ts';
import { crew, type DemoModel, models } from './people.ts';
import { dice, scores } from './report.ts';

const day = 86_400_000;
const days = 30;

/** A team, its models and 30 days of history; does nothing when they are there. `airflowUrl`: what retrains them. */
export async function seed(ctx: Context, { airflowUrl }: { readonly airflowUrl?: string } = {}): Promise<void> {
  if ((await findModels(ctx, '')).length > 0) return;
  const monthAgo = at(ctx, new Date(ctx.now().getTime() - days * day));
  for (const { id, realName, tz } of crew) {
    await keepPerson(monthAgo, { id, name: realName, zone: tz, standing: 'member' });
  }
  const team = await createTeam(
    monthAgo,
    { name: 'Applied ML', channel: 'C02RETAIN', leadId: 'U03LEA', zone: 'Europe/Berlin' },
    'U03LEA',
  );
  for (const { id, roles } of crew) await joinTeam(monthAgo, team.id, id, roles);
  for (const [i, model] of models.entries()) await seedModel(ctx, team.id, model, dice(i + 1));
  if (airflowUrl !== undefined) await seedTraining(monthAgo, airflowUrl);
  await seedWork(ctx, team);
  await seedStandup(ctx, team);
  await announce(
    ctx,
    'demo:welcome',
    { channel: 'C02RETAIN' },
    sentence(
      md`:wave: Welcome to the pit. In about half a minute *churn-model* starts to drift, and I will say so here. Press the buttons as one person, then switch to another (who you are stands at the left). \`/ml\` shows what else you can do.`,
    ),
  );
}

async function seedModel(ctx: Context, teamId: string, model: DemoModel, random: () => number): Promise<void> {
  const { name, description, ownerId, deputyId, channel, tier, versions } = model;
  const start = ctx.now().getTime() - days * day;
  const registered = await registerModel(
    at(ctx, new Date(start)),
    { name, description, ownerId, deputyId, channel, tier, teamId, registryName: name },
    ownerId,
  );
  const here = { modelId: registered.id, environment: registered.environment };
  for (const [i, version] of versions.entries()) {
    const moved = new Date(start + i * 12 * day);
    await aliasMoved(at(ctx, moved), { ...here, version, who: 'ci', why: `release of version ${version}` });
    await servedVersionSeen(at(ctx, moved), { ...here, version, at: new Date(moved.getTime() + 120_000) });
  }
  await setWatch(
    at(ctx, new Date(start)),
    { ...here, metric: 'accuracy', column: '' },
    { direction: 'below', raiseAt: 0.85, clearAt: 0.87 },
    ownerId,
  );
  await saveGate(at(ctx, new Date(start)), here, 'auc >= 0.85, at most 1% worse', undefined, ownerId);
  const readings: object[] = [];
  for (let i = days - 1; i >= 1; i -= 1) {
    const window = new Date(ctx.now().getTime() - i * day);
    const of = scores(model.columns, false, random);
    await takeReport(at(ctx, window), {
      model: registered,
      environment: registered.environment,
      at: window,
      source: 'Evidently',
      rows: 4000 + Math.round(random() * 500),
      findings: Object.entries(of).map(([column, score]) => ({
        column,
        method: 'wasserstein',
        label: 'Wasserstein distance (normed)',
        score,
        limit: 0.1,
        direction: 'above',
        drifted: false,
      })),
    });
    readings.push({ model: name, metric: 'accuracy', value: 0.9 + random() * 0.02, at: window.toISOString() });
  }
  await takeReadings(ctx, readings);
}

const hourMs = 3_600_000;

/** Moved before the first standup, so that it has something to tell. */
async function seedWork(ctx: Context, { id: teamId }: Team): Promise<void> {
  const ago = (hours: number) => at(ctx, new Date(ctx.now().getTime() - hours * hourMs));
  const make = async (title: string, type: Type, model: string, ownerId: string) => {
    const modelId = (await modelNamed(ctx, model)).id;
    return (await makeWork(ago(30), { title, details: '', type, teamId, modelId, ownerId }, 'U05PIA')).item;
  };
  const labels = await make('Backfill the labels of October', 'data', 'churn-model', 'U01OLGA');
  const spike = await make('Does the day of the month help?', 'spike', 'price-model', 'U02DEV');
  await make('Retry the feed of card countries', 'feature', 'fraud-model', 'U06MEI');
  await moveWork(ago(20), spike.id, { seen: 'ready', to: 'doing' }, 'U02DEV');
  const { state } = await moveWork(ago(20), labels.id, { seen: 'ready', to: 'doing' }, 'U01OLGA');
  await moveWork(ago(3), labels.id, { seen: state, to: 'done' }, 'U01OLGA');
}

const standupInMs = 90_000;
const digestInMs = 3 * 3_600_000;

/** It asks soon after the start, at any hour: nobody waits for a morning to see it. */
async function seedStandup(ctx: Context, team: Team): Promise<void> {
  const [asks, posts] = [standupInMs, digestInMs].map((ms) => localAt(new Date(ctx.now().getTime() + ms), team.zone));
  if (!asks || !posts) return;
  const usual = usualAsked('standup', team, asks.date);
  await saveRitual(
    ctx,
    {
      ...usual,
      often: 'day:1',
      time: asks.time,
      digestTime: posts.time,
      digestDays: posts.date === asks.date ? 0 : 1,
    },
    team.leadId,
  );
  for (const { id } of crew)
    await saveOwnWay(ctx, id, { time: null, quietFrom: '00:00', quietTo: '00:00', reminders: null });
}

async function seedTraining(ctx: Context, url: string): Promise<void> {
  const { username, password: secret } = airflowAccount;
  const typed = { url, signIn: 'password', username, secret, space: '', name: 'Airflow' };
  const { connection } = await makeConnection(ctx, 'airflow', typed, 'U02DEV');
  for (const { name, ownerId } of models) {
    const { id: modelId } = await modelNamed(ctx, name);
    const how = { pipeline: dagOf(name), params: 'model = {model}\nexclude = {excluded}' };
    const policy = { onAlert: false, everyDays: null, atMostDays: 7, needsApproval: false };
    await setUp(ctx, { modelId, connectionId: connection.id, ...how, ...policy }, 0, ownerId);
  }
}

/** The same house at another time. */
function at(ctx: Context, moment: Date): Context {
  return { ...ctx, now: () => moment };
}
