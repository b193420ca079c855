import { type SectionName, sectionNames } from '../draft.ts';

export const ruleIds = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'L9', 'S0'] as const;
export type RuleId = (typeof ruleIds)[number];

/** What was written; the timeline, quotes and code are never looked at. */
export type Place = SectionName | 'factor' | 'commitment';

/** Where something is asked: in what was written, or about the whole of it. */
export const places = [...sectionNames, 'factor', 'commitment', 'document'] as const;

export interface Nudge {
  readonly rule: RuleId;
  /** As it was written. */
  readonly words: string;
}

/** Never more at once: more is not read. */
export const mostNudges = 3;

/** Words of one workspace, beside those of the language. */
export interface Vocabulary {
  /** Names of things, which say nothing of people: "Reckless". */
  readonly names: readonly string[];
  /** What people are called there: "steward". */
  readonly roles: readonly string[];
}
export const noVocabulary: Vocabulary = { names: [], roles: [] };

const roleWords =
  'we|they|she|he|(?:the |an? |our )?(?:on-?call |data |ml |software |platform |release |duty )*(?:engineers?|developers?|scientists?|operators?|analysts?|managers?|reviewers?|approvers?|owners?|maintainers?|responders?|commanders?|team|colleagues?|teammates?|on-?call|admins?|persons?|people)';
const theirs = (roles: readonly string[]) =>
  roles.map((role) => String.raw`|(?:the |an? |our )?${literally(role)}s?\b`).join('');
const humanWith = (roles: readonly string[]) =>
  String.raw`(?:${roleWords}${theirs(roles)}|<@[UW][A-Z0-9]+(?:\|[^>]*)?>|@[\w.-]+)`;
