import { distance } from 'fastest-levenshtein';
import { Refusal } from '../lib/refusal.ts';

/** "drift snooze <alert> [for…]": fixed words, <one word>, [optional], and a last … that takes the rest. */
export type Pattern = string;

export interface Match {
  readonly words: Readonly<Record<string, string>>;
  /** How many fixed words agreed: the more exact pattern wins. */
  readonly exactness: number;
}

const slot = /^[<[]([a-z]+)(…?)[>\]]$/i;

/** Words as typed; "quotes keep words together". Slack turns quotes curly, so both kinds count. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/[“"]([^"“”]*)["”]|(\S+)/g)].map((found) => found[1] ?? found[2] ?? '');
}

export function match(pattern: Pattern, typed: readonly string[]): Match | undefined {
  const parts = pattern.split(' ');
  const words: Record<string, string> = {};
  let exactness = 0;
  let at = 0;
  for (const part of parts) {
    const [, name, rest] = slot.exec(part) ?? [];
    const word = typed[at];
    if (name === undefined) {
      if (word?.toLowerCase() !== part) return undefined;
      exactness += 1;
      at += 1;
    } else if (word === undefined) {
      if (part.startsWith('<')) return undefined;
    } else if (rest) {
      words[name] = typed.slice(at).join(' ');
      at = typed.length;
    } else {
      words[name] = word;
      at += 1;
    }
  }
  return at < typed.length ? undefined : { words, exactness };
}

/** The patterns nearest to what was typed, best first; none when nothing is near. */
export function nearest(patterns: readonly Pattern[], typed: readonly string[], most = 3): Pattern[] {
  return patterns
    .map((pattern) => ({ pattern, off: offBy(pattern, typed) }))
    .filter(({ off }) => off <= 0.5)
    .toSorted((a, b) => a.off - b.off)
    .slice(0, most)
    .map(({ pattern }) => pattern);
}

function offBy(pattern: Pattern, typed: readonly string[]): number {
  const fixed = pattern.split(' ').filter((part) => !slot.test(part));
  const said = typed.slice(0, fixed.length).join(' ').toLowerCase();
  const wanted = fixed.join(' ');
  const whole = distance(said, wanted) / Math.max(said.length, wanted.length, 1);
  // A right first word is near enough to show what it can be followed by.
  return typed[0]?.toLowerCase() === fixed[0] ? Math.min(whole, 0.4) : whole;
}

/** The id of a person as Slack hands them over in a command: <@U1|ana>. */
export function personNamed(word: string): string {
  const id = /^<@([UW][A-Z0-9]+)(\|[^>]*)?>$/.exec(word)?.[1];
  if (!id) throw new Refusal('Name the person with an @, and pick them from the list.', { field: 'person' });
  return id;
}
