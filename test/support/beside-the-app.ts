import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Context, databaseClock } from '../../src/context.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import type { LocalSlack } from '../../src/local-slack/local-slack.ts';
import { createLog } from '../../src/runtime/log.ts';
import { identify, slackApi, slackClient } from '../../src/runtime/slack-api.ts';
import { noTools } from './no-tools.ts';

/** A database that processes of the app share, with a context on it of one's own, and a way to start and end them. */
export interface Beside {
  readonly ctx: Context;
  readonly database: Database;
  start(): ChildProcess;
}

export async function besideTheApp(slack: LocalSlack, url: string): Promise<Beside> {
  const database = await openDatabase({ url });
  await database.migrate();
  const log = createLog('silent');
  const client = slackClient({ token: slack.tokens.bot, slackApiUrl: slack.apiUrl, log });
  const { workspace } = await identify(client);
  const env = {
    ...process.env,
    DATABASE_URL: url,
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    SLACK_API_URL: slack.apiUrl,
    PORT: '0',
    LOG_LEVEL: 'silent',
  };
  return {
    database,
    start: () => spawn(process.execPath, ['src/main.ts'], { env, stdio: 'ignore' }),
    ctx: {
      workspace,
      db: database.db,
      now: () => new Date(),
      clock: databaseClock,
      slack: slackApi(client),
      registry: undefined,
      tools: noTools,
      allowedHosts: [],
      log,
      publicUrl: '',
    },
  };
}

export async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}
