import { createHash } from 'node:crypto';
import type { LedgerRow } from './schema.ts';

export const genesis = '0'.repeat(64);

/** sha256 over the previous hash and every field with its length before it, so that no two lines read alike. */
export function hashOf(line: Omit<LedgerRow, 'hash'>): string {
  const parts = [
    line.previous,
    line.workspace,
    String(line.seq),
    line.at.toISOString(),
    line.who,
    line.what,
    line.modelId ?? '',
    line.subject,
    line.summary,
    canonical(line.data),
  ];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part};`);
  return hash.digest('hex');
}

/** JSON with sorted keys: Postgres does not keep the order in which jsonb was written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** The first line that does not follow from the one before it, or undefined when the chain holds. */
export function firstBreak(lines: readonly LedgerRow[]): LedgerRow | undefined {
  let previous = genesis;
  let seq = 0;
  for (const line of lines) {
    seq += 1;
    if (line.seq !== seq || line.previous !== previous || line.hash !== hashOf(line)) return line;
    previous = line.hash;
  }
  return undefined;
}
