import type { HomeView } from '@slack/types';
import type { RequestListener } from 'node:http';
import { App } from '@slack/bolt';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import type { Doors, Who } from '../doors.ts';
import type { Log } from '../ports.ts';
import type { Message } from '../slack/blocks.ts';
import { commandNames } from './commands.ts';
import { respond } from './deliver.ts';
import { report } from './failures.ts';
import { answerClick } from './on-click.ts';
import { answerCommand } from './on-command.ts';
import { answerEvent, isUndone } from './on-event.ts';
import { answerForm } from './on-form.ts';
import { answerLookup } from './on-lookup.ts';
import { answerShortcut } from './on-shortcut.ts';
import { openGate } from './receivers.ts';
import { clientOptions, identify } from './slack-api.ts';
import { slackLogger } from './slack-logger.ts';
import { broken } from './words.ts';

export interface SlackOptions {
  readonly config: Pick<Config, 'slack' | 'slackApiUrl'>;
  readonly doors: readonly Doors[];
  /** undefined: we are not installed there. */
  readonly contextFor: (workspace: string) => Context | undefined;
  readonly wake: () => void;
  /** What `/ml` alone shows. */
  readonly menu: (ctx: Context, who: Who) => Message | Promise<Message>;
  /** Drawn again after a click on it. */
  readonly home: (ctx: Context, who: Who) => HomeView | Promise<HomeView>;
  readonly log: Log;
  /** Slack waits three seconds; by then we have acknowledged, whatever the work does. */
  readonly patienceMs?: number;
  readonly clientPingTimeout?: number;
}

export interface RunningSlack {
  /** HTTP mode: what answers POST /slack/events. */
  readonly listener: RequestListener | undefined;
  /** No new work, ten seconds for what is running, then the sockets close. */
  stop(): Promise<void>;
}

export async function startSlack(options: SlackOptions): Promise<RunningSlack> {
  const { config, log, clientPingTimeout = 5000 } = options;
  const gate = openGate({ config, log, clientPingTimeout });
  const app = new App({
    token: config.slack.botToken,
    receiver: gate.receiver,
    // Otherwise a bad token ends the process as an unhandled rejection.
    deferInitialization: true,
    extendedErrorHandler: true,
    convoStore: false,
    logger: slackLogger(log),
    clientOptions: clientOptions(config.slackApiUrl, log),
  });
  await identify(app.client);
  await app.init();
  listen(app, options);
  await connect(app);
  return { listener: gate.listener, stop: () => gate.stop() };
}

async function connect(app: App): Promise<void> {
  try {
    await app.start();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Slack refuses SLACK_APP_TOKEN (${why}): it needs the scope connections:write, and Socket Mode switched on.`,
      { cause: error },
    );
  }
}

/** One listener a kind: Bolt runs all that match at once. */
function listen(app: App, options: SlackOptions): void {
  const house = { ...options, patienceMs: options.patienceMs ?? 2500 };
  for (const name of commandNames) app.command(name, answerCommand(house));
  app.action({ type: 'block_actions' }, answerClick(house));
  app.view({ type: 'view_submission' }, answerForm(house));
  app.shortcut({ type: 'message_action' }, answerShortcut(house));
  app.options({ type: 'block_suggestion' }, answerLookup(house));
  const events = new Set(options.doors.flatMap((doors) => doors.events ?? []).map((door) => door.type));
  for (const type of events) app.event(type, answerEvent(house, type));
  app.error(async ({ error, body }: { error: Error; body: unknown }) => {
    // Thrown on, so that Slack is told it did not work and sends the event again.
    if (isUndone(error)) throw error;
    const reference = report(options.log, error, { part: 'slack' });
    const { data } = Answerable.safeParse(body);
    if (data) await respond(data.response_url, broken(reference));
  });
}

const Answerable = z.object({ response_url: z.string() });
