import type { z } from 'zod';
import { callOut, type Resolve } from '../../lib/outgoing.ts';
import { persistent } from '../../lib/persistent.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Access } from '../../ports.ts';
import { accessProblem, KubeflowError, webPageProblem } from './errors.ts';

/** `space` is the namespace, where Kubeflow has several users. */
export interface KubeflowAccess extends Access {
  /** Of one try, in milliseconds; 10,000 unless said. */
  readonly timeoutMs?: number;
  readonly pauses?: readonly number[];
  readonly resolve?: Resolve;
}

export interface KubeflowRequest {
  readonly method: 'GET' | 'POST';
  /** Below /apis/v2beta1. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** A second one would have a second effect: it is sent once, and whoever asks looks what came of it. */
  readonly onlyOnce?: true;
}

type Outcome<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly error: KubeflowError };

export type Ask = <Schema extends z.ZodType>(
  request: KubeflowRequest,
  schema: Schema,
) => Promise<Outcome<z.output<Schema>>>;

export function kubeflowClient(access: KubeflowAccess): Ask {
  const { auth, allowedHosts, timeoutMs, resolve } = access;
  if (auth && 'username' in auth)
    throw new Refusal('Kubeflow takes no user name and password here: give the token of a service account instead.');
  const base = `${access.url.replace(/\/+$/, '')}/apis/v2beta1`;
  const host = URL.canParse(access.url) ? new URL(access.url).host : access.url;
  return async ({ method, path, query, body, onlyOnce }, schema) => {
    const search = query ? `?${new URLSearchParams(query).toString()}` : '';
    const attempt = () =>
      callOut({
        url: `${base}/${path}${search}`,
        method,
        headers: {
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
          ...(auth && { authorization: `Bearer ${auth.token}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
        allowedHosts,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(resolve && { resolve }),
      });
    const answer = await persistent('Kubeflow', attempt, onlyOnce ? [] : access.pauses);
    const page = webPageProblem(answer, host);
    if (page !== undefined) throw new Refusal(page);
    const value = parsed(answer.body);
    if (answer.status < 300) {
      const read = schema.safeParse(value);
      if (read.success) return { ok: true, body: read.data };
      const [issue] = read.error.issues;
      throw new Refusal(
        `Kubeflow's answer to ${path} has another form than expected: ${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'malformed'}.`,
      );
    }
    const error = KubeflowError.safeParse(value).data ?? { code: 0, message: '' };
    const problem = accessProblem(answer.status, error);
    if (problem !== undefined) throw new Refusal(problem);
    if (answer.status >= 500 || answer.status === 429)
      throw new Refusal(`Kubeflow answered with status ${answer.status}. ${error.message}`.trim());
    return { ok: false, status: answer.status, error };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
