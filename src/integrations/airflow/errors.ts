import { z } from 'zod';
import type { Answer } from '../../lib/outgoing.ts';
import { clip } from '../../slack/limits.ts';

/** Airflow 3 says `detail` in words or as a list of fields, Airflow 2 `title` and `detail` (RFC 7807). */
const Problem = z.object({
  title: z.string().optional(),
  detail: z
    .union([
      z.string(),
      z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])).default([]), msg: z.string() })),
      z.object({ message: z.string() }).transform(({ message }) => message),
    ])
    .optional(),
});

/** What Airflow says of a call that it refused. */
export function detailOf(body: unknown): string {
  const problem = Problem.safeParse(body).data;
  const detail = problem?.detail;
  const words = Array.isArray(detail)
    ? detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ')
    : (detail ?? problem?.title ?? '');
  return clip(words, 300);
}

export const signInProblem = 'Airflow did not accept the user name and password, or the token.';

/** What to do when something answers that is not Airflow's API. */
export function webPageProblem({ status, headers, body }: Answer, host: string): string | undefined {
  if ((headers['content-type'] ?? '').includes('json')) return undefined;
  if (status === 401) return signInProblem;
  if (status === 403) return `${host} forbids the call (403); a proxy before Airflow may have its own sign-in.`;
  if (status >= 500 || status === 429) return `${host} answered with status ${status} instead of Airflow's API.`;
  if (status === 404) return `There is no Airflow API at ${host}: check the address.`;
  return body.trimStart().startsWith('<')
    ? `A web page answered at ${host} instead of Airflow's API: check the address, or let calls pass the sign-in page before it.`
    : `${host} answered with something that is not JSON.`;
}

export function accessProblem(status: number, body: unknown): string | undefined {
  if (status === 401) return signInProblem;
  if (status !== 403) return undefined;
  const detail = detailOf(body);
  return `Airflow says that the account of this app may not do that${detail ? ` (${detail})` : ''}: give it a role that may see and start DAG runs.`;
}