/** As it is spelled, with any white space between its words. */
const literally = (words: string) =>
  words
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`))
    .join(String.raw`\s+`);
const participle =
  '(?:\\w{2,}ed|been|had|done|gone|seen|known|caught|found|made|taken|given|written|run|read|put|set|kept|told|thought|chosen|begun|brought|built|held|left|sent|shown|spoken|stopped|understood|spotted)';

interface Pattern {
  readonly rule: RuleId;
  readonly pattern: RegExp;
  readonly in: readonly Place[] | 'all';
}

const causes: readonly Place[] = [
  'summary',
  'surprise',
  'impact',
  'decisions',
  'detection',
  'trigger',
  'held',
  'difficult',
  'lucky',
  'evaluation_gap',
  'skew',
  'factor',
];

/** Research on published post-mortems: strict patterns are right four times of five, word lists once of four. */
const patternsFor = (human: string): readonly Pattern[] => [
  {
    rule: 'L1',
    pattern: /\b(?:human|operator|engineer|pilot)[- ]errors?\b(?!\s+(?:messages?|codes?|logs?))/i,
    in: 'all',
  },
  {
    rule: 'L2',
    pattern:
      /\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|sloppy|sloppiness|incompeten(?:t|ce)|reckless(?:ly|ness)?|irresponsibl[ey]|complacen(?:t|cy)|unprofessional(?:ly)?)\b/i,
    in: 'all',
  },
  {
    rule: 'L3',
    pattern: /\b(?:at fault|(?:is|was|are|were) to blame|blam(?:ed|ing) (?:on|for|\w+ for)|whose fault)\b/i,
    in: 'all',
  },
  {
    rule: 'L4',
    pattern: new RegExp(
      String.raw`\b(?:should(?:n't| not)? have|should've|shouldn't've|ought to have)\s+(?:(?:already|also|just|never|really|simply)\s+)?(?!(?:an?|the|each|any|more|to|at)\b)${participle}\b`,
      'i',
    ),
    in: [...causes, 'went_well', 'open_questions'],
  },
  {
    rule: 'L5',
    pattern: new RegExp(
      String.raw`(?:^|[\s,;(])${human}\s+(?:\w+ly\s+)?(?:failed|neglected|forgot|omitted)\s+to\b`,
      'i',
    ),
    in: causes,
  },
  {
    rule: 'L6',
    pattern: new RegExp(
      String.raw`\b(?:(?:if|had)\s+(?:only\s+)?${human}\b[^.?!]*\b(?:would|could|might)(?:n't| not)? have\b|if only\b)`,
      'i',
    ),
    in: causes,
  },
  {
    rule: 'L7',
    pattern:
      /\b(?:be(?:ing)? (?:more |extra )?(?:careful|vigilant|attentive)|remind (?:everyone|everybody|the team|all|people|engineers|developers|reviewers)|pay (?:more|closer) attention|try harder|(?:always )?remember to|take more care|double-check (?:everything|more))\b/i,
    in: ['commitment', 'ideas'],
  },
  {
    rule: 'L8',
    pattern: new RegExp(
      String.raw`\b(?:why (?:did|didn't|did not)(?: not)?\s+${human}\b|who (?:broke|approved|merged|missed|caused|pushed|forgot)\b)`,
      'i',
    ),
    in: 'all',
  },
  {
    rule: 'L9',
    pattern: new RegExp(
      String.raw`(?:(?:^|[\s,;(])${human}\s+(?:\w+ly\s+)?(?:did not follow|didn't follow|ignored|skipped|bypassed)\b|\b(?:was|were) not followed\b)`,
      'i',
    ),
    in: causes,
  },
];

const usual = patternsFor(humanWith([]));

/** Without code, quotes and links: what somebody cites is not how they write. */
export function ownWords(text: string): string {
  return text
    .replaceAll(/```[\s\S]*?```/g, ' ')
    .replaceAll(/`[^`\n]*`/g, ' ')
    .replaceAll(/^\s*(?:&gt;|>).*$/gm, ' ')
    .replaceAll(/"[^"\n]*"|“[^”\n]*”|«[^»\n]*»/g, ' ')
    .replaceAll(/https?:\/\/\S+/g, ' ');
}

/** Names of things become one word that no rule knows; spelled otherwise, it is another word. */
function withoutNames(text: string, names: readonly string[]): string {
  const longestFirst = names.toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce(
    (said, name) =>
      said.replaceAll(new RegExp(String.raw`(?<![\p{L}\p{N}])${literally(name)}(?![\p{L}\p{N}])`, 'gu'), 'thing'),
    text,
  );
}

interface Known {
  /** Full names of people, who are never factors. */
  readonly names?: readonly string[];
  readonly off?: readonly RuleId[];
  readonly vocabulary?: Vocabulary;
}

/** English only. Rules in `off` are not asked. */
export function nudgesFor(
  place: Place,
  text: string,
  { names = [], off = [], vocabulary = noVocabulary }: Known = {},
): readonly Nudge[] {
  const own = withoutNames(ownWords(text), vocabulary.names);
  const patterns = vocabulary.roles.length === 0 ? usual : patternsFor(humanWith(vocabulary.roles));
  const found = patterns.flatMap(({ rule, pattern, in: places }) => {
    const words = places === 'all' || places.includes(place) ? pattern.exec(own)?.[0].trim() : undefined;
    return words === undefined ? [] : [{ rule, words }];
  });
  const person = place === 'factor' ? personIn(own, names) : undefined;
  return [...(person === undefined ? [] : [{ rule: 'S0' as const, words: person }]), ...found].filter(
    ({ rule }) => !off.includes(rule),
  );
}

function personIn(text: string, names: readonly string[]): string | undefined {
  const mention = /<@[UW][A-Z0-9]+(?:\|[^>]*)?>/.exec(text)?.[0];
  if (mention !== undefined) return mention;
  const said = text.toLowerCase();
  // One word alone may be a name or a thing.
  return names.find((name) => name.trim().includes(' ') && said.includes(name.toLowerCase()));
}
