import type { CommandDoor } from '../doors.ts';
import type { Message } from '../slack/blocks.ts';
import { match, nearest, wordsOf } from '../slack/command.ts';
import { helpList, unknownCommand } from './words.ts';

/** Direct ways to what is needed often: `/ml-standup x` is `/ml standup x`. */
export const commandNames = ['/ml', '/ml-standup', '/ml-rollback', '/ml-incident', '/ml-postmortem'] as const;

export type Reading =
  | { readonly kind: 'menu' }
  | { readonly kind: 'say'; readonly message: Message }
  | { readonly kind: 'door'; readonly door: CommandDoor; readonly words: Readonly<Record<string, string>> };

export function readCommand(doors: readonly CommandDoor[], name: string, text: string): Reading {
  const direct = name.startsWith('/ml-') ? [name.slice('/ml-'.length)] : [];
  const typed = [...direct, ...wordsOf(text).map(unescape)];
  const [first, second] = typed;
  if (first === undefined) return { kind: 'menu' };
  const [best] = doors
    .map((door) => ({ door, found: match(door.pattern, typed) }))
    .filter(({ found }) => found !== undefined)
    .toSorted((a, b) => (b.found?.exactness ?? 0) - (a.found?.exactness ?? 0));
  if (best?.found) return { kind: 'door', door: best.door, words: best.found.words };
  if (first.toLowerCase() === 'help') return { kind: 'say', message: helpList(about(doors, second)) };
  const near = nearest(
    doors.map((door) => door.pattern),
    typed,
  );
  const helps = near.flatMap((pattern) => doors.filter((door) => door.pattern === pattern));
  return { kind: 'say', message: unknownCommand(typed.join(' '), helps) };
}

/** `/ml help drift` says only what begins with drift, if anything does. */
function about(doors: readonly CommandDoor[], word: string | undefined): readonly CommandDoor[] {
  const some = doors.filter((door) => door.pattern.split(' ')[0] === word?.toLowerCase());
  return some.length > 0 ? some : doors;
}

/** Slack escapes three characters in what people type; mentions keep their angle brackets. */
function unescape(word: string): string {
  return word.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
