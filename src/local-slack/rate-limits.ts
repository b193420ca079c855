import { channelCalled } from './channels.ts';
import type { World } from './world.ts';

/** Per minute; bursts up to the same number pass, as the tiers promise "at least" so many. */
const perMinute = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
const bursts = { 1: 20, 2: 20, 3: 50, 4: 100 } as const;
export type Tier = keyof typeof perMinute | 'special';

const perChannel = { burst: 5, everyMs: 1_000 };
const perTeam = { burst: 300, everyMs: 200 };

/** Seconds to wait, or 0 when the call may pass. */
function take(world: World, key: string, burst: number, everyMs: number): number {
  const now = world.now();
  const bucket = world.buckets.get(key) ?? { tokens: burst, at: now };
  const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / everyMs);
  const passes = tokens >= 1;
  world.buckets.set(key, { tokens: passes ? tokens - 1 : tokens, at: now });
  return passes ? 0 : Math.max(1, Math.ceil(((1 - tokens) * everyMs) / 1000));
}

export function waitFor(world: World, method: string, tier: Tier, channel: unknown): number {
  if (!world.rateLimits) return 0;
  if (tier !== 'special') return take(world, method, bursts[tier], 60_000 / perMinute[tier]);
  if (method !== 'chat.postMessage' || typeof channel !== 'string') return 0;
  const team = take(world, method, perTeam.burst, perTeam.everyMs);
  if (team > 0) return team;
  const id = channelCalled(world, channel)?.id ?? channel;
  return take(world, `${method} ${id}`, perChannel.burst, perChannel.everyMs);
}
