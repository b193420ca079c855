import { z } from 'zod';
import { type Answer, callOut, type Resolve } from '../../lib/outgoing.ts';
import { persistent } from '../../lib/persistent.ts';
import { answerAs } from '../../lib/parsed-as.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Access } from '../../ports.ts';
import { detailOf, isSignInTrouble, noApiProblem, signInProblem, troubleProblem, webPageProblem } from './errors.ts';
import { signIn } from './sign-in.ts';

export interface AirflowAccess extends Access {
  /** Of one try, in milliseconds; 10,000 unless said. */
  readonly timeoutMs?: number;
  /** Milliseconds to wait before the second and the third try, unless Airflow asks for longer. */
  readonly pauses?: readonly number[];
  readonly resolve?: Resolve;
}

interface Server {
  /** Airflow 3 has /api/v2, Airflow 2 /api/v1. */
  readonly api: 'v2' | 'v1';
  readonly version: string;
}

export interface AirflowRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the API's own path; each part is escaped. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** What Airflow refused, also for want of a right (403); everything else that goes wrong is a Refusal. */
export type Outcome<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly says: string };

export interface AirflowClient {
  /** Found out once. */
  server(): Promise<Server>;
  /** At most three tries; every call that is sent here may be repeated. */
  ask<Schema extends z.ZodType>(request: AirflowRequest, schema: Schema): Promise<Outcome<z.output<Schema>>>;
}

const Version = z.object({ version: z.string() });
const Token = z.object({ access_token: z.string().min(1) });

export function airflowClient(access: AirflowAccess): AirflowClient {
  const base = access.url.replace(/\/+$/, '');
  const host = URL.canParse(base) ? new URL(base).host : base;
  const { authorization, atFirst, renew } = signIn(access, newToken);
  let known: Promise<Server> | undefined;

  async function newToken(body: object): Promise<string> {
    const answer = await send(access, `${base}/auth/token`, { method: 'POST', body });
    if (answer.status === 401) throw new Refusal(signInProblem('v2'));
    const given = Token.safeParse(tryJson(answer));
    if (given.success) return given.data.access_token;
    const trouble = answer.status === 404 ? undefined : webPageProblem(answer, host);
    const problem = trouble ?? troubleProblem(answer.status, tryJson(answer));
    throw new Refusal(
      problem ??
        `Airflow gave no token for this user name and password (${answer.status}): its auth manager may not know passwords. Give a token instead.`,
    );
  }

  async function found(): Promise<Server> {
    for (const api of ['v2', 'v1'] as const) {
      const answer = await send(access, `${base}/api/${api}/version`, { method: 'GET' }, atFirst());
      const said = Version.safeParse(tryJson(answer));
      if (answer.status === 200 && said.success) return { api, version: said.data.version };
      if (answer.status === 404) continue;
      const body = tryJson(answer);
      const problem = isSignInTrouble(answer.status, body) ? signInProblem(api) : webPageProblem(answer, host);
      const trouble = problem ?? troubleProblem(answer.status, body);
      if (trouble !== undefined) throw new Refusal(trouble);
    }
    throw new Refusal(noApiProblem(host));
  }

  function server(): Promise<Server> {
    known ??= found().catch((error: unknown) => {
      known = undefined; // It may answer the next time.
      throw error;
    });
    return known;
  }

  async function asked(request: AirflowRequest, api: Server['api']): Promise<Answer> {
    const query = request.query ? `?${new URLSearchParams(request.query).toString()}` : '';
    const url = `${base}/api/${api}/${request.path.map(encodeURIComponent).join('/')}${query}`;
    const header = await authorization(api);
    const answer = await send(access, url, request, header);
    if (!isSignInTrouble(answer.status, tryJson(answer)) || !renew(header)) return answer;
    return await send(access, url, request, await authorization(api));
  }

  return {
    server,
    ask: async (request, schema) => {
      const { api } = await server();
      const answer = await asked(request, api);
      const body = tryJson(answer);
      if (isSignInTrouble(answer.status, body)) throw new Refusal(signInProblem(api));
      const problem = webPageProblem(answer, host) ?? troubleProblem(answer.status, body);
      if (problem !== undefined) throw new Refusal(problem);
      const says = detailOf(body);
      if (api === 'v1' && answer.status === 404 && says === '') {
        known = undefined; // Airflow 3 has no v1: the server was renewed, and the run is not gone.
        throw new Refusal('Airflow has another version than before: try again.');
      }
      if (answer.status >= 300) return { ok: false, status: answer.status, says };
      return { ok: true, body: answerAs(schema, body, { system: 'Airflow', call: request.path.join('/') }) };
    },
  };
}

function send(
  { allowedHosts, timeoutMs, resolve, pauses }: AirflowAccess,
  url: string,
  { method, body }: Pick<AirflowRequest, 'method' | 'body'>,
  authorization?: string,
): Promise<Answer> {
  const attempt = () =>
    callOut({
      url,
      method,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(authorization !== undefined && { authorization }),
      },
      ...(body && { body: JSON.stringify(body) }),
      allowedHosts,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(resolve && { resolve }),
    });
  return persistent('Airflow', attempt, pauses);
}

function tryJson({ body }: Answer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
