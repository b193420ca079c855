import { type Answer, toast, type World } from '../world.ts';

/** `errors` is by block_id. */
export interface Outcome {
  ok: boolean;
  error?: string;
  errors?: Record<string, string>;
}

export function failed(error: string): Outcome & { ok: false; error: string } {
  return { ok: false, error };
}

const shown = {
  timeout: 'operation_timeout',
  not_connected: 'dispatch_failed',
  not_configured: 'not_configured',
  failed: 'dispatch_failed',
} as const;

const unconfigured = 'This app is not configured to handle interactive responses.';

/** What a person sees when the app did not acknowledge. */
export function errorOf(answer: Answer): string | undefined {
  return answer.kind === 'acked' ? undefined : shown[answer.kind];
}

export function reported(world: World, user: string, answer: Answer, what = 'This action'): Outcome {
  const error = errorOf(answer);
  if (!error) return { ok: true };
  const isOff = answer.kind === 'not_configured';
  toast(world, user, isOff ? unconfigured : `${what} failed with the error "${error}"`);
  return failed(error);
}
