import { Refusal } from '../../lib/refusal.ts';
import type { CallState, DeployerRow, Strategy } from './schema.ts';

export interface Settings {
  readonly strategy: Strategy;
  /** Rising shares of the traffic in percent; the last is 100. */
  readonly steps: readonly number[];
  readonly bakeMinutes: number;
}

export const atOnce: Settings = { strategy: 'all_at_once', steps: [100], bakeMinutes: 0 };

const mostSteps = 10;

/** "10, 50, 100": whole numbers that rise, the last of them 100. */
export function readSteps(text: string): number[] {
  const steps = text
    .split(/[\s,;%]+/)
    .filter((part) => part !== '')
    .map(Number);
  const refuse = (why: string) => new Refusal(`${why} Write the shares like 10, 50, 100.`, { field: 'steps' });
  if (steps.length === 0) return [100];
  if (steps.length > mostSteps) throw refuse(`These are more than ${mostSteps} steps.`);
  if (steps.some((step) => !Number.isInteger(step) || step < 1 || step > 100))
    throw refuse('A share is a whole number from 1 to 100.');
  if (steps.some((step, i) => i > 0 && step <= (steps[i - 1] ?? 0)))
    throw refuse('Each share is more than the one before.');
  if (steps.at(-1) !== 100) throw refuse('The last share has to be 100.');
  return steps;
}

export function checkSettings({
  kind,
  steps,
  connectionId,
  pipeline,
}: Pick<DeployerRow, 'kind' | 'steps' | 'connectionId' | 'pipeline'>) {
  if (kind === 'alias' && steps.length > 1)
    throw new Refusal(
      'An alias cannot give a version a part of the traffic. Leave the steps at 100, or choose a web-hook or a pipeline.',
      { field: 'steps' },
    );
  if (kind !== 'alias' && connectionId === null)
    throw new Refusal('Choose the connection that does it; /ml connect makes one.', { field: 'connection' });
  if (kind === 'pipeline' && pipeline === '')
    throw new Refusal('Say which DAG or pipeline does it.', { field: 'pipeline' });
}

/** Without an answer for so long nobody knows what became of it. */
export const silentAfterMs = 30 * 60_000;

const order: Readonly<Record<CallState, number>> = { sent: 0, running: 1, done: 2, failed: 2 };
/** News of what runs may come often; a late one after the end changes nothing, and neither does another end. */
export const isLater = (before: CallState, now: CallState) =>
  order[now] > order[before] || (now === 'running' && before === 'running');
