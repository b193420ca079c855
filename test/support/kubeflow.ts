import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type LocalExperiment, type LocalRun, type StoreOptions, storeOf } from './kubeflow-store.ts';
import { misfit, routeOf } from './kubeflow-shapes.ts';

interface Fault {
  /** lostAnswer: the work is done and the connection is cut. hang: neither. */
  readonly kind: '500' | '502' | '503' | '429' | 'hang' | 'lostAnswer' | 'html' | 'redirect' | 'istio';
  /** Such as "POST runs"; any unless said. */
  readonly on?: string;
  /** So many go well before. */
  readonly after?: number;
  readonly times: number;
  /** Seconds of the header Retry-After. */
  readonly retryAfter?: number;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly authorization: string | undefined;
  /** Of an answer that is no fault. */
  answer?: { readonly status: number; readonly body: unknown };
}

export interface LocalKubeflow {
  readonly url: string;
  /** Everything that was asked, also what was answered by a fault. */
  readonly calls: Call[];
  readonly runs: LocalRun[];
  readonly experiments: LocalExperiment[];
  fault(fault: Fault): void;
  /** The next so many calls of this kind wait for one another. */
  meet(on: string, count: number): void;
  close(): Promise<void>;
}

const base = '/apis/v2beta1/';

/** A stand-in for the API server of Kubeflow Pipelines 2, made from the shapes that it publishes. */
export async function startLocalKubeflow(
  options: StoreOptions & { readonly token?: string } = {},
): Promise<LocalKubeflow> {
  const store = storeOf(options);
  const calls: Call[] = [];
  const faults: { fault: Fault; left: number }[] = [];
  const meetings: { on: string; left: number; all: Promise<void>; come: () => void }[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
    const method = request.method ?? 'GET';
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : '';
    const { authorization } = request.headers;
    const text = method === 'POST' ? await json(request).catch(() => undefined) : undefined;
    const call: Call = { method, path, query: Object.fromEntries(searchParams), body: text, authorization };
    calls.push(call);
    const on = `${method} ${path}`;

    const meeting = meetings.find((each) => each.on === on && each.left > 0);
    if (meeting) {
      meeting.left -= 1;
      if (meeting.left === 0) meeting.come();
      await meeting.all;
    }
    const due = faults.find(({ fault, left }) => left > 0 && (fault.on === undefined || fault.on === on));
    if (due) due.left -= 1;
    const hit = due && due.left < due.fault.times ? due : undefined;
    if (hit && hit.fault.kind !== 'lostAnswer') return misbehave(response, hit.fault);
    const answer = answerTo(call);
    if (hit) return void request.socket.destroy();
    call.answer = answer;
    return send(response, answer.status, 'application/json', JSON.stringify(answer.body));
  }

  function answerTo({ method, path, query, body, authorization }: Call): { status: number; body: unknown } {
    if (options.token !== undefined && authorization !== `Bearer ${options.token}`) {
      return refusal(401, 16, 'Failed to check authorization. User identity is empty in the request header');
    }
    const match = routeOf(method, path);
    if (!match) return refusal(404, 5, 'Not Found');
    const { route, id } = match;
    const unknown = Object.keys(query).find((name) => !route.query.includes(name));
    const wrong = unknown === undefined ? route.body && misfit(route.body, body) : `no parameter "${unknown}"`;
    if (wrong) return refusal(400, 3, `proto: (line 1:2): ${wrong}`);
    const [status, answer] = store.answer(route, id, query, body);
    const off = misfit(status === 200 ? route.answer : 'GoogleRpcStatus', answer);
    if (off !== undefined) throw new Error(`the stand-in answers ${path} with another shape: ${off}`);
    return { status, body: answer };
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => send(response, 599, 'text/plain', String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    runs: store.runs,
    experiments: store.experiments,
    fault: (fault) => void faults.push({ fault, left: fault.times + (fault.after ?? 0) }),
    meet: (on, left) => {
      let come = () => {};
      const all = new Promise<void>((done) => (come = done));
      meetings.push({ on, left, all, come });
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const refusal = (status: number, code: number, message: string) => ({ status, body: { code, message, details: [] } });

function misbehave(response: ServerResponse, { kind, retryAfter }: Fault): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  const says = (code: number, message: string) => JSON.stringify({ code, message, details: [] });
  switch (kind) {
    case '500':
      return send(response, 500, 'application/json', says(13, 'Failed to list runs: InternalServerError: db is away'));
    case '502':
      return send(response, 502, 'text/html', '<html><h1>502 Bad Gateway</h1></html>');
    case '503':
      return send(response, 503, 'application/json', says(14, 'starting'));
    case '429':
      return send(response, 429, 'application/json', says(8, 'too many'));
    case 'html':
      return send(
        response,
        200,
        'text/html; charset=utf-8',
        '<!doctype html><title>Kubeflow Central Dashboard</title>',
      );
    case 'istio':
      return send(response, 403, 'text/plain', 'RBAC: access denied');
    case 'redirect':
      response.setHeader('location', '/dex/auth?client_id=kubeflow-oidc-authservice');
      return send(response, 302, 'text/html', '<a href="/dex/auth">Found</a>');
    case 'hang':
    case 'lostAnswer':
      return undefined;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
