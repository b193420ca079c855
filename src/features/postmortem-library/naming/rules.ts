import type { Role } from '../../incidents/schema.ts';

/** How people are called outside: by their names, or by what they did there. */
export interface Namer {
  readonly person: (id: string) => string;
  /** The same within what people wrote. */
  readonly words: (text: string) => string;
}

const mention = /<@([A-Z0-9]+)(?:\|[^>]*)?>/g;

export function byName(names: ReadonlyMap<string, string>): Namer {
  const person = (id: string) => names.get(id) ?? id;
  return { person, words: (text) => text.replaceAll(mention, (_all, id: string) => `@${names.get(id) ?? 'somebody'}`) };
}

export interface Parts {
  readonly roles: readonly { readonly personId: string; readonly role: Role | 'facilitator' | 'owner' }[];
  /** Whoever did or said something in it, in the order in which they first did. */
  readonly others: readonly string[];
  /** Whoever was told because they used what was predicted. */
  readonly hearers?: readonly string[];
}

/**
 * Nobody is named: not by id, not by full name, and who took part not by first name either. The same person is called
 * the same all over the document.
 */
export function byRole(names: ReadonlyMap<string, string>, { roles, others, hearers = [] }: Parts): Namer {
  const called = new Map<string, string>();
  for (const { personId, role } of roles) if (!called.has(personId)) called.set(personId, `the ${roleNames[role]}`);
  for (const id of others)
    if (!called.has(id) && names.has(id)) called.set(id, `responder ${letters(called.size - roles.length)}`);
  for (const [at, id] of hearers.filter((each) => !called.has(each) && names.has(each)).entries())
    called.set(id, `consumer ${letters(at)}`);
  const person = (id: string) => called.get(id) ?? (names.has(id) ? 'a colleague' : id);
  const spelled = [
    ...[...names].map(([id, name]) => ({ name, id })),
    ...[...called.keys()].map((id) => ({ name: firstName(names.get(id) ?? ''), id })),
    ...[...names.keys()].map((id) => ({ name: id, id })),
  ].filter(({ name }) => name.length > 2);
  const longestFirst = spelled.toSorted((a, b) => b.name.length - a.name.length);
  const words = (text: string) => {
    const plain = text.replaceAll(mention, (_all, id: string) => (names.has(id) ? person(id) : 'somebody'));
    return longestFirst.reduce((said, { name, id }) => said.replaceAll(whole(name), () => person(id)), plain);
  };
  return { person, words };
}

const roleNames = {
  commander: 'commander',
  communicator: 'communicator',
  scribe: 'scribe',
  facilitator: 'facilitator',
  owner: 'owner of the document',
} as const;

const firstName = (name: string) => name.trim().split(/\s+/)[0] ?? '';
const whole = (name: string) =>
  new RegExp(
    `@?(?<![\\p{L}\\p{N}])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\p{L}\\p{N}])`,
    'giu',
  );

/** A, B, … Z, AA, AB, … */
export function letters(at: number): string {
  const n = Math.max(0, at);
  const last = String.fromCodePoint(65 + (n % 26));
  return n < 26 ? last : letters(Math.floor(n / 26) - 1) + last;
}
