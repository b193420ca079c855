import { z } from 'zod';
import type { Answer } from '../../lib/outgoing.ts';
import { clip } from '../../slack/limits.ts';

/** What the gateway of Kubeflow Pipelines says; `code` is one of gRPC. */
export const KubeflowError = z.object({ code: z.number(), message: z.string().default('') });
export type KubeflowError = z.infer<typeof KubeflowError>;

/** Codes of gRPC that we tell apart. */
const codes = { invalid: 3, missing: 5, exists: 6, forbidden: 7, unauthenticated: 16 } as const;

export const missing = ({ code }: KubeflowError) => code === codes.missing;
export const exists = ({ code }: KubeflowError) => code === codes.exists;
export const invalid = ({ code }: KubeflowError) => code === codes.invalid;

const longest = 300;

/** Its sentences begin with what was tried and end with why it failed, so a long one loses its beginning. */
export function reported({ code, message }: KubeflowError): string {
  const words = message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  if (words === '') return `Kubeflow says no (code ${code}).`;
  return `Kubeflow says: ${words.length <= longest ? words : `…${words.slice(1 - longest)}`}.`;
}

export const passwordProblem =
  'I cannot sign in at Kubeflow with a user name and password: its sign-in page is made for browsers. Give the token of a service account instead.';

const tokenProblem =
  'Kubeflow did not accept the token: it may have run out, or be for another audience. Make a new one with "kubectl create token ACCOUNT --namespace NAMESPACE --audience pipelines.kubeflow.org --duration 720h" and give it with /ml connect edit. A cluster may make tokens shorter than that, so look at when it runs out.';

const noToken =
  'Kubeflow wants callers to sign in: give the token of a service account, for the audience pipelines.kubeflow.org, with /ml connect edit.';

const namespaceProblem =
  'Several people share this Kubeflow, so it has to know the namespace: add it with /ml connect edit.';

export const signInProblem = (host: string) =>
  `${host} sends me to another page, probably the sign-in page of Dex or Istio, which is made for browsers. Let calls with a bearer token pass it, or give the address of ml-pipeline inside of the cluster.`;

const noApi = (host: string) =>
  `There is no API of Kubeflow Pipelines 2 at ${host}: check the address. Behind the dashboard of Kubeflow it ends with /pipeline, and it never ends with /apis.`;

/** What stands at the other end of an access, as far as sentences need it. */
export interface Place {
  readonly host: string;
  readonly hasToken: boolean;
  readonly namespace: string | undefined;
}

/** What to do when something answers that is not the API. */
export function webPageProblem({ status, headers, body }: Answer, place: Place): string | undefined {
  if ((headers['content-type'] ?? '').includes('json')) return undefined;
  const { host, hasToken } = place;
  if (status === 401) return hasToken ? tokenProblem : noToken;
  if (status === 403) return forbidden(place, clip(plainText(body), longest));
  if (status === 404 || status === 405) return noApi(host);
  if (status >= 500 || status === 429) return `${host} answered with status ${status} instead of Kubeflow Pipelines.`;
  return `A web page answered at ${host} instead of the API of Kubeflow Pipelines: check the address (behind the dashboard it ends with /pipeline), or let calls with a bearer token pass the sign-in page before it.`;
}

export function accessProblem(status: number, error: KubeflowError, place: Place): string | undefined {
  if (status === 401 || error.code === codes.unauthenticated) return place.hasToken ? tokenProblem : noToken;
  if (status === 403 || error.code === codes.forbidden) return forbidden(place, '');
  if (isOfSharedServer(error) && place.namespace === undefined) return namespaceProblem;
  // The gateway's own words for a path that it does not have; what is not there is named.
  if (missing(error) && error.message === 'Not Found') return noApi(place.host);
  return undefined;
}

const isOfSharedServer = ({ code, message }: KubeflowError) =>
  code === codes.invalid && /multi-user mode|namespace is required/i.test(message);

function forbidden({ namespace }: Place, says: string): string {
  const where = namespace === undefined ? '' : ` in the namespace "${namespace}"`;
  const why = says === '' ? '' : ` (${says})`;
  const next =
    namespace === undefined
      ? 'where several people share it, add your namespace with /ml connect edit'
      : 'bind its service account to the cluster role kubeflow-pipelines-edit there';
  return `Kubeflow says that the account of this app may not do that${where}${why}: ${next}.`;
}

/** A page is no sentence; a proxy's own few words are. */
const plainText = (body: string) => (body.trimStart().startsWith('<') ? '' : body.trim());
