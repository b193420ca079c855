import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { answerV1 } from './api-v1.ts';
import { answerV2 } from './api-v2.ts';
import { doorV1, doorV2, type Users } from './auth.ts';
import { type Answer, no } from './checks.ts';
import { type Auto, autopilot } from './autopilot.ts';
import {
  answer,
  ask,
  begin,
  finish,
  type LocalDag,
  type LocalQuestion,
  type LocalRun,
  type Outcome,
  runOf,
  worldOf,
} from './world.ts';

interface Fault {
  /** lostAnswer: the work is done and the connection is cut. hang: neither. forbidden: the account may not. */
  readonly kind: '500' | '503' | '429' | 'hang' | 'lostAnswer' | 'html' | 'forbidden';
  /** Of `POST /api/v2/dags/train/dagRuns`; any call unless said. */
  readonly match?: RegExp;
  readonly times: number;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}

export interface LocalAirflowOptions extends Auto {
  readonly dags: readonly LocalDag[];
  readonly port?: number;
  /** v2 is that of Airflow 3, v1 that of Airflow 2; v2 unless said. */
  readonly api?: 'v2' | 'v1';
  readonly users?: Users;
  /** Of the server; that of this machine unless said. */
  readonly now?: () => Date;
}

export interface LocalAirflow {
  readonly url: string;
  /** Everything that was asked, also what was answered by a fault. */
  readonly calls: Call[];
  runs(): LocalRun[];
  begin(runId: string): void;
  finish(runId: string, state: 'success' | 'failed', outcome?: Outcome): void;
  /** The run waits with this until it is answered. */
  ask(runId: string, question: LocalQuestion): void;
  /** As somebody would on Airflow's own pages. */
  answer(runId: string, answer: { task: string; option: string; by?: string }): void;
  remove(runId: string): void;
  /** Another DAG, or one that changed. */
  put(dag: LocalDag): void;
  drop(dagId: string): void;
  /** Of all tokens given so far; `unknown` as after a start with a new key. */
  spoilTokens(state?: 'expired' | 'unknown'): void;
  fault(fault: Fault): void;
  close(): Promise<void>;
}

/** A stand-in for the REST API of an Airflow, on this machine only. test/real proves v2 against a real one. */
export async function startLocalAirflow(options: LocalAirflowOptions): Promise<LocalAirflow> {
  const { dags, api = 'v2', users, port: wanted = 0, now = () => new Date() } = options;
  const world = worldOf(dags, now);
  const door = api === 'v2' ? doorV2(users) : doorV1(users);
  const auto = autopilot(world, options);
  const calls: Call[] = [];
  const faults: { fault: Fault; left: number }[] = [];

  function answered({ method, path, query, body, headers }: Call): Answer {
    if (path === '/auth/token' && method === 'POST') return door.token(body);
    const parts = path.split('/').map(decodeURIComponent);
    const [, root, version, ...rest] = parts;
    if (root !== 'api' || version !== api) return nothingHere(api, parts);
    const asked = { method, path: rest, query, body, user: 'anonymous' };
    const isPublic = rest.join('/') === 'version';
    const who = isPublic ? asked.user : door.who(headers);
    if (typeof who !== 'string') return who;
    return (api === 'v2' ? answerV2 : answerV1)(world, { ...asked, user: who }, auto.take);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://local');
    const { method = 'GET', headers } = request;
    const body = jsonOf(await text(request));
    const call = { method, path, query: Object.fromEntries(searchParams), body, headers };
    calls.push(call);
    const hit = faults.find(({ fault, left }) => left > 0 && (fault.match?.test(`${method} ${path}`) ?? true));
    if (hit) hit.left -= 1;
    if (hit && hit.fault.kind !== 'lostAnswer') return misbehave(response, hit.fault.kind);
    const answer = answered(call);
    if (hit) return void request.socket.destroy();
    send(response, answer);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    runs: () => world.runs.map((run) => structuredClone(run)),
    begin: (id) => begin(world, runOf(world, id)),
    finish: (id, state, outcome) => finish(world, runOf(world, id), state, outcome),
    ask: (id, question) => ask(world, runOf(world, id), question),
    answer: (id, { task, option, by = 'somebody' }) => {
      const question = runOf(world, id).questions.find((each) => each.task === task && !each.answer);
      if (!question) throw new Error(`Nothing is asked by ${task}`);
      answer(world, question, [option], by);
    },
    remove: (id) => void world.runs.splice(world.runs.indexOf(runOf(world, id)), 1),
    put: (dag) => void world.dags.set(dag.dag_id, dag),
    drop: (id) => void world.dags.delete(id),
    spoilTokens: (state = 'expired') => door.spoil(state),
    fault: (fault) => void faults.push({ fault, left: fault.times }),
    close: async () => {
      auto.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** undefined: it is no JSON. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Airflow 3 shows its pages under every address that is none of the API. */
function nothingHere(api: 'v2' | 'v1', [, root, version]: readonly string[]): Answer {
  const page = '<!doctype html><title>Airflow</title>';
  if (api === 'v1' || root !== 'api') return { status: api === 'v1' ? 404 : 200, body: page };
  const removed = '/api/v1 has been removed in Airflow 3, please use its upgraded version /api/v2 instead.';
  return { status: 404, body: { error: version === 'v1' ? removed : 'API route not found' } };
}

function misbehave(response: ServerResponse, kind: Fault['kind']): void {
  switch (kind) {
    case '500':
      return void response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('Internal Server Error');
    case '503':
      return send(response, no(503, 'The scheduler is starting'));
    case '429':
      return send(response, no(429, 'Too many requests'));
    case 'html':
      return send(response, { status: 200, body: '<!doctype html><title>Sign in</title>' });
    case 'forbidden':
      return send(response, no(403, 'Forbidden'));
    case 'hang':
    case 'lostAnswer':
      return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) return void response.writeHead(status).end();
  const [type, words] =
    typeof body === 'string' ? ['text/html; charset=utf-8', body] : ['application/json', JSON.stringify(body)];
  response.writeHead(status, { 'content-type': type }).end(words);
}
