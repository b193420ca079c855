import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startApp } from './app.ts';
import { readConfig } from './config.ts';
import { demoAirflow } from './demo/airflow.ts';
import { channels, crew, models } from './demo/people.ts';
import { type DemoRegistry, localRegistry, realRegistry } from './demo/registry.ts';
import { seed } from './demo/seed.ts';
import { play } from './demo/story.ts';
import { startOrSay } from './lib/start.ts';
import { type LocalSlack, startLocalSlack } from './local-slack/local-slack.ts';
import { shippedManifest } from './manifest.ts';
import { lockDirectory } from './db/lock.ts';
import { createLog } from './runtime/log.ts';

const { values: flags } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    port: { type: 'string', default: '4300' },
    folder: { type: 'string', default: './.pitcrew/demo' },
    /** The tracking server of a real MLflow, instead of the local registry. */
    'with-mlflow': { type: 'string' },
  },
});
const keptFile = join(flags.folder, 'kept.json');
const apiToken = 'demo-token';
const Aliases = z.record(z.string(), z.string());
type Aliases = z.infer<typeof Aliases>;

/** The whole of Pitcrew on this machine: an embedded database, a local Slack with its page, a local registry. */
await startOrSay(async () => {
  await mkdir(flags.folder, { recursive: true });
  if (flags.fresh) await forget();
  const port = Number(flags.port);
  const { slack, registry } = await startSurroundings(port);
  const airflow = await demoAirflow(registry, port + 2);
  const config = readConfig({
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    SLACK_API_URL: slack.apiUrl,
    MLFLOW_TRACKING_URI: registry.url,
    PITCREW_ALLOWED_HOSTS: ['127.0.0.1', 'localhost', new URL(registry.url).hostname].join(','),
    PITCREW_API_TOKEN: apiToken,
    PITCREW_SECRET_KEY: await keptKey(),
    PORT: String(port + 1),
    LOG_LEVEL: flags.verbose ? 'info' : 'error',
  });
  const place = { host: '127.0.0.1', directory: join(flags.folder, 'db') };
  const app = await startApp(config, createLog(config.logLevel), place);
  await seed(app.context, { airflowUrl: airflow.url });
  app.workers.wake();
  const story = play({ appUrl: app.http.url, apiToken, aliasVersion: registry.aliasVersion, now: app.context.now });
  welcome(slack.url);

  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());

  async function stop(): Promise<void> {
    if (stopping) process.exit(1);
    stopping = true;
    story.stop();
    await app.stop();
    await writeFile(keptFile, JSON.stringify({ slack: slack.save(), aliases: registry.aliases() }));
    await slack.close();
    await airflow.close();
    await registry.close();
    process.stdout.write('Stopped.\n');
    process.exit(0);
  }
});

/** Never from under a demo that runs: its lock says so. */
async function forget(): Promise<void> {
  const release = await lockDirectory(join(flags.folder, 'db'));
  await rm(flags.folder, { recursive: true, force: true });
  await release();
  await mkdir(flags.folder, { recursive: true });
}

async function startSurroundings(port: number): Promise<{ slack: LocalSlack; registry: DemoRegistry }> {
  const kept = await readKept();
  const slack = await startLocalSlack({
    port,
    team: { id: 'T0LOCAL', name: 'Northwind Rides', domain: 'northwind' },
    people: crew.map(({ id, name, realName, title, tz }) => ({ id, name, realName, title, tz })),
    channels,
    manifest: shippedManifest(),
    ...(kept && { saved: kept.slack }),
  });
  const given = flags['with-mlflow'];
  const registry = await (given === undefined ? localRegistry(kept?.aliases ?? {}) : realRegistry(given));
  return { slack, registry };
}

function welcome(url: string): void {
  const lines = [
    '',
    `  Pitcrew is running with a team of ${crew.length} and ${models.length} models. Open this page:`,
    '',
    `      ${url}`,
    '',
    '  churn-model starts to drift in about half a minute. Ctrl-C stops; the next start goes on from here,',
    '  `npm run demo -- --fresh` begins anew.',
    '',
  ];
  process.stdout.write(lines.join('\n'));
}

/** As old as the database beside it: what it sealed has to open at the next start. */
async function keptKey(): Promise<string> {
  const file = join(flags.folder, 'secret.key');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const key = randomBytes(32).toString('base64');
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

/** What an earlier run left: the conversations and where the aliases stood. */
async function readKept(): Promise<{ slack: unknown; aliases: Aliases } | undefined> {
  const text = await readFile(keptFile, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return z.object({ slack: z.unknown(), aliases: Aliases }).parse(JSON.parse(text));
}
