export interface Clock {
  now(): number;
  pass(ms: number): void;
  set(at: number): void;
  /** A stopped clock only moves when it is told to. */
  stop(): void;
  go(): void;
}

export function createClock(real: () => number): Clock {
  let offset = 0;
  let stoppedAt: number | undefined;
  const now = () => stoppedAt ?? real() + offset;
  return {
    now,
    pass(ms) {
      if (stoppedAt === undefined) offset += ms;
      else stoppedAt += ms;
    },
    set(at) {
      if (stoppedAt === undefined) offset = at - real();
      else stoppedAt = at;
    },
    stop() {
      stoppedAt = now();
    },
    go() {
      offset = now() - real();
      stoppedAt = undefined;
    },
  };
}
