import type { RequestListener } from 'node:http';
import { type App, HTTPReceiver, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Log } from '../ports.ts';
import { slackLogger } from './slack-logger.ts';
import { words } from './words.ts';

/** Slack's side of the door: what Bolt starts, and what we close by hand. */
export interface Gate {
  readonly receiver: Receiver;
  /** HTTP mode only. */
  readonly listener: RequestListener | undefined;
  stop(): Promise<void>;
}

export interface GateOptions {
  readonly config: Pick<Config, 'slack' | 'slackApiUrl'>;
  readonly log: Log;
  readonly clientPingTimeout: number;
}

const drainMs = 10_000;

export function openGate(options: GateOptions): Gate {
  const { slack } = options.config;
  return slack.mode === 'socket' ? socketGate(options, slack.appToken) : httpGate(options, slack.signingSecret);
}

/** Two sockets: while Slack renews one, the other hears. */
function socketGate({ config, log, clientPingTimeout }: GateOptions, appToken: string): Gate {
  const sockets = [0, 1].map(
    () =>
      new SocketModeReceiver({
        appToken,
        // Also the delay before a reconnect, so it must stay small.
        clientPingTimeout,
        logger: slackLogger(log),
        installerOptions: {
          clientOptions: {
            // A network that is away for an hour must not end the process.
            retryConfig: { forever: true, minTimeout: 500, factor: 1.5, maxTimeout: 30_000 },
            ...(config.slackApiUrl && { slackApiUrl: config.slackApiUrl }),
          },
        },
      }),
  );
  const traffic = watchTraffic();
  return {
    listener: undefined,
    receiver: {
      init: (app) => sockets.forEach((socket) => socket.init(traffic.through(app))),
      start: () => Promise.all(sockets.map((socket) => socket.start())),
      stop: () => Promise.resolve(),
    },
    stop: async () => {
      await traffic.drain();
      // Bolt's own stop() does not wait for the sockets; a socket between two connections never says it is closed.
      await atMost(2000, Promise.all(sockets.map((socket) => socket.client.disconnect())));
    },
  };
}

function httpGate({ log }: GateOptions, signingSecret: string): Gate {
  const traffic = watchTraffic();
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: ['/slack/events'],
    logger: slackLogger(log),
    bodyLimit: '1mb',
    // Answering later than Slack waits is harmless; Bolt's own 404 in between is not.
    unhandledRequestTimeoutMillis: 30_000,
  });
  return {
    listener: (request, response) => {
      if (traffic.stopping()) return void response.writeHead(503, { 'retry-after': '5' }).end();
      if (fromTheFuture(request.headers['x-slack-request-timestamp'])) return void response.writeHead(401).end();
      receiver.requestListener(request, response);
    },
    receiver: {
      init: (app) => receiver.init(traffic.through(app)),
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    },
    stop: () => traffic.drain(),
  };
}

/** Bolt refuses old requests only; one stamped ahead could be kept and sent again later. */
function fromTheFuture(stamp: string | string[] | undefined): boolean {
  return Number(stamp) * 1000 > Date.now() + 60_000;
}

const Kind = z.object({ type: z.string().optional(), command: z.string().optional() });

/** Knows what is being worked on, and holds back the receipt of an event until its work is committed. */
function watchTraffic() {
  const running = new Set<Promise<void>>();
  let closed = false;

  async function passOn(app: App, event: ReceiverEvent): Promise<void> {
    const kind = Kind.parse(event.body);
    if (closed) {
      if (kind.command) await event.ack({ response_type: 'ephemeral', text: words.restarting.text });
      // Anything else stays unacknowledged: Slack sends an event again, and shows a person that it did not work.
      return;
    }
    if (kind.type !== 'event_callback') return await app.processEvent(event);
    await app.processEvent({ ...event, ack: () => Promise.resolve() });
    await event.ack();
  }

  return {
    stopping: () => closed,
    /** The app as a receiver sees it: the same, but everything it is given passes by here. */
    through(app: App): App {
      const processEvent = (event: ReceiverEvent) => {
        const work = passOn(app, event);
        const settled = work.catch(() => undefined);
        running.add(settled);
        void settled.then(() => running.delete(settled));
        return work;
      };
      return Object.create(app, { processEvent: { value: processEvent } });
    },
    async drain(): Promise<void> {
      closed = true;
      await atMost(drainMs, Promise.all(running));
    },
  };
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work.then(() => undefined), enough]);
  clearTimeout(timer);
}
