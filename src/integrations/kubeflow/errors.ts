import { z } from 'zod';
import type { Answer } from '../../lib/outgoing.ts';
import { clip } from '../../slack/limits.ts';

/** The shape of every error of grpc-gateway; codes are those of gRPC. */
export const KubeflowError = z.object({ code: z.number().default(0), message: z.string().default('') });
export type KubeflowError = z.infer<typeof KubeflowError>;

export const missing = (status: number, { code }: KubeflowError) => status === 404 || code === 5;
export const reported = ({ message }: KubeflowError) =>
  message === '' ? 'Kubeflow says no, and not why.' : `Kubeflow says: ${clip(message, 300).replace(/\.?$/, '.')}`;

const signIn =
  'Kubeflow did not accept the token. It has to be of a service account, for the audience pipelines.kubeflow.org; such tokens run out, so give one that lasts or renew it with /ml connect edit.';

/** The sign-in page of Dex or Istio, or a proxy, instead of the API. */
export function webPageProblem({ status, headers, body }: Answer, host: string): string | undefined {
  if ((headers['content-type'] ?? '').includes('json')) return undefined;
  if (status === 401) return signIn;
  if (status === 403) return `${host} forbids the call (403): Istio may not let it pass without a token it knows.`;
  if (status === 404) return `There is no Kubeflow Pipelines API at ${host}: the address ends before /apis/v2beta1.`;
  if (status >= 500 || status === 429) return `${host} answered with status ${status} instead of Kubeflow's API.`;
  return body.trimStart().startsWith('<')
    ? `A web page answered at ${host} instead of Kubeflow's API, perhaps the sign-in of Dex: use an address that takes a token.`
    : `${host} answered with something that is not JSON.`;
}

export function accessProblem(status: number, { code, message }: KubeflowError): string | undefined {
  if (status === 401 || code === 16) return signIn;
  if (status === 403 || code === 7)
    return `Kubeflow says that this account may not do that${message ? ` (${clip(message, 200)})` : ''}: check the namespace, and the role of the service account in it.`;
  return undefined;
}
