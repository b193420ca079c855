import { setTimeout as wait } from 'node:timers/promises';
import { ask, begin, finish, isOver, type LocalRun, type Said, type World } from './world.ts';

export interface Auto {
  /** A run begins after so many milliseconds and ends after as many more by itself; else only when it is told to. */
  readonly autoMs?: number;
  /** What a run that goes well does to the world; what it gives back is what the run says that it made. */
  readonly onSuccess?: (run: LocalRun) => Said | undefined | void | Promise<Said | undefined | void>;
}

export interface Autopilot {
  take(run: LocalRun): void;
  stop(): void;
}

export function autopilot(world: World, { autoMs, onSuccess }: Auto): Autopilot {
  const stopping = new AbortController();
  const pause = () => wait(autoMs, undefined, { signal: stopping.signal, ref: false });

  async function fly(run: LocalRun): Promise<void> {
    await pause();
    begin(world, run);
    await pause();
    const { asks, fails } = world.dags.get(run.dag_id) ?? {};
    if (asks && !isOver(run)) ask(world, run, asks);
    while (run.questions.some((question) => !question.answer) && !isOver(run)) await pause();
    if (isOver(run)) return;
    const failedTasks = fails?.(run.conf) ?? [];
    if (failedTasks.length > 0) return finish(world, run, 'failed', { failedTasks });
    try {
      const said = (await onSuccess?.(run)) ?? undefined;
      if (!isOver(run)) finish(world, run, 'success', { said });
    } catch {
      // As a task that raises.
      finish(world, run, 'failed', { failedTasks: ['fit'] });
    }
  }

  return {
    take: (run) => {
      if (autoMs === undefined) return;
      fly(run).catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: () => stopping.abort(),
  };
}
