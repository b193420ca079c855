import { momentWords } from '../../incidents/frozen/rules.ts';
import { type MilestoneName, milestoneNames } from '../../incidents/schema.ts';
import { steps, stepWords } from '../../postmortems/mitigation/rules.ts';
import type { Exported } from '../rules.ts';

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
  const { number, title, kind, severity, worst, model, alsoAffected, version } = incident;
  const others = alsoAffected.length === 0 ? '' : `; also affected: ${alsoAffected.map(inline).join(', ')}`;
  const peak = worst === severity ? '' : ` (${worst.toUpperCase()} at its worst)`;
  const facts = [
    `- Model: ${inline(model)}, version ${inline(version ?? 'not known')}${others}`,
    `- ${severity.toUpperCase()}${peak}${kind === 'incident' ? '' : `, a ${kind}`}; the post-mortem is ${state}`,
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
  const { milestones, received, sections, factors, commitments, measures, rollbacks } = exported;
  const { hearers, notices, poll, similar, timeline } = exported;
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
    ...(rollbacks.length > 0 ? ['## Rollbacks', rollbacks.map(rollback).join('\n')] : []),
    ...(hearers.length > 0 ? ['## Who has to hear', hearers.map(hearer).join('\n')] : []),
    ...(measures.length > 0 ? ['## Measures', ...measures.map((each) => measure(each, numbers))] : []),
    ...(notices.length > 0 ? ['## What stakeholders were told', notices.map(notice).join('\n')] : []),
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

/** "- Rollback 3: proposed 2026-03-02 10:02, approved 10:09 …" */
function rollback({ number, ...times }: Exported['rollbacks'][number]): string {
  const said = steps.map((step) => {
    const at = times[step];
    return at === null ? stepWords[step].no : `${stepWords[step].yes} ${minuteOf(at)} UTC`;
  });
  return `- Rollback ${number}: ${said.join(', ')}`;
}

const hearer = ({ who, told }: Exported['hearers'][number]) =>
  `- ${inline(who)}: ${told === null ? 'not told yet' : `told ${minuteOf(told)} UTC`}`;

const notice = ({ at, by, text }: Exported['notices'][number]) =>
  `- ${minuteOf(at)} UTC – ${inline(by)}: ${inline(text)}`;

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
  const { number, title, kind, severity, worst, model, alsoAffected, version } = incident;
  const all = {
    incident: number,
    title,
    kind,
    severity,
    worst,
    model,
    also_affected: alsoAffected,
    version,
    state,
    owner,
    facilitator,
    due,
    meeting,
  };
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
