import { lines, md, type Mrkdwn } from '../../slack/mrkdwn.ts';
import { type Fact, type FactKind, factKinds, mostOfKind } from './rules.ts';

const marks: Readonly<Record<FactKind, string>> = {
  approval: ':raised_hand:',
  alert: ':red_circle:',
  incident: ':rotating_light:',
  commitment: ':handshake:',
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
  release: 'releases',
  run: 'trainings',
  data: 'data sets',
  goal: 'goals',
};

/** One line a fact; where there are more than are known here, the oldest gives its place to a line that says so. */
export function factLines(facts: readonly Fact[]): Mrkdwn {
  const byKind = Map.groupBy(facts, ({ kind }) => kind);
  const tooMany = factKinds.filter((kind) => (byKind.get(kind) ?? []).length > mostOfKind);
  const oldest = new Set(tooMany.map((kind) => earliest(byKind.get(kind) ?? [])));
  return lines(
    ...facts.filter((fact) => !oldest.has(fact)).map(({ kind, words }) => md`${marks[kind]} ${words}`),
    ...tooMany.map((kind) => md`${marks[kind]} There are more ${plurals[kind]}, older ones.`),
  );
}

const earliest = (facts: readonly Fact[]) => facts.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];

/** "I could not read the drift alerts and the goals this time." Undefined where nothing is missing. */
export function missingLine(missing: readonly FactKind[]): Mrkdwn | undefined {
  if (missing.length === 0) return undefined;
  const named = missing.map((kind) => `the ${plurals[kind]}`);
  const last = named.at(-1) ?? '';
  const list = named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${last}` : last;
  return md`:hourglass: I could not read ${list} this time.`;
}
