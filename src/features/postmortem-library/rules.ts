import { type IncidentKind, type MilestoneName, milestoneNames, type Role } from '../incidents/schema.ts';
import { momentWords } from '../incidents/frozen/rules.ts';
import type { Evidence } from '../drift/schema.ts';
import type { Moment } from '../incidents/frozen/schema.ts';
import type { LineTag } from '../incidents/timeline/schema.ts';
import type { SectionName } from '../postmortems/draft.ts';
import type { CommitmentState, CommitmentType, FactorCategory, Priority } from '../postmortems/schema.ts';

/** A post-mortem with everything that belongs to it, as it leaves the house. Instants are ISO, in UTC. */
export interface Exported {
  readonly format: 1;
  readonly incident: {
    readonly number: number;
    readonly title: string;
    readonly kind: IncidentKind;
    readonly severity: string;
    readonly model: string;
    readonly version: string | null;
    readonly state: string;
  };
  readonly state: string;
  readonly owner: string;
  readonly facilitator: string | null;
  readonly due: string;
  readonly meeting: string | null;
  readonly milestones: Partial<Readonly<Record<MilestoneName, string>>>;
  /** When we heard of those that another clock told, where the two are far apart. */
  readonly received: Partial<Readonly<Record<MilestoneName, string>>>;
  /** Somebody said that nobody can know when it began. */
  readonly onsetUnknown: boolean;
  readonly sections: readonly { readonly id: SectionName; readonly title: string; readonly text: string }[];
  readonly factors: readonly {
    readonly category: FactorCategory;
    readonly where: string;
    readonly statement: string;
    readonly evidence: string;
  }[];
  readonly commitments: readonly {
    readonly number: number;
    readonly text: string;
    readonly type: CommitmentType;
    readonly owner: string;
    readonly due: string;
    readonly verification: string;
    readonly state: CommitmentState;
    readonly priority: Priority;
    readonly urgency: string;
    readonly evidence: string | null;
    readonly tracker: string | null;
  }[];
  /** As they were then; what was read later is not in them. */
  readonly measures: readonly {
    readonly moment: Moment;
    readonly taken: string;
    readonly title: string;
    readonly metric: string;
    readonly column: string;
    readonly stood: string;
    readonly rule: string;
    readonly limit: Evidence['limit'];
    readonly baseline: Evidence['baseline'];
    readonly values: readonly { readonly at: string; readonly value: number }[];
  }[];
  /** What those who took part said, once it is over; null: nobody was asked, or they still are. */
  readonly poll: {
    readonly closed: string;
    /** `said` is null where so few answered that numbers would say who. */
    readonly answers: readonly { readonly asked: string; readonly said: { yes: number; of: number } | null }[];
  } | null;
  readonly similar: readonly {
    readonly number: number;
    readonly title: string;
    readonly model: string;
    readonly worked: string | null;
    readonly where: string | null;
    readonly factor: string | null;
  }[];
  readonly timeline: readonly {
    readonly at: string;
    readonly who: string;
    readonly text: string;
    readonly tag: LineTag | null;
    readonly evidence: string | null;
  }[];
}

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
}

/**
 * Nobody is named: not by id, not by full name, and who took part not by first name either. The same person is called
 * the same all over the document.
 */
