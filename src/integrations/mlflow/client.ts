import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import { type Answer, callOut, type Failure, type Resolve } from '../../lib/outgoing.ts';
import { accessProblem, MlflowError, reported, webPageProblem } from './errors.ts';

export interface MlflowAccess {
  /** Of the tracking server, with its static prefix if it has one: `https://mlflow.example/prefix`. */
  readonly url: string;
  /** A bearer token, or the user name and password of MLflow's own sign-in. */
  readonly auth?: { readonly token: string } | { readonly username: string; readonly password: string } | undefined;
  readonly allowedHosts: readonly string[];
  /** The workspace sent as X-MLFLOW-WORKSPACE, on servers that have workspaces. */
  readonly workspaceHeader?: string;
  /** Of one try, in milliseconds; 10,000 unless said. */
  readonly timeoutMs?: number;
  /** Milliseconds to wait before the second and the third try, unless MLflow asks for longer. */
  readonly pauses?: readonly number[];
  readonly resolve?: Resolve;
}

export interface MlflowRequest {
  readonly method: 'GET' | 'POST';
  /** Below /api/2.0/mlflow. */
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What MLflow said no to; everything else that goes wrong is a Refusal. */
type Outcome<Body> = { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly error: MlflowError };

export type Ask = <Schema extends z.ZodType>(
  request: MlflowRequest,
  schema: Schema,
) => Promise<Outcome<z.output<Schema>>>;

const defaultPauses = [250, 1000];
/** The longest that anybody waits for a server that is busy; milliseconds. */
const longestPause = 5000;

/** Asks one MLflow server, at most three times: repeating a call changes nothing, unless somebody moves the alias between. */
export function mlflowClient(access: MlflowAccess): Ask {
  const headers = headersOf(access);
  return async (request, schema) => {
    const answer = await persistent(() => send(access, headers, request), access.pauses ?? defaultPauses);
    const host = URL.canParse(access.url) ? new URL(access.url).host : access.url;
    const page = webPageProblem(answer, host);
    if (page !== undefined) throw new Refusal(page);
    const value = json(answer);
    if (answer.status >= 200 && answer.status < 300) {
      const parsed = schema.safeParse(value);
      if (parsed.success) return { ok: true, body: parsed.data };
      const [issue] = parsed.error.issues;
      throw new Refusal(
        `MLflow's answer to ${request.path} has another form than expected: ${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'malformed'}.`,
      );
    }
    const error = MlflowError.safeParse(value);
    if (!error.success) throw new Refusal(`MLflow answered with status ${answer.status} and no reason.`);
    const problem = accessProblem(answer.status, error.data);
    if (problem !== undefined) throw new Refusal(problem);
    if (answer.status >= 500 || answer.status === 429) throw new Refusal(reported(error.data));
    return { ok: false, error: error.data };
  };
}

function send(
  access: MlflowAccess,
  headers: Record<string, string>,
  request: MlflowRequest,
): Promise<Answer | Failure> {
  const { method, path, fields } = request;
  const base = `${access.url.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`;
  const query = new URLSearchParams(fields).toString();
  const { allowedHosts, timeoutMs, resolve } = access;
  return callOut({
    url: method === 'GET' ? `${base}?${query}` : base,
    method,
    headers: method === 'GET' ? headers : { ...headers, 'content-type': 'application/json' },
    ...(method === 'POST' && { body: JSON.stringify(fields) }),
    allowedHosts,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(resolve && { resolve }),
  });
}

function headersOf({ auth, workspaceHeader }: MlflowAccess): Record<string, string> {
  const authorization =
    auth && ('token' in auth ? `Bearer ${auth.token}` : `Basic ${base64(`${auth.username}:${auth.password}`)}`);
  return {
    accept: 'application/json',
    ...(authorization !== undefined && { authorization }),
    ...(workspaceHeader !== undefined && { 'x-mlflow-workspace': workspaceHeader }),
  };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Tries again while the server is busy, broken or gone. */
async function persistent(attempt: () => Promise<Answer | Failure>, pauses: readonly number[]): Promise<Answer> {
  for (const pause of [...pauses, undefined]) {
    const outcome = await attempt();
    const asked = outcome.kind === 'answer' ? secondsAsked(outcome) * 1000 : 0;
    if (!mayPass(outcome) || pause === undefined || asked > longestPause) {
      if (outcome.kind === 'answer') return outcome;
      throw new Refusal(`MLflow could not be asked: ${outcome.message}`);
    }
    await wait(Math.max(pause, asked));
  }
  throw new Error('unreachable: the last pause is undefined');
}

function mayPass(outcome: Answer | Failure): boolean {
  if (outcome.kind === 'failure') return outcome.reason === 'timeout' || outcome.reason === 'unreachable';
  return outcome.status === 429 || outcome.status >= 500;
}

/** Retry-After in its form of whole seconds; MLflow and its proxies send no dates. */
function secondsAsked({ headers }: Answer): number {
  const text = headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function json(answer: Answer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    throw new Refusal(`MLflow answered with status ${answer.status} and a body that is not JSON.`);
  }
}
