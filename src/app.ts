import { drawn } from './messages/draw.ts';
import type { Config } from './config.ts';
import { type Context, databaseClock } from './context.ts';
import { type Database, openDatabase } from './db/client.ts';
import type { Doors, Worker } from './doors.ts';
import { homeOf, menuFor } from './features/home/doors.ts';
import { features } from './features/index.ts';
import { allInstallations, installed } from './features/installations/store.ts';
import { formats } from './integrations/index.ts';
import { hookFor } from './integrations/hooks/finding.ts';
import { tools } from './integrations/tools.ts';
import { backlog } from './messages/claims.ts';
import { deliverDue } from './messages/courier.ts';
import { housekeeping } from './messages/housekeeping.ts';
import { sealing } from './lib/sealing.ts';
import type { Log } from './ports.ts';
import { type RunningClock, startClock } from './runtime/cron.ts';
import { type RunningHttp, startHttp } from './runtime/http.ts';
import { identify, slackApi, slackClient } from './runtime/slack-api.ts';
import { startSlack } from './runtime/slack.ts';
import { type RunningWorkers, startWorkers } from './runtime/workers.ts';
import type { ZoneSource } from './time/zone-source.ts';
import { checkZones } from './time/zones.ts';
import { version } from './version.ts';

export interface App {
  readonly workspace: string;
  readonly context: Context;
  readonly database: Database;
  readonly http: RunningHttp;
  readonly clock: RunningClock;
  readonly workers: RunningWorkers;
  /** Takes nothing new, finishes what is under way, then lets go of everything. */
  stop(): Promise<void>;
}

export interface Place {
  /** The address to listen on; undefined: every one. */
  readonly host?: string;
  /** Where the embedded database lives, without DATABASE_URL. */
  readonly directory?: string;
  readonly now?: () => Date;
  /** An open database instead of the configured one; it is closed with the app. */
  readonly database?: Database;
  /** Milliseconds between two messages in one channel. */
  readonly paceMs?: number;
  /** Other copies of the time-zone data than those found here, the newest first. */
  readonly zoneSources?: readonly ZoneSource[];
}

/** The one place that knows everyone: context, doors and runtime are introduced to each other here. */
export async function startApp(config: Config, log: Log, place: Place = {}): Promise<App> {
  const zones = checkZones(place.zoneSources);
  log.info({ ...zones }, 'time-zone data in use');
  const { slackApiUrl } = config;
  const client = slackClient({ token: config.slack.botToken, slackApiUrl, log });
  const me = await identify(client);
  const database = place.database ?? (await open(config, log, place));

  const context: Context = {
    workspace: me.workspace,
    db: database.db,
    now: place.now ?? (() => new Date()),
    clock: databaseClock,
    slack: slackApi(client),
    registry: config.mlflow && tools.mlflow({ ...config.mlflow, allowedHosts: config.allowedHosts }),
    tools,
    allowedHosts: config.allowedHosts,
    sealing: config.secretKey && sealing([config.secretKey, ...(config.formerSecretKeys ?? [])]),
    log,
    publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
  };
  await installed(context, { name: me.name, botUser: me.botUser });

  // One workspace for now; every caller already asks by name, so that more can come.
  const contextFor = (workspace: string) => (workspace === me.workspace ? context : undefined);
  const workspaces = async () =>
    (await allInstallations(database.db)).map((each) => each.workspace).filter((each) => each === me.workspace);
  const courier: Worker = { name: 'courier', work: (ctx) => deliverDue(ctx, drawn, place.paceMs) };
  const doors: readonly Doors[] = [...features, ...formats, housekeeping];
  const everyone = { doors, contextFor, workspaces, log };

  const workers = startWorkers({ ...everyone, workers: [...doors.flatMap((each) => each.workers ?? []), courier] });
  const { wake } = workers;
  const slack = await startSlack({ ...everyone, config, wake, menu: menuFor, home: homeOf });
  const http = await startHttp({
    ...everyone,
    port: config.port,
    ...(place.host && { host: place.host }),
    version,
    zones,
    apiToken: config.apiToken,
    apiContext: () => context,
    hookFor: (source, bearer) => hookFor(context, config.apiToken, source, bearer),
    ping: () => database.ping(),
    backlog: () => backlog(context),
    slack: slack.listener,
    wake,
  });
  const clock = await startClock({ ...everyone, wake });
  return {
    workspace: me.workspace,
    context,
    database,
    http,
    clock,
    workers,
    stop: async () => {
      await clock.stop();
      await http.stop();
      await slack.stop();
      await workers.stop();
      await database.close();
    },
  };
}

async function open(config: Config, log: Log, { directory }: Place): Promise<Database> {
  const database = await openDatabase({
    url: config.databaseUrl,
    ...(directory && { directory }),
    log: (text, error) => log.error({ err: error }, text),
  });
  await database.migrate();
  return database;
}