export function byRole(names: ReadonlyMap<string, string>, { roles, others }: Parts): Namer {
  const called = new Map<string, string>();
  for (const { personId, role } of roles) if (!called.has(personId)) called.set(personId, `the ${roleNames[role]}`);
  for (const id of others)
    if (!called.has(id) && names.has(id)) called.set(id, `responder ${letters(called.size - roles.length)}`);
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

/** One document, the same whenever nothing changed. Its headings are fixed words, so links to them hold. */
export function markdownOf(exported: Exported, titleOf: TitleOf): string {
  const { incident } = exported;
  return [
    frontMatter(exported),
    `# Incident ${incident.number}: ${inline(incident.title)}`,
    ...bodyOf(exported, titleOf, { drawn: table, numbers: true }),
  ]
    .join('\n\n')
    .concat('\n');
}

/** By which a canvas is known as ours. */
export const canvasHeading = (number: number): string => `Post-mortem of incident ${number}:`;

/** A canvas has no front matter, and Slack bounds the cells of its tables. */
export function canvasMarkdown(exported: Exported, titleOf: TitleOf, state: string): string {
  const { incident, owner, facilitator, due } = exported;
  const { number, title, kind, severity, model, version } = incident;
  const facts = [
    `- Model: ${inline(model)}, version ${inline(version ?? 'not known')}`,
    `- ${severity.toUpperCase()}${kind === 'incident' ? '' : `, a ${kind}`}; the post-mortem is ${state}`,
    `- Seen to by ${inline(owner)}, due ${due.slice(0, 10)}${facilitator ? `; run by ${inline(facilitator)}` : ''}`,
  ];
  return [
    `# ${canvasHeading(number)} ${inline(title)}`,
    facts.join('\n'),
    ...bodyOf(exported, titleOf, { drawn: list, numbers: false }),
    '---',
    '*Pitcrew writes this canvas anew whenever the post-mortem changes. Write with the buttons in the channel: what is changed here is replaced.*',
  ]
    .join('\n\n')
    .concat('\n');
}

type TitleOf = (milestone: MilestoneName) => string;

interface Look {
  readonly drawn: (all: Exported['commitments']) => string;
  /** Each value of a measure, too. */
  readonly numbers: boolean;
}

function bodyOf(exported: Exported, titleOf: TitleOf, { drawn, numbers }: Look): string[] {
  const { milestones, received, sections, factors, commitments, measures, poll, similar, timeline } = exported;
  const known = milestoneNames.flatMap((name) => {
    const at = milestones[name];
    if (at === undefined)
      return name === 'onset' && exported.onsetUnknown ? [`- ${titleOf(name)}: nobody can know it`] : [];
    const heard = received[name];
    return [`- ${titleOf(name)}: ${at}${heard ? ` by the clock of the sender; it reached us at ${heard}` : ''}`];
  });
  const ideas = sections.find(({ id }) => id === 'ideas');
  return [
    ...sections.filter(({ id }) => id !== 'ideas').flatMap(({ title, text }) => [`## ${title}`, prose(text)]),
    '## Times',
    known.length === 0 ? 'None is known.' : known.join('\n'),
    ...(measures.length > 0 ? ['## Measures', ...measures.map((each) => measure(each, numbers))] : []),
    '## Contributing factors',
    factors.length === 0
      ? 'None was named.'
      : factors
          .map(
            ({ where, statement, evidence }) =>
              `- **${where}**: ${inline(statement)}${evidence ? ` (${inline(evidence)})` : ''}`,
          )
          .join('\n'),
    '## Commitments',
    commitments.length === 0 ? 'None was made.' : drawn(commitments),
    ...(ideas ? [`## ${ideas.title}`, prose(ideas.text)] : []),
    ...(poll
      ? [
          '## What those who took part said',
          poll.answers.map((each) => `- ${each.asked} ${saidWords(each)}`).join('\n'),
        ]
      : []),
    '## Similar before',
    similar.length === 0 ? 'None is named.' : similar.map(before).join('\n'),
    '## Timeline',
    timeline
      .map(
        ({ at, who, text, tag, evidence }) =>
          `- ${at.replace('T', ' ').slice(0, 19)} UTC – ${inline(who)}: ${tag ? `*${tag}* ` : ''}${inline(text)}${evidence === null ? '' : ` (${linked('what shows it', evidence)})`}`,
      )
      .join('\n'),
  ];
}

const saidWords = ({ said }: NonNullable<Exported['poll']>['answers'][number]) =>
  said ? `${said.yes} of ${said.of} said yes.` : 'Fewer answered than can be shown without saying who.';

/** Nothing in an address can end the link. */
function linked(words: string, url: string): string {
  if (!URL.canParse(url)) return inline(url);
  const href = new URL(url).href.replaceAll(
    /[()<>[\]\\|]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${words}](${href})`;
}

/** As many windows as one takes in; the JSON has all. */
const mostValues = 60;

function measure(
  { moment, taken, title, stood, rule, values }: Exported['measures'][number],
  numbers: boolean,
): string {
  const head = `- ${momentWords[moment]} (${minuteOf(taken)} UTC), ${inline(title)} was ${inline(stood)}. Rule: ${inline(rule)}`;
  if (!numbers) return head;
  const rows = values.slice(-mostValues).map(({ at, value }) => `| ${minuteOf(at)} | ${value} |`);
  return [head, '', '| When (UTC) | Value |', '| --- | --- |', ...rows].join('\n');
}

const minuteOf = (iso: string) => iso.slice(0, 16).replace('T', ' ');

const before = ({ number, title, model, worked, where, factor }: Exported['similar'][number]) =>
  [
    `- Incident ${number}, ${inline(title)} (${inline(model)}).`,
    worked && `Ended by: ${inline(worked)}`,
    factor && `${where ?? 'Factor'}: ${inline(factor)}`,
  ]
    .filter(Boolean)
    .join(' ');

const list = (commitments: Exported['commitments']) =>
  commitments
    .map(
      ({ number, text, owner, due, urgency, state, verification }) =>
        `- **${number}** ${inline(text)} – ${inline(owner)}, due ${due}, ${urgency.toLowerCase()}, ${state.replaceAll('_', ' ')}. We will know by: ${inline(verification)}`,
    )
    .join('\n');

/** JSON strings are YAML, too, so that nothing that people typed can end them. */
function frontMatter({ incident, state, owner, facilitator, due, meeting, milestones }: Exported): string {
  const { number, title, kind, severity, model, version } = incident;
  const all = { incident: number, title, kind, severity, model, version, state, owner, facilitator, due, meeting };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const times = Object.entries(milestones).map(([name, at]) => `  ${name}: ${JSON.stringify(at)}`);
  return ['---', ...lines, times.length === 0 ? 'milestones: {}' : 'milestones:', ...times, '---'].join('\n');
}

const headings = ['Number', 'What', 'What for', 'Owner', 'Due', 'How urgent', 'We will know by', 'State', 'Shown by'];

function table(commitments: Exported['commitments']): string {
  const rows = commitments.map((each) => [
    String(each.number),
    each.text,
    each.type,
    each.owner,
    each.due,
    each.urgency,
    each.verification,
    each.state.replaceAll('_', ' '),
    each.evidence ?? each.tracker ?? '',
  ]);
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(headings), `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)].join('\n');
}

const cell = (text: string) => inline(text).replaceAll('|', String.raw`\|`);

/** On one line, and no HTML. */
const inline = (text: string) => text.replaceAll(/\s+/g, ' ').trim().replaceAll('<', '&lt;');

/** What opens a heading, a fence, a rule, a table or a definition at the start of a line. */
const opens = /^(?:#|`{3}|~{3}|=+$|[-*_ ]{3,}$|[-:| ]+$|\[[^\]]*\]:)/;

/** Paragraphs and lists of people stay, and nothing in them can begin a part of the document. */
function prose(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim().replaceAll('<', '&lt;'));
  return lines
    .map((line) => (line !== '' && opens.test(line) ? `\\${line}` : line))
    .join('\n')
    .trim();
}
