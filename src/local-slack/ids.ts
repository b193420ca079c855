import { randomBytes, randomInt } from 'node:crypto';
import type { World } from './world.ts';

const shortAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';

export function newId(world: World, prefix: string): string {
  world.data.sequence += 1;
  return `${prefix}0${world.data.sequence.toString(36).toUpperCase().padStart(8, '0')}`;
}

/** Message timestamps are ids: microseconds that never repeat, even when the clock stands still. */
export function newTs(world: World): string {
  const micros = Math.max(Math.floor(world.now() * 1000), world.data.lastTs + 1);
  world.data.lastTs = micros;
  return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
}

export function seconds(world: World): number {
  return Math.floor(world.now() / 1000);
}

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

export function shortId(length = 5): string {
  return Array.from({ length }, () => shortAlphabet[randomInt(shortAlphabet.length)]).join('');
}

export function newHash(world: World): string {
  return `${seconds(world)}.${randomBytes(6).toString('base64url')}`;
}
