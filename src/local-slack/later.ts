const step = 20;

/** Timers on an injected clock: looks every few milliseconds whether a job has come due. */
export function createSchedule(now: () => number): {
  later(ms: number, job: () => void): void;
  stop(): void;
  look(): void;
} {
  let jobs: { due: number; job: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function run(): void {
    const due = jobs.filter((each) => each.due <= now());
    jobs = jobs.filter((each) => each.due > now());
    for (const { job } of due) job();
    if (jobs.length === 0) stop();
  }
  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }
  return {
    later(ms, job) {
      jobs.push({ due: now() + ms, job });
      timer ??= setInterval(run, step).unref();
    },
    /** Now, instead of at the next look. */
    look: run,
    stop() {
      jobs = [];
      stop();
    },
  };
}
