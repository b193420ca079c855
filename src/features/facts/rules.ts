/** In the order in which they are said, but for obstacles, which come right after what waits. */
export const factKinds = [
  'approval',
  'alert',
  'incident',
  'commitment',
  'work',
  'release',
  'run',
  'data',
  'goal',
] as const;
export type FactKind = (typeof factKinds)[number];

/** What a fact may become in an answer: something that waits for me, a plan, done, an obstacle, or only known. */
type Becoming = 'waits' | 'plan' | 'done' | 'obstacle' | 'know';

/** What the records know for a person; said by the system, never put into anybody's mouth. */
export interface Fact {
  /** The same for the same thing at every asking: `alert:<id>`. */
  readonly key: string;
  readonly kind: FactKind;
  /** A plain sentence, not mrkdwn, without the name of any person. */
  readonly words: string;
  readonly becomes: Becoming;
  /** The short row of an answer that it would become. */
  readonly suggestion: string;
  readonly at: Date;
  readonly modelId?: string;
  /** Of an obstacle: the duty whose holders can take it away. */
  readonly need?: string;
}

export interface Asked {
  readonly personId: string;
  readonly since: Date;
}

/** A fact with whom it is for; `covers`: keys of others that it says already. */
export interface Found {
  readonly personId: string;
  readonly fact: Fact;
  readonly covers?: readonly string[];
}

export interface Gathered {
  /** Everybody who was asked for is in it. Of a kind at most `mostOfKind`, and one more where there are more. */
  readonly facts: ReadonlyMap<string, readonly Fact[]>;
  /** Kinds that could not be read this time. */
  readonly missing: readonly FactKind[];
}

export const mostOfKind = 20;

/** Whoever is asked twice is asked once, since the earlier of the two. */
export function askedOnce(asked: readonly Asked[]): Asked[] {
  const since = new Map<string, Date>();
  for (const each of asked) {
    const before = since.get(each.personId);
    if (before === undefined || each.since < before) since.set(each.personId, each.since);
  }
  return [...since].map(([personId, from]) => ({ personId, since: from }));
}

/** What each person is told: nothing twice, and in the order in which it should be read. */
export function told(asked: readonly Asked[], found: readonly Found[]): Map<string, readonly Fact[]> {
  const byPerson = Map.groupBy(found, ({ personId }) => personId);
  return new Map(asked.map(({ personId }) => [personId, inOrder(saidOnce(byPerson.get(personId) ?? []))]));
}

function saidOnce(found: readonly Found[]): Fact[] {
  const covered = new Set(found.flatMap(({ covers = [] }) => covers));
  const kept = new Map(found.map(({ fact }) => [fact.key, fact]));
  return [...kept.values()].filter(({ key }) => !covered.has(key));
}

/** What waits for me, what is in my way, alerts, incidents, the rest; the newest last within a kind. */
function inOrder(facts: readonly Fact[]): Fact[] {
  return facts.toSorted(
    (a, b) => rank(a) - rank(b) || a.at.getTime() - b.at.getTime() || (a.key < b.key ? -1 : Number(a.key > b.key)),
  );
}

function rank({ kind, becomes }: Fact): number {
  const first = becomes === 'waits' ? 0 : becomes === 'obstacle' ? 1 : 2;
  return first * factKinds.length + factKinds.indexOf(kind);
}
