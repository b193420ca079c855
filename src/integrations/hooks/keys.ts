import { createHash } from 'node:crypto';
import type { Delivery } from '../../doors.ts';

const longest = 200;

/** The sender's own key; without one the same bytes said about the same thing are the same delivery. */
export function byBody(delivery: Delivery): string {
  return headerOf(delivery, 'idempotency-key') ?? contentOf(delivery);
}

/** By the first of these headers that is there. */
export function byHeader(...names: readonly string[]): (delivery: Delivery) => string {
  return (delivery) =>
    names.map((name) => headerOf(delivery, name)).find((key) => key !== undefined) ?? contentOf(delivery);
}

/** Each alert in it is known by itself: a sender puts old and new ones together. */
export const byEach = (): undefined => undefined;

function headerOf({ headers }: Delivery, name: string): string | undefined {
  return headers[name]?.trim() || undefined;
}

/** A key comes from outside, and an index takes only so much. */
export function short(key: string): string {
  return key.length > longest ? digest(Buffer.from(key)) : key;
}

function contentOf({ raw, query }: Delivery): string {
  const { model = '', environment = '', window_end: end = '', rows = '' } = query;
  return digest(raw, ...[model, environment, end, rows].map((part) => Buffer.from(part)));
}

function digest(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}
