import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { aliasSet, eventOf, startDelivering } from './delivering.ts';
import { answerOf, type LocalHook, type LocalModel, storeOf } from './registry.ts';

interface Fault {
  /** lostAnswer: the work is done and the connection is cut. hang: neither. host: refused as under a name not allowed. */
  readonly kind: '500' | '503' | '429' | 'hang' | 'lostAnswer' | 'html' | 'host';
  /** Below /api/2.0/mlflow; any path unless said. */
  readonly path?: string;
  readonly times: number;
  /** Seconds of the header Retry-After, with 429 and 503. */
  readonly retryAfter?: number;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
}

export interface LocalMlflow {
  readonly url: string;
  /** Everything that was asked, also what was answered by a fault. */
  readonly calls: Call[];
  state(): LocalModel[];
  /** Web-hooks that were asked for; they are posted to as MLflow posts. */
  hooks(): readonly LocalHook[];
  /** A new version, as a training run would register it. */
  addVersion(target: { model: string; metrics?: Record<string, number>; datasets?: Record<string, string> }): string;
  /** As somebody else would, behind the app's back. */
  moveAlias(target: { model: string; alias: string; version: string }): void;
  /** Its aliases go with it. */
  deleteVersion(target: { model: string; version: string }): void;
  deleteAlias(target: { model: string; alias: string }): void;
  fault(fault: Fault): void;
  close(): Promise<void>;
}

const base = '/api/2.0/mlflow/';

/** A stand-in for the model registry of an MLflow server, on this machine only. test/real proves it against a real one. */
export async function startLocalMlflow(options: { models: LocalModel[]; port?: number }): Promise<LocalMlflow> {
  const store = storeOf(options.models);
  const calls: Call[] = [];
  const faults: { fault: Fault; left: number }[] = [];
  const delivering = startDelivering();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
    if (pathname === '/health') return void response.end('OK');
    const method = request.method ?? 'GET';
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : '';
    const fields = method === 'GET' ? Object.fromEntries(searchParams) : await bodyOf(request);
    calls.push({ method, path, fields, headers: request.headers });

    const hit = faults.find(({ fault, left }) => left > 0 && (fault.path === undefined || fault.path === path));
    if (hit) hit.left -= 1;
    if (hit && hit.fault.kind !== 'lostAnswer') return misbehave(response, hit.fault);
    const answer = answerOf(store, { method, path, fields });
    const event = answer.status === 200 ? eventOf({ method, path, fields }, answer) : undefined;
    if (event) delivering.tell(store.hooks ?? [], event);
    if (hit) return void request.socket.destroy();
    if (typeof answer.body === 'string') return send(response, answer.status, 'text/html; charset=utf-8', answer.body);
    return send(response, answer.status, 'application/json', JSON.stringify(answer.body));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    state: () => [...store.values()].map((model) => structuredClone(model)),
    hooks: () => structuredClone(store.hooks ?? []),
    addVersion: ({ model, metrics = {}, datasets = {} }) => {
      const found = store.get(model);
      if (!found) throw new Error(`No model ${model}`);
      const version = String(Math.max(0, ...found.versions.map((each) => Number(each.version))) + 1);
      const run_id = `run-of-${model}-${version}`;
      found.versions.push({ version, run_id, metrics, datasets, creation_timestamp: Date.now() });
      return version;
    },
    moveAlias: ({ model, alias, version }) => {
      const found = store.get(model);
      if (!found?.versions.some((each) => each.version === version))
        throw new Error(`No version ${version} of ${model}`);
      found.aliases[alias] = version;
      delivering.tell(store.hooks ?? [], aliasSet({ name: model, alias, version }));
    },
    deleteVersion: ({ model, version }) => {
      const fields = { name: model, version };
      answerOf(store, { method: 'DELETE', path: 'model-versions/delete', fields });
    },
    deleteAlias: ({ model, alias }) => {
      const asked = { method: 'DELETE', path: 'registered-models/alias', fields: { name: model, alias } };
      const event = eventOf(asked, answerOf(store, asked));
      if (event) delivering.tell(store.hooks ?? [], event);
    },
    fault: (fault) => void faults.push({ fault, left: fault.times }),
    close: async () => {
      delivering.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await json(request).catch(() => ({}));
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function misbehave(response: ServerResponse, { kind, retryAfter }: Fault): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  switch (kind) {
    case '500':
      return send(
        response,
        500,
        'application/json',
        JSON.stringify({ error_code: 'INTERNAL_ERROR', message: 'database is locked' }),
      );
    case '503':
      return send(
        response,
        503,
        'application/json',
        JSON.stringify({ error_code: 'TEMPORARILY_UNAVAILABLE', message: 'starting' }),
      );
    case '429':
      return send(
        response,
        429,
        'application/json',
        JSON.stringify({ error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'too many' }),
      );
    case 'html':
      return send(response, 200, 'text/html; charset=utf-8', '<!doctype html><title>Sign in</title>');
    case 'host':
      return send(response, 403, 'text/plain', 'Invalid Host header - possible DNS rebinding attack detected');
    case 'hang':
    case 'lostAnswer':
      return undefined;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
