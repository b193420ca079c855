import type { HomeView } from '@slack/types';
import type { Context } from '../context.ts';
import type { Doors, Who } from '../doors.ts';
import type { Log } from '../ports.ts';
import type { Message } from '../slack/blocks.ts';

/** What every listener needs of the house. */
export interface House {
  readonly doors: readonly Doors[];
  readonly contextFor: (workspace: string) => Context | undefined;
  readonly wake: () => void;
  readonly menu: (ctx: Context, who: Who) => Message | Promise<Message>;
  /** Drawn again after a click on it. */
  readonly home: (ctx: Context, who: Who) => HomeView | Promise<HomeView>;
  readonly log: Log;
  readonly patienceMs: number;
}

/** Does the work, and calls `late` once if it takes longer than Slack waits. Says whether it did. */
export async function inTime<T>(
  patienceMs: number,
  work: Promise<T>,
  late: () => Promise<void>,
): Promise<{ result: T; late: boolean }> {
  let called: Promise<void> | undefined;
  const timer = setTimeout(() => {
    called = late();
    // Awaited below; a rejection in between must not count as nobody's.
    called.catch(() => undefined);
  }, patienceMs);
  try {
    const result = await work;
    clearTimeout(timer);
    await called;
    return { result, late: called !== undefined };
  } finally {
    clearTimeout(timer);
  }
}
