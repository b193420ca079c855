import type { Health, World } from './world.ts';

const hourMs = 60 * 60_000;
/** Below so many deliveries in an hour nothing is switched off. */
const enough = 1_000;
const leastSuccess = 0.05;
const mostPerHour = 30_000;

export function freshHealth(): Health {
  return { sent: [], answers: [], off: false, limitedMinute: 0 };
}

function forget<T>(list: T[], isOld: (each: T) => boolean): void {
  const young = list.findIndex((each) => !isOld(each));
  list.splice(0, young < 0 ? list.length : young);
}

/** Repeats count like first attempts. */
export function noteAnswer(world: World, ok: boolean): void {
  const { health } = world;
  const now = world.now();
  if (!world.transport.canBeSwitchedOff) return;
  health.answers.push({ at: now, ok });
  forget(health.answers, ({ at }) => at <= now - hourMs);
  const good = health.answers.filter((each) => each.ok).length;
  if (health.answers.length >= enough && good < health.answers.length * leastSuccess) health.off = true;
}

/** `first` is said once in each minute in which events are held back. */
export function budget(world: World): 'send' | 'hold' | 'first' {
  const { health } = world;
  const now = world.now();
  if (health.off) return 'hold';
  if (!world.rateLimits) return 'send';
  forget(health.sent, (at) => at <= now - hourMs);
  if (health.sent.length < mostPerHour) {
    health.sent.push(now);
    return 'send';
  }
  const minute = Math.floor(now / 60_000) * 60;
  if (health.limitedMinute === minute) return 'hold';
  health.limitedMinute = minute;
  return 'first';
}
