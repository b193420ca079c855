import { z } from 'zod';
import { type Answer, callOut, type Failure, type Resolve } from '../../lib/outgoing.ts';
import { persistent } from '../../lib/persistent.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Access } from '../../ports.ts';
import { accessProblem, detailOf, signInProblem, webPageProblem } from './errors.ts';

export interface AirflowAccess extends Access {
  /** Of one try, in milliseconds; 10,000 unless said. */
  readonly timeoutMs?: number;
  readonly pauses?: readonly number[];
  readonly resolve?: Resolve;
}

/** Airflow 3 has /api/v2, Airflow 2 /api/v1. */
export type Api = 'v2' | 'v1';

export interface AirflowRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the API's own path; each part is escaped. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

type Outcome<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly says: string };

export interface AirflowClient {
  /** Which of the two answers there, found out once. */
  api(): Promise<Api>;
  /** At most three tries; every call that is sent here may be repeated. */
  ask<Schema extends z.ZodType>(request: AirflowRequest, schema: Schema): Promise<Outcome<z.output<Schema>>>;
}

const Version = z.object({ version: z.string() });
const Token = z.object({ access_token: z.string().min(1) });

export function airflowClient(access: AirflowAccess): AirflowClient {
  const base = access.url.replace(/\/+$/, '');
  const host = URL.canParse(base) ? new URL(base).host : base;
  let known: Promise<Api> | undefined;
  let token: string | undefined;

  const send = (url: string, request: Pick<AirflowRequest, 'method' | 'body'>, authorization: string | undefined) =>
    persistent(
      'Airflow',
      (): Promise<Answer | Failure> =>
        callOut({
          url,
          method: request.method,
          headers: {
            accept: 'application/json',
            ...(request.body && { 'content-type': 'application/json' }),
            ...(authorization !== undefined && { authorization }),
          },
          ...(request.body && { body: JSON.stringify(request.body) }),
          allowedHosts: access.allowedHosts,
          ...(access.timeoutMs !== undefined && { timeoutMs: access.timeoutMs }),
          ...(access.resolve && { resolve: access.resolve }),
        }),
      access.pauses,
    );

  async function found(): Promise<Api> {
    for (const api of ['v2', 'v1'] as const) {
      const answer = await send(`${base}/api/${api}/version`, { method: 'GET' }, basic());
      if (answer.status === 200 && Version.safeParse(tryJson(answer)).success) return api;
      if (answer.status !== 404) {
        const page = webPageProblem(answer, host) ?? accessProblem(answer.status, tryJson(answer));
        if (page !== undefined) throw new Refusal(page);
      }
    }
    throw new Refusal(`There is no Airflow API at ${host}: check the address.`);
  }

  function api(): Promise<Api> {
    known ??= found().catch((error: unknown) => {
      known = undefined; // It may answer the next time.
      throw error;
    });
    return known;
  }

  function basic(): string | undefined {
    const { auth } = access;
    if (!auth) return undefined;
    if ('token' in auth) return `Bearer ${auth.token}`;
    return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  }

  /** Airflow 3 gives a token for name and password, which runs out; Airflow 2 takes them with every call. */
  async function authorization(): Promise<string | undefined> {
    const { auth } = access;
    if (!auth || 'token' in auth || (await api()) === 'v1') return basic();
    token ??= await newToken(auth);
    return `Bearer ${token}`;
  }

  async function newToken(body: { username: string; password: string }): Promise<string> {
    const answer = await send(`${base}/auth/token`, { method: 'POST', body }, undefined);
    if (answer.status === 401) throw new Refusal(signInProblem);
    const page = webPageProblem(answer, host);
    if (page !== undefined) throw new Refusal(page);
    const given = Token.safeParse(tryJson(answer));
    if (given.success) return given.data.access_token;
    throw new Refusal(
      `Airflow gave no token for this user name and password (${answer.status}): its auth manager may not know passwords. Give a token instead.`,
    );
  }

  async function asked(request: AirflowRequest): Promise<Answer> {
    const url = `${base}/api/${await api()}/${request.path.map(encodeURIComponent).join('/')}${queryOf(request)}`;
    const answer = await send(url, request, await authorization());
    if (answer.status !== 401 || token === undefined) return answer;
    token = undefined; // It ran out: once more with a new one.
    return await send(url, request, await authorization());
  }

  return {
    api,
    ask: async (request, schema) => {
      const answer = await asked(request);
      const page = webPageProblem(answer, host);
      if (page !== undefined) throw new Refusal(page);
      const body = tryJson(answer);
      const problem = accessProblem(answer.status, body);
      if (problem !== undefined) throw new Refusal(problem);
      if (answer.status >= 500 || answer.status === 429)
        throw new Refusal(`Airflow answered with status ${answer.status}. ${detailOf(body)}`.trim());
      if (answer.status >= 300) return { ok: false, status: answer.status, says: detailOf(body) };
      const parsed = schema.safeParse(body);
      if (parsed.success) return { ok: true, body: parsed.data };
      const [issue] = parsed.error.issues;
      throw new Refusal(
        `Airflow's answer to ${request.path.join('/')} has another form than expected: ${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'malformed'}.`,
      );
    },
  };
}

function queryOf({ query }: AirflowRequest): string {
  return query ? `?${new URLSearchParams(query).toString()}` : '';
}

function tryJson({ body }: Answer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
