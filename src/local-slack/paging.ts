import { refuse } from './refusal.ts';

export interface Page<T> {
  items: T[];
  response_metadata: { next_cursor: string };
  hasMore: boolean;
}

export function page<T>(
  all: readonly T[],
  asked: { limit?: number | undefined; cursor?: string | undefined },
  most: number,
  usual = 100,
): Page<T> {
  const limit = asked.limit ?? usual;
  if (limit < 1 || limit > most) refuse('invalid_limit');
  const start = asked.cursor ? Number(Buffer.from(asked.cursor, 'base64').toString().replace('from:', '')) : 0;
  if (!Number.isInteger(start)) refuse('invalid_cursor');
  const end = start + limit;
  const hasMore = end < all.length;
  const next = hasMore ? Buffer.from(`from:${end}`).toString('base64') : '';
  return { items: all.slice(start, end), response_metadata: { next_cursor: next }, hasMore };
}
