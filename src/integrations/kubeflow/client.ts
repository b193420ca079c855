import type { z } from 'zod';
import { type Answer, callOut, type Failure, type Resolve } from '../../lib/outgoing.ts';
import { persistent, usualPauses } from '../../lib/persistent.ts';
import { answerAs, jsonOf } from '../../lib/parsed-as.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Access } from '../../ports.ts';
import { accessProblem, KubeflowError, passwordProblem, reported, signInProblem, webPageProblem } from './errors.ts';

/** `space` is the namespace, on servers that several people share. */
export interface KubeflowAccess extends Access {
  /** Of one try, in milliseconds; 10,000 unless said. */
  readonly timeoutMs?: number;
  /** Milliseconds to wait before the second and the third try, unless Kubeflow asks for longer. */
  readonly pauses?: readonly number[];
  readonly resolve?: Resolve;
}

export interface KubeflowRequest {
  readonly method: 'GET' | 'POST';
  /** Below /apis/v2beta1; whoever builds it escapes its parts. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
}

/** What Kubeflow said no to; everything else that goes wrong is a Refusal. */
type Outcome<Body> = { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly error: KubeflowError };

export interface KubeflowClient {
  readonly namespace: string | undefined;
  readonly pauses: readonly number[];
  /** Three tries at most; only for what may be repeated. */
  ask<Schema extends z.ZodType>(request: KubeflowRequest, schema: Schema): Promise<Outcome<z.output<Schema>>>;
  /** One try, for what may not be repeated. */
  send(request: KubeflowRequest): Promise<Answer | Failure>;
  read<Schema extends z.ZodType>(request: KubeflowRequest, answer: Answer, schema: Schema): Outcome<z.output<Schema>>;
}

/** A run tells the whole specification of its pipeline and all of its tasks. */
const mostBytes = 16 * 1024 * 1024;

export function kubeflowClient(access: KubeflowAccess): KubeflowClient {
  const base = access.url.replace(/\/+$/, '');
  const host = URL.canParse(base) ? new URL(base).host : base;
  const namespace = access.space?.trim() || undefined;
  const place = { host, namespace, hasToken: access.auth !== undefined };

  const send: KubeflowClient['send'] = async ({ method, path, query, body }) => {
    const { auth, allowedHosts, timeoutMs, resolve } = access;
    if (auth && !('token' in auth)) throw new Refusal(passwordProblem);
    const outcome = await callOut({
      url: `${base}/apis/v2beta1/${path}${queryOf(query)}`,
      method,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(auth && { authorization: `Bearer ${auth.token.trim()}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      allowedHosts,
      maxBytes: mostBytes,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(resolve && { resolve }),
    });
    if (outcome.kind === 'failure' && outcome.reason === 'redirect') throw new Refusal(signInProblem(host));
    return outcome;
  };

  const read: KubeflowClient['read'] = ({ path }, answer, schema) => {
    const page = webPageProblem(answer, place);
    if (page !== undefined) throw new Refusal(page);
    const value = jsonOf(answer, 'Kubeflow');
    if (answer.status >= 200 && answer.status < 300)
      return { ok: true, body: answerAs(schema, value, { system: 'Kubeflow', call: path }) };
    const error = KubeflowError.safeParse(value);
    if (!error.success) throw new Refusal(`Kubeflow answered with status ${answer.status} and no reason.`);
    const problem = accessProblem(answer.status, error.data, place);
    if (problem !== undefined) throw new Refusal(problem);
    if (answer.status >= 500 || answer.status === 429) throw new Refusal(reported(error.data));
    return { ok: false, error: error.data };
  };

  return {
    namespace,
    pauses: access.pauses ?? usualPauses,
    send,
    read,
    ask: async (request, schema) =>
      read(request, await persistent('Kubeflow', () => send(request), access.pauses), schema),
  };
}

function queryOf(query: KubeflowRequest['query'] = {}): string {
  const said = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return said.length === 0 ? '' : `?${new URLSearchParams(said).toString()}`;
}
