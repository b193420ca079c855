import { lines, md, type Mrkdwn } from '../../slack/mrkdwn.ts';
import { type FactKind, factKinds, mostOfKind } from './rules.ts';

const marks: Readonly<Record<FactKind, string>> = {
  approval: ':raised_hand:',
  alert: ':red_circle:',
  incident: ':rotating_light:',
  commitment: ':handshake:',
  work: ':hammer_and_wrench:',
  release: ':package:',
  run: ':gear:',
  data: ':card_file_box:',
  goal: ':dart:',
};

const plurals: Readonly<Record<FactKind, string>> = {
  approval: 'decisions',
  alert: 'drift alerts',
  incident: 'incidents',
  commitment: 'commitments',
  work: 'work items',
  release: 'releases',
  run: 'trainings',
  data: 'data sets',
  goal: 'goals',
};

interface Said {
  readonly kind: string;
  readonly words: string;
}

/** One line a fact, the newest of a kind last; where there are more than are known, the oldest gives way to a line that says so. */
export function factLines(facts: readonly Said[]): Mrkdwn {
  const byKind = Map.groupBy(facts, ({ kind }) => kind);
  const tooMany = factKinds.filter((kind) => (byKind.get(kind) ?? []).length > mostOfKind);
  const oldest = new Set(tooMany.map((kind) => byKind.get(kind)?.[0]));
  return lines(
    ...facts.filter((fact) => !oldest.has(fact)).map(({ kind, words }) => md`${markOf(kind)} ${words}`),
    ...tooMany.map((kind) => md`${marks[kind]} There are more ${plurals[kind]}, older ones.`),
  );
}

const isKind = (kind: string): kind is FactKind => factKinds.some((each) => each === kind);
/** A kind of earlier days is still shown. */
const markOf = (kind: string) => (isKind(kind) ? marks[kind] : ':small_blue_diamond:');

/** "I could not read the drift alerts and the goals this time." Undefined where nothing is missing. */
export function missingLine(missing: readonly string[]): Mrkdwn | undefined {
  if (missing.length === 0) return undefined;
  const named = missing.map((kind) => `the ${isKind(kind) ? plurals[kind] : kind}`);
  const last = named.at(-1) ?? '';
  const list = named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${last}` : last;
  return md`:hourglass: I could not read ${list} this time.`;
}
