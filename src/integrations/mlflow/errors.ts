import { z } from 'zod';
import type { Answer } from '../../lib/outgoing.ts';

/** The shape of every error of MLflow's REST API. */
export const MlflowError = z.object({ error_code: z.string(), message: z.string().default('') });
export type MlflowError = z.infer<typeof MlflowError>;

const clip = (text: string) => (text.length <= 300 ? text : `${text.slice(0, 299)}…`);

export function reported({ error_code: code, message }: MlflowError): string {
  return message === '' ? `MLflow says no (${code}).` : `MLflow says: ${clip(message).replace(/\.?$/, '.')}`;
}

/** What to do when something answers that is not MLflow's API: another page, a proxy, or its own door-keeper. */
export function webPageProblem({ status, headers, body }: Answer, host: string): string | undefined {
  if (body.includes('Invalid Host header')) {
    return `MLflow does not accept calls under the name ${host}: start it with --allowed-hosts "${host}" (or set MLFLOW_SERVER_ALLOWED_HOSTS).`;
  }
  if ((headers['content-type'] ?? '').includes('json')) return undefined;
  if (status === 401) return 'MLflow did not accept the user name and password, or the token.';
  if (status === 403)
    return `${host} forbids the call (403) without saying why; a proxy before MLflow may have its own sign-in.`;
  if (status === 404 || status === 405) {
    return `There is no MLflow API at ${host}: check the address, and add the path if MLflow runs with --static-prefix.`;
  }
  if (status >= 500 || status === 429) return `${host} answered with status ${status} instead of MLflow's API.`;
  return `A web page answered at ${host} instead of MLflow's API: check the address, or let calls pass the sign-in page before it.`;
}

export function accessProblem(status: number, error: MlflowError): string | undefined {
  if (status === 401 || error.error_code === 'UNAUTHENTICATED') {
    return 'MLflow did not accept the user name and password, or the token.';
  }
  if (status === 403 || error.error_code === 'PERMISSION_DENIED') {
    return 'MLflow says that the account of this app may not do that: give it the permission to manage the model.';
  }
  return undefined;
}

export const missing = ({ error_code: code }: MlflowError) => code === 'RESOURCE_DOES_NOT_EXIST';
