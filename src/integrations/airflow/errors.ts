import { z } from 'zod';
import type { Answer } from '../../lib/outgoing.ts';
import { clip } from '../../slack/limits.ts';

/** Airflow 3 says `detail` in words, as a list of fields or as an object; Airflow 2 `title` and `detail` (RFC 7807). */
const Problem = z.object({
  title: z.string().nullish(),
  detail: z
    .union([
      z.string(),
      z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])).default([]), msg: z.string() })),
      z.object({ message: z.string() }).transform(({ message }) => message),
    ])
    .nullish(),
});

/** What Airflow says of a call that it refused; empty where it says nothing. */
export function detailOf(body: unknown): string {
  const problem = Problem.safeParse(body).data;
  const detail = problem?.detail;
  const words = Array.isArray(detail)
    ? detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ')
    : (detail ?? problem?.title ?? '');
  return clip(words, 300);
}

/** A token that ran out is a 401; one that was signed with another secret, as after a new start, is a 403. */
export function isSignInTrouble(status: number, body: unknown): boolean {
  return status === 401 || (status === 403 && /\bjwt\b/i.test(detailOf(body)));
}

export function signInProblem(api?: 'v2' | 'v1'): string {
  const words = 'Airflow did not accept the user name and password, or the token.';
  return api === 'v1' ? `${words} Airflow 2 takes a password only with basic_auth among its auth_backends.` : words;
}

export const noApiProblem = (host: string) => `There is no Airflow API at ${host}: check the address.`;

/** What to do when something answers that is not Airflow's API. */
export function webPageProblem({ status, headers, body }: Answer, host: string): string | undefined {
  if ((headers['content-type'] ?? '').includes('json')) return undefined;
  if (status === 401) return signInProblem();
  if (status === 403) return `${host} forbids the call (403); a proxy before Airflow may have its own sign-in.`;
  if (status >= 500 || status === 429) return `${host} answered with status ${status} instead of Airflow's API.`;
  if (status === 404) return noApiProblem(host);
  return body.trimStart().startsWith('<')
    ? `A web page answered at ${host} instead of Airflow's API: check the address, or let calls pass the sign-in page before it.`
    : `${host} answered with something that is not JSON.`;
}

export function troubleProblem(status: number, body: unknown): string | undefined {
  if (status < 500 && status !== 429) return undefined;
  return `Airflow answered with status ${status}. ${detailOf(body)}`.trim();
}

/** Of a call that Airflow understood and refused. */
export function refused({ status, says }: { status: number; says: string }, dag: string): string {
  if (status === 404) return `Airflow has no DAG named "${dag}", or no such run of it.`;
  if (status === 403) {
    return `Airflow says that the account of this app may not do that${says ? ` (${says})` : ''}: give it a role that may see and start DAG runs.`;
  }
  return `Airflow did not take that (${status}): ${says || 'it gave no reason'}`;
}
