import { schedule, type ScheduledTask } from 'node-cron';
import type { Context } from '../context.ts';
import type { Doors, Job } from '../doors.ts';
import type { Log } from '../ports.ts';
import {
  beginAt,
  claimTick,
  finishTick,
  keepTick,
  lastSlot,
  mostAttempts,
  retryTick,
  type Tick,
  writeSlots,
} from '../time/store.ts';
import { missed, slotsBetween } from './slots.ts';

export interface ClockOptions {
  readonly doors: readonly Doors[];
  readonly workspaces: () => Promise<readonly string[]>;
  readonly contextFor: (workspace: string) => Context | undefined;
  readonly wake: () => void;
  readonly log: Log;
}

export interface RunningClock {
  /** Writes down what was missed. */
  catchUp(): Promise<void>;
  /** Runs whatever is due, until nothing is. */
  runDue(): Promise<void>;
  stop(): Promise<void>;
}

const leaseSeconds = 120;

/** Every process has one. The clock only writes rows; whoever claims a row does its work. */
export async function startClock(options: ClockOptions): Promise<RunningClock> {
  const { log } = options;
  const jobs = new Map(options.doors.flatMap((doors) => doors.jobs ?? []).map((job) => [job.name, job]));
  let stopped = false;
  let running: Promise<void> | undefined;
  let again = false;

  async function everywhere(work: (ctx: Context) => Promise<void>): Promise<void> {
    for (const workspace of await options.workspaces()) {
      const ctx = options.contextFor(workspace);
      if (ctx) await work(ctx);
    }
  }

  function catchUp(): Promise<void> {
    return everywhere(async (ctx) => {
      for (const job of jobs.values()) await writeMissed(ctx, job);
    });
  }

  function knock(job: Job, slot: Date): Promise<void> {
    return everywhere(async (ctx) => void (await writeSlots(ctx, job.name, [slot])));
  }

  /** One run at a time; a call during it makes it look once more. */
  function runDue(): Promise<void> {
    again = true;
    running ??= untilDone().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function untilDone(): Promise<void> {
    while (again) {
      again = false;
      await everywhere(async (ctx) => {
        while (!stopped && (await runOne(ctx, jobs, options))) again = true;
      });
    }
  }

  async function safely(what: string, work: () => Promise<void>): Promise<void> {
    try {
      if (!stopped) await work();
    } catch (error) {
      log.error({ err: error }, `${what} failed; it is tried again within a minute`);
    }
  }

  const everyMinute = () =>
    safely('looking for missed slots', async () => {
      await catchUp();
      await runDue();
    });
  const tasks: ScheduledTask[] = [...jobs.values()].map((job) =>
    schedule(job.cron, ({ date }) => safely(job.name, () => knock(job, date).then(runDue)), quietly),
  );
  tasks.push(schedule('* * * * *', everyMinute, quietly));
  await safely('looking for missed slots', catchUp);
  void safely('running what is due', runDue);

  return {
    catchUp,
    runDue,
    stop: async () => {
      stopped = true;
      for (const task of tasks) await task.destroy();
      await running?.catch(() => undefined);
    },
  };
}

/** A late or missed beat of the timer is no matter: every minute looks for what was missed. */
const quietly = { timezone: 'UTC', suppressMissedWarning: true };

async function writeMissed(ctx: Context, job: Job): Promise<void> {
  const now = ctx.now();
  const last = await lastSlot(ctx, job.name);
  if (last) return void (await writeSlots(ctx, job.name, missed(job, last, now)));
  const [before = now] = slotsBetween(job.cron, new Date(0), now, 1);
  await beginAt(ctx, job.name, before);
}

async function runOne(ctx: Context, jobs: ReadonlyMap<string, Job>, { log, wake }: ClockOptions): Promise<boolean> {
  const tick = await claimTick(ctx, [...jobs.keys()], leaseSeconds);
  const job = tick && jobs.get(tick.job);
  if (!job) return false;
  const renew = setInterval(() => {
    keepTick(ctx, tick, leaseSeconds).catch((error: unknown) =>
      log.warn({ err: error, job: job.name }, 'lease not renewed'),
    );
  }, leaseSeconds * 333);
  try {
    await job.run(ctx, tick.slot);
    await finishTick(ctx, tick);
    wake();
  } catch (error) {
    await failed(ctx, tick, error);
  } finally {
    clearInterval(renew);
  }
  return true;
}

async function failed(ctx: Context, tick: Tick, error: unknown): Promise<void> {
  const { job, slot, attempt } = tick;
  const last = attempt >= mostAttempts;
  ctx.log.error({ err: error, job, slot, attempt }, last ? 'a job failed for good' : 'a job failed; it is tried again');
  await retryTick(ctx, tick, backOffSeconds(attempt), String(error));
}

function backOffSeconds(attempt: number): number {
  return [10, 60, 300, 900][attempt - 1] ?? 3600;
}
