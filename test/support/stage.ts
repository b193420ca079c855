import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { inject } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/db/client.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { channels, crew, models } from '../../src/demo/people.ts';
import { evidentlyReport } from '../../src/demo/report.ts';
import { registerModel } from '../../src/features/models/store.ts';
import { aliasMoved } from '../../src/features/releases/store.ts';
import { createTeam, joinTeam, keepPerson } from '../../src/features/teams/store.ts';
import { type LocalMlflow, startLocalMlflow } from '../../src/local-mlflow/local-mlflow.ts';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { shippedManifest } from '../../src/manifest.ts';
import { backlog } from '../../src/messages/claims.ts';
import type { Log } from '../../src/ports.ts';
import { watchWrites } from './writes.ts';

export const olga = 'U01OLGA';
export const dev = 'U02DEV';
export const lea = 'U03LEA';
export const enzo = 'U04ENZO';
export const pia = 'U05PIA';
export const room = 'ml-retention';
const token = 'test-token';

/** The whole app with its real bindings, between a local Slack and a local registry. */
export interface Stage {
  readonly app: App;
  readonly slack: LocalSlack;
  readonly mlflow: LocalMlflow;
  readonly errors: readonly string[];
  /** Everything that was logged, errors too. */
  readonly logged: readonly string[];
  /** Posts to the app as a machine would. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>;
  /** One window of Evidently's for churn-model, `hoursAgo` hours ago; `moved` is the score of its first column. */
  report(hoursAgo: number, moved: number): Promise<void>;
  /** Until everything that waits in rows has been done. */
  settle(): Promise<void>;
  /** The app ends and begins again on what it kept; `between` happens while nothing runs. */
  restart(between: () => void): Promise<void>;
  close(): Promise<void>;
}

export interface Setting {
  readonly transport: 'socket' | 'http';
  /** Nobody and nothing is known to the app yet. */
  readonly empty?: boolean;
  readonly userGroups?: LocalSlackOptions['userGroups'];
  readonly database?: Database;
  /** A registry elsewhere, instead of the local one. */
  readonly registryUrl?: string;
  readonly secretKey?: string;
  /** A clock that moves when told, instead of the real one. */
  readonly clock?: { now: Date };
}

export async function setTheStage(setting: Setting): Promise<Stage> {
  const { transport, empty = false, userGroups = [], registryUrl, secretKey, clock } = setting;
  const errors: string[] = [];
  const writes = watchWrites();
  const slack = await startLocalSlack({
    people: crew.map(({ id, name, realName, title, tz }) => ({ id, name, realName, title, tz })),
    channels,
    userGroups,
    manifest: shippedManifest(),
    rateLimits: false,
    onWrite: writes.onWrite,
  });
  const mlflow = await startLocalMlflow({
    models: models.map(({ name, versions }) => ({
      name,
      versions: versions.map((version) => ({ version })),
      aliases: { champion: versions[versions.length - 1] ?? '' },
    })),
  });
  const config = readConfig({
    SLACK_BOT_TOKEN: slack.tokens.bot,
    ...(transport === 'socket'
      ? { SLACK_APP_TOKEN: slack.tokens.app }
      : { SLACK_SIGNING_SECRET: slack.tokens.signingSecret }),
    SLACK_API_URL: slack.apiUrl,
    MLFLOW_TRACKING_URI: registryUrl ?? mlflow.url,
    PITCREW_ALLOWED_HOSTS: '127.0.0.1',
    ...(secretKey !== undefined && { PITCREW_SECRET_KEY: secretKey }),
    PITCREW_API_TOKEN: token,
    PORT: '0',
  });
  const logged: string[] = [];
  const keep = (about: object, text: string) => void logged.push(`${text} ${described(about)}`);
  const log: Log = {
    info: keep,
    warn: keep,
    error: (about, text) => {
      keep(about, text);
      errors.push(`${text} ${describe(about)}`);
    },
  };
  const database = setting.database ?? (await fromTemplate());
  // A restart closes the app, not what it kept.
  const kept: Database = { ...database, close: () => Promise.resolve() };
  const start = () =>
    startApp(config, log, {
      host: '127.0.0.1',
      database: kept,
      paceMs: 0,
      ...(clock && { now: () => clock.now }),
    });
  let app = await start();
  if (transport === 'http') slack.deliverTo(`${app.http.url}/slack/events`);
  if (!empty) await cast(app);

  const post: Stage['post'] = async (path, body, headers = {}) => {
    const answer = await fetch(`${app.http.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
  const settle = async () => {
    await app.workers.drain();
    for (let i = 0; i < 50 && (await backlog(app.context)) > 0; i += 1) await app.workers.drain();
  };
  return {
    get app() {
      return app;
    },
    slack,
    mlflow,
    errors,
    logged,
    post,
    settle,
    restart: async (between) => {
      await app.stop();
      between();
      app = await start();
    },
    report: async (hoursAgo, moved) => {
      const end = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
      const body = evidentlyReport({ tenure_days: moved, monthly_charge: 0.04, plan: 0.03 });
      const { status } = await post(`/hooks/evidently?model=churn-model&window_end=${end}`, body);
      if (status !== 202) throw new Error(`the report was answered with ${status}`);
      await settle();
    },
    close: async () => {
      await app.stop();
      await database.close();
      await slack.close();
      await mlflow.close();
      writes.assertAllTaken();
    },
  };
}

async function fromTemplate(): Promise<Database> {
  return await openEmbedded({ loadDataDir: new Blob([await readFile(inject('template'))]) });
}

/** The people of the demo and churn-model with version 14 live; no history. */
async function cast({ context: ctx }: App): Promise<void> {
  for (const { id, realName, tz } of crew) await keepPerson(ctx, { id, name: realName, zone: tz, standing: 'member' });
  const team = await createTeam(ctx, { name: 'Applied ML', channel: 'C02RETAIN', leadId: lea, zone: 'UTC' }, lea);
  for (const { id, roles } of crew) await joinTeam(ctx, team.id, id, roles);
  const { name, ownerId, deputyId, channel, tier } = models[0];
  const model = await registerModel(
    ctx,
    { name, ownerId, deputyId, channel, tier, teamId: team.id, registryName: name },
    ownerId,
  );
  await aliasMoved(ctx, { modelId: model.id, environment: 'production', version: '14', who: 'ci', why: 'release' });
}

/** With all that an error holds, as a log writes it. */
function described(about: object): string {
  return inspect(about, { depth: 6, maxStringLength: 5000 });
}

function describe(about: object): string {
  return 'err' in about ? String(about.err) : JSON.stringify(about);
}
