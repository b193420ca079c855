import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startApp } from './app.ts';
import { readConfig } from './config.ts';
import { channels, crew, models } from './demo/people.ts';
import { seed } from './demo/seed.ts';
import { play } from './demo/story.ts';
import { startLocalMlflow } from './local-mlflow/local-mlflow.ts';
import { startLocalSlack } from './local-slack/local-slack.ts';
import { shippedManifest } from './manifest.ts';
import { createLog } from './runtime/log.ts';

/** The whole of Pitcrew on this machine: an embedded database, a local Slack with its page, a local registry. */
const { values: flags } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    port: { type: 'string', default: '4300' },
    folder: { type: 'string', default: './.pitcrew/demo' },
  },
});
const { folder } = flags;
const pagePort = Number(flags.port);
const appPort = pagePort + 1;

const say = (text: string) => void process.stdout.write(`${text}\n`);
if (flags.fresh) await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });

const Aliases = z.record(z.string(), z.string());
const kept = await readKept();
const slack = await startLocalSlack({
  port: pagePort,
  people: crew.map(({ id, name, realName, title, tz }) => ({ id, name, realName, title, tz })),
  channels,
  manifest: shippedManifest(),
  ...(kept && { saved: kept.slack }),
});
const mlflow = await startLocalMlflow({
  models: models.map(({ name, versions }) => ({
    name,
    versions: versions.map((version) => ({ version })),
    aliases: { champion: kept?.aliases[name] ?? versions[versions.length - 1] ?? '' },
  })),
});

const apiToken = 'demo-token';
const config = readConfig({
  SLACK_BOT_TOKEN: slack.tokens.bot,
  SLACK_APP_TOKEN: slack.tokens.app,
  SLACK_API_URL: slack.apiUrl,
  MLFLOW_TRACKING_URI: mlflow.url,
  PITCREW_ALLOWED_HOSTS: '127.0.0.1,localhost',
  PITCREW_API_TOKEN: apiToken,
  PORT: String(appPort),
  LOG_LEVEL: flags.verbose ? 'info' : 'error',
});
const app = await startApp(config, createLog(config.logLevel), { host: '127.0.0.1', directory: join(folder, 'db') });
await seed(app.context);
app.workers.wake();

const aliasVersion = () => aliases()[models[0].name];
const story = play({ appUrl: app.http.url, apiToken, aliasVersion, now: app.context.now });

say('');
say(`  Pitcrew is running with a team of ${crew.length} and ${models.length} models. Open this page:`);
say('');
say(`      ${slack.url}`);
say('');
say('  churn-model starts to drift in about half a minute. Ctrl-C stops; the next start goes on from here,');
say('  `npm run demo -- --fresh` begins anew.');

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());

async function stop(): Promise<void> {
  if (stopping) process.exit(1);
  stopping = true;
  story.stop();
  await app.stop();
  await writeFile(join(folder, 'kept.json'), JSON.stringify({ slack: slack.save(), aliases: aliases() }));
  await slack.close();
  await mlflow.close();
  say('Stopped.');
  process.exit(0);
}

function aliases(): z.infer<typeof Aliases> {
  const pairs = mlflow.state().map((model) => [model.name, model.aliases['champion'] ?? ''] as const);
  return Object.fromEntries(pairs);
}

/** What an earlier run left: the conversations and where the aliases stood. */
async function readKept(): Promise<{ slack: unknown; aliases: z.infer<typeof Aliases> } | undefined> {
  const text = await readFile(join(folder, 'kept.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return z.object({ slack: z.unknown(), aliases: Aliases }).parse(JSON.parse(text));
}
