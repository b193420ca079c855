import type { Context } from '../context.ts';
import type { Worker } from '../doors.ts';
import type { Log } from '../ports.ts';

export interface WorkersOptions {
  readonly workers: readonly Worker[];
  readonly workspaces: () => Promise<readonly string[]>;
  readonly contextFor: (workspace: string) => Context | undefined;
  readonly log: Log;
  readonly everyMs?: number;
}

export interface RunningWorkers {
  /** Something changed: look now. */
  wake(): void;
  /** Until nobody has anything left to do. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** Right after work was done more is likely to come due, for instance in a channel that takes one message a second. */
const busyMs = 50;
const staysBusyMs = 2000;

export function startWorkers(options: WorkersOptions): RunningWorkers {
  const loops = options.workers.map((worker) => startLoop(worker, options));
  return {
    wake: () => loops.forEach((loop) => loop.wake()),
    drain: async () => {
      // One worker's work may be another one's cause.
      while ((await Promise.all(loops.map((loop) => loop.run()))).some(Boolean));
    },
    stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))),
  };
}

/** One run at a time. A call during a run is answered by the one after it, which all such calls share. */
function startLoop(worker: Worker, options: WorkersOptions) {
  const { log, everyMs = 2000 } = options;
  let current: Promise<boolean> | undefined;
  let following: Promise<boolean> | undefined;
  let stopped = false;
  let lastBusy = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  function run(): Promise<boolean> {
    if (stopped) return Promise.resolve(false);
    if (current) {
      following ??= current.then(() => {
        following = undefined;
        return run();
      });
      return following;
    }
    current = once().finally(() => {
      current = undefined;
      later();
    });
    return current;
  }

  async function once(): Promise<boolean> {
    clearTimeout(timer);
    try {
      const worked = await workEverywhere(worker, options, () => stopped);
      if (worked) lastBusy = performance.now();
      return worked;
    } catch (error) {
      log.error({ err: error, worker: worker.name }, 'the workspaces could not be read; it is tried again in a moment');
      return false;
    }
  }

  function later(): void {
    clearTimeout(timer);
    const busy = performance.now() - lastBusy < staysBusyMs;
    if (!stopped) timer = setTimeout(() => void run(), busy ? Math.min(busyMs, everyMs) : everyMs);
  }

  later();
  return {
    run,
    wake: () => void run(),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await (following ?? current);
    },
  };
}

/** One step a workspace and round, so that a busy workspace does not keep the others waiting. */
async function workEverywhere(worker: Worker, options: WorkersOptions, stopped: () => boolean): Promise<boolean> {
  let waiting = (await options.workspaces()).map(options.contextFor).filter((ctx) => ctx !== undefined);
  let worked = false;
  while (waiting.length > 0 && !stopped()) {
    const unfinished: Context[] = [];
    for (const ctx of waiting) {
      if (stopped()) break;
      if (await oneStep(worker, ctx, options.log)) unfinished.push(ctx);
    }
    worked ||= unfinished.length > 0;
    waiting = unfinished;
  }
  return worked;
}

/** What fails in one workspace must not stop the others. */
async function oneStep(worker: Worker, ctx: Context, log: Log): Promise<boolean> {
  try {
    return await worker.work(ctx);
  } catch (error) {
    const about = { err: error, worker: worker.name, workspace: ctx.workspace };
    log.error(about, 'a worker failed; it is tried again in a moment');
    return false;
  }
}
