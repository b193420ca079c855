import type { z } from 'zod';
import { answerAs, jsonOf } from '../../lib/parsed-as.ts';
import { Refusal } from '../../lib/refusal.ts';
import { type Answer, callOut, type Failure, type Resolve } from '../../lib/outgoing.ts';
import { persistent } from '../../lib/persistent.ts';
import type { Access } from '../../ports.ts';
import { accessProblem, MlflowError, reported, webPageProblem } from './errors.ts';

/** `space` is sent as X-MLFLOW-WORKSPACE, on servers that have workspaces. */
export interface MlflowAccess extends Access {
  /** Of one try, in milliseconds; 10,000 unless said. */
  readonly timeoutMs?: number;
  /** Milliseconds to wait before the second and the third try, unless MLflow asks for longer. */
  readonly pauses?: readonly number[];
  readonly resolve?: Resolve;
}

export interface MlflowRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below /api/2.0/mlflow. */
  readonly path: string;
  /** Of a GET, text only. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What MLflow said no to; everything else that goes wrong is a Refusal. */
type Outcome<Body> = { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly error: MlflowError };

export type Ask = <Schema extends z.ZodType>(
  request: MlflowRequest,
  schema: Schema,
) => Promise<Outcome<z.output<Schema>>>;

/** Asks one MLflow server, at most three times: repeating a call changes nothing, unless somebody moves the alias between. */
export function mlflowClient(access: MlflowAccess): Ask {
  const headers = headersOf(access);
  return async (request, schema) => {
    const answer = await persistent('MLflow', () => send(access, headers, request), access.pauses);
    const host = URL.canParse(access.url) ? new URL(access.url).host : access.url;
    const page = webPageProblem(answer, host);
    if (page !== undefined) throw new Refusal(page);
    const value = jsonOf(answer, 'MLflow');
    if (answer.status >= 200 && answer.status < 300)
      return { ok: true, body: answerAs(schema, value, { system: 'MLflow', call: request.path }) };
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
  const texts = Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)]);
  const query = new URLSearchParams(texts).toString();
  const { allowedHosts, timeoutMs, resolve } = access;
  return callOut({
    url: method === 'GET' ? `${base}?${query}` : base,
    method,
    headers: method === 'GET' ? headers : { ...headers, 'content-type': 'application/json' },
    ...(method !== 'GET' && { body: JSON.stringify(fields) }),
    allowedHosts,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(resolve && { resolve }),
  });
}

function headersOf({ auth, space }: MlflowAccess): Record<string, string> {
  const authorization =
    auth && ('token' in auth ? `Bearer ${auth.token}` : `Basic ${base64(`${auth.username}:${auth.password}`)}`);
  return {
    accept: 'application/json',
    ...(authorization !== undefined && { authorization }),
    ...(space !== undefined && { 'x-mlflow-workspace': space }),
  };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
