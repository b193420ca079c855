import { nameOf } from './inline.ts';
import type { Channel } from './types.ts';

/** What a conversation is called here; one with a person bears their name. */
export function titleOf({ kind, name, with: other }: Channel): string {
  return kind === 'im' && other ? nameOf(other) : name;
}
