import { createServer, type RequestListener, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { routePath } from 'hono/route';
import type { Doors } from '../doors.ts';
import type { ZoneData } from '../time/zones.ts';
import { answerHook, answerRoute, type ApiOptions, bearerOf, failed, notReady, unauthorised } from './api.ts';
import { metrics } from './metrics.ts';
import { type Health, openApi } from './openapi.ts';
import { problem } from './problem.ts';

export interface HttpOptions extends ApiOptions {
  readonly doors: readonly Doors[];
  readonly port: number;
  /** Left out: every interface. */
  readonly host?: string;
  readonly version: string;
  /** Which time-zone data is in use. */
  readonly zones: ZoneData;
  readonly ping: () => Promise<unknown>;
  /** How many messages wait for the courier. */
  readonly backlog?: () => Promise<number>;
  /** In HTTP mode, what answers Slack. */
  readonly slack?: RequestListener | undefined;
}

export interface RunningHttp {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** One server for machines, for health, and for Slack where it calls us. */
export async function startHttp(options: HttpOptions): Promise<RunningHttp> {
  const { slack, log } = options;
  const house = getRequestListener(routes(options).fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (slack && path === '/slack/events' && request.method === 'POST') return slack(request, response);
    house(request, response).catch((error: unknown) => log.error({ err: error }, 'a request could not be answered'));
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5000;
  const port = await listen(server, options);
  const { host = '127.0.0.1' } = options;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, stop: () => close(server) };
}

function routes(options: HttpOptions): Hono {
  const { doors, log, version, zones } = options;
  const all = doors.flatMap((each) => each.routes ?? []);
  const measured = metrics(options.backlog);
  const app = new Hono();
  app.use(async (call, next) => {
    const start = performance.now();
    await next();
    const ms = performance.now() - start;
    const route = routePath(call, -1);
    measured.answered(route, call.res.status, ms / 1000);
    log.info({ method: call.req.method, route, status: call.res.status, ms: Math.round(ms) }, 'request');
  });
  for (const route of all) {
    app.post(route.path, (call) => answerRoute(call, route, options));
  }
  app.post('/hooks/:source', async (call) => {
    const found = await options.hookFor(call.req.param('source'), bearerOf(call));
    return found ? await answerHook(call, found, options) : unauthorised(call);
  });
  const description = openApi(all, version);
  app.get('/openapi.json', (call) => call.json(description));
  app.get('/healthz', (call) =>
    call.json({ status: 'up', version, timeZones: { version: zones.version, source: zones.source } } satisfies Health),
  );
  app.get('/readyz', async (call) => {
    try {
      await options.ping();
      return call.json({ status: 'ready' });
    } catch (error) {
      log.warn({ err: error }, 'not ready');
      return notReady(call, 'The database is out of reach');
    }
  });
  app.get('/metrics', async (call) => {
    const { type, text } = await measured.read();
    return call.body(text, 200, { 'content-type': type });
  });
  app.notFound((call) =>
    problem(call, {
      status: 404,
      title: 'Not found',
      detail: `There is nothing at ${call.req.method} ${call.req.path}`,
    }),
  );
  app.onError((error, call) => failed(call, log, error));
  return app;
}

async function listen(server: Server, { port, host }: HttpOptions): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken = error.code === 'EADDRINUSE';
    reject(taken ? new Error(`PORT ${port} is taken: stop what uses it, or choose another one.`) : error);
  });
  server.listen({ port, ...(host !== undefined && { host }) }, resolve);
  await promise;
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const tooLong = setTimeout(() => server.closeAllConnections(), 10_000);
  await promise;
  clearTimeout(tooLong);
}
