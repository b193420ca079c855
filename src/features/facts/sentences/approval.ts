import type { ChangeRequest } from '../../approvals/schema.ts';
import { capital } from '../../../lib/capital.ts';
import { type Reader, type Said, until } from '../words.ts';

export function approvalSaid(
  request: Pick<ChangeRequest, 'kind' | 'number' | 'toVersion' | 'expiresAt'>,
  model: string,
  reader: Reader,
): Said {
  const name = `${request.kind} ${request.number} of ${model}`;
  return {
    words: `${capital(name)} to version ${request.toVersion} waits for your decision ${until(request.expiresAt, reader)}.`,
    becomes: 'waits',
    suggestion: `Decide on ${name}`,
  };
}
