import { clip, limits } from '../../slack/limits.ts';

export const sectionNames = [
  'summary',
  'background',
  'surprise',
  'impact',
  'affected',
  'tickets',
  'business',
  'business_value',
  'impact_basis',
  'labels_on',
  'label_delay',
  'decisions',
  'reversible',
  'detected_how',
  'detection',
  'trigger',
  'trigger_move',
  'sense',
  'held',
  'silent',
  'resolution',
  'resolution_link',
  'went_well',
  'difficult',
  'lucky',
  'open_questions',
  'failure_class',
  'served',
  'slice',
  'slice_share',
  'skew',
  'evaluation_gap',
  'mitigation',
  'mitigation_times',
  'retrain',
  'retrain_why',
  'retrain_from',
  'retrain_until',
  'feedback',
  'corrections',
  'outside',
  'fairness_check',
  'fairness_why',
  'ideas',
] as const;
export type SectionName = (typeof sectionNames)[number];

/** Answered by one of a list, so that they can be counted; the list is the order in which it is shown. */
export const choices = {
  impact_basis: ['measured', 'estimated', 'unknown'],
  reversible: ['done', 'possible', 'impossible', 'none', 'unknown'],
  detected_how: ['alert', 'team', 'user', 'partner', 'audit', 'drill'],
  silent: ['silent', 'loud', 'unknown'],
  failure_class: [
    'data',
    'features',
    'labels',
    'training',
    'evaluation',
    'serving',
    'configuration',
    'feedback_loop',
    'upstream',
    'not_ml',
  ],
  mitigation: ['rollback', 'fallback', 'switched_off', 'retraining', 'threshold', 'traffic', 'data_repair', 'none'],
  retrain: ['yes', 'no', 'wait_for_labels'],
  feedback: ['yes', 'no', 'unknown'],
  fairness_check: ['needed', 'done', 'not_needed'],
} as const satisfies Partial<Record<SectionName, readonly string[]>>;
export type ChoiceName = keyof typeof choices;

export const isChoice = (name: SectionName): name is ChoiceName => name in choices;
/** A day, `YYYY-MM-DD`. */
export const isDay = (name: SectionName): boolean =>
  name === 'labels_on' || name === 'retrain_from' || name === 'retrain_until';
/** An address that a browser may open. */
export const isLink = (name: SectionName): boolean => name === 'resolution_link';

/** One of the moves of the registry before it began, in words, or none. */
export const isMove = (name: SectionName): boolean => name === 'trigger_move';

interface Range {
  readonly min?: number;
  readonly max?: number;
}
const numbers: Partial<Record<SectionName, Range>> = {
  affected: { min: 0 },
  tickets: { min: 0 },
  /** What is lost may be less than nothing. */
  business_value: {},
  label_delay: { min: 0, max: 3650 },
  slice_share: { min: 0, max: 100 },
};
/** A number, and how small and how large it may be. */
export const numberOf = (name: SectionName): Range | undefined => numbers[name];

/** Of two who answer at once the later one stands: there is nothing to put together. */
export const isOneAnswer = (name: SectionName): boolean =>
  isChoice(name) || isDay(name) || isMove(name) || isLink(name) || numberOf(name) !== undefined;

export type Sections = Partial<Readonly<Record<SectionName, string>>>;

/** What was known when it was begun. */
export interface Document {
  readonly title: string;
  readonly model: string;
  readonly version: string | null;
  readonly severity: string;
  /** Null where nobody knew it. */
  readonly began: string | null;
  readonly declared: string;
  readonly resolved: string | null;
}

export interface Facts {
  readonly number: number;
  readonly title: string;
  readonly model: string;
  readonly version: string | null;
  readonly severity: string;
  readonly evidence: string;
  readonly summary: string;
  /** Null where nobody knows it. */
  readonly onset: Date | null;
  readonly declaredAt: Date;
  readonly resolvedAt: Date | null;
  readonly resolution: string | null;
  /** What everybody was told last of how it stood. */
  readonly lastTold: string;
  /** One that was asked for while it went on was seen to be served. */
  readonly isRolledBack: boolean;
  /** Who or what noticed first, where that is on record. */
  readonly noticedBy: 'alert' | 'drill' | null;
  /** Which versions were live while it went on, in words. */
  readonly served: string;
}

/** Starts from what is known, so that nobody begins with an empty page; causes are left to people. */
export function draft(facts: Facts): { document: Document; sections: Sections } {
  const { title, model, version, severity, evidence, summary, resolution, lastTold, isRolledBack, noticedBy } = facts;
  const ended = resolution ? { resolution } : {};
  const known = [summary, lastTold, evidence && `Evidence: ${evidence}.`].filter(Boolean).join('\n');
  return {
    document: {
      title: `Incident ${facts.number}: ${title}`,
      model,
      version,
      severity,
      began: facts.onset?.toISOString() ?? null,
      declared: facts.declaredAt.toISOString(),
      resolved: facts.resolvedAt?.toISOString() ?? null,
    },
    sections: {
      ...(known !== '' && { summary: known }),
      ...(facts.served !== '' && { served: facts.served }),
      ...(noticedBy !== null && { detected_how: noticedBy }),
      ...(isRolledBack && { mitigation: 'rollback' }),
      ...ended,
    },
  };
}

/** "Version 14, from 2026-03-02 10:05 UTC on version 13". Empty where nobody knows. */
export function servedWords(
  version: string | null,
  moves: readonly { readonly fromVersion: string | null; readonly toVersion: string; readonly at: Date }[],
): string {
  const [first] = moves;
  const known = first ? (first.fromVersion ?? first.toVersion) : version;
  if (known === null) return '';
  const later = moves.filter(({ fromVersion, toVersion }) => fromVersion !== null && fromVersion !== toVersion);
  const at = (when: Date) => when.toISOString().slice(0, 16).replace('T', ' ');
  return [`Version ${known}`, ...later.map((each) => `from ${at(each.at)} UTC on version ${each.toVersion}`)].join(
    ', ',
  );
}

/** "2026-03-02 08:05 UTC, production: version 13 to 14 (release)". Short enough for a choice; names nobody. */
export function moveWords(move: {
  readonly environment: string;
  readonly fromVersion: string | null;
  readonly toVersion: string;
  readonly at: Date;
  readonly why: string;
}): string {
  const at = move.at.toISOString().slice(0, 16).replace('T', ' ');
  const from = move.fromVersion === null ? '' : `${move.fromVersion} to `;
  return clip(`${at} UTC, ${move.environment}: version ${from}${move.toVersion} (${move.why})`, limits.optionText);
}

export function durationWords(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/**
 * A form shows the beginning of what is longer than an input takes, `shown`, which ends with an ellipsis. What its writer
 * did not see is no part of what they changed: it stays. What is longer than the form itself came another way, whole.
 */
export function withUnseen(base: string, shown: string, written: string): string {
  if (shown === base || written.length > shown.length + 1) return written;
  const rest = base.slice(shown.length - 1);
  return written.endsWith('…') ? `${written.slice(0, -1)}${rest}` : [written, rest].filter(Boolean).join('\n');
}

/**
 * Somebody else saved while this was written: theirs stays whole, and every line that was added to the wording both
 * began with is kept below it, so that nobody loses a word.
 */
export function bothKept(base: string, theirs: string, mine: string): string {
  const known = new Set([...base.split('\n'), ...theirs.split('\n')].map((line) => line.trim()));
  const added = mine.split('\n').filter((line) => line.trim() !== '' && !known.has(line.trim()));
  return added.length === 0 ? theirs : [theirs, ...added].filter((part) => part !== '').join('\n');
}
