import { Refusal } from '../../../lib/refusal.ts';
import { clip } from '../../../slack/limits.ts';
import { askedRoles, Check, mostChecks } from '../schema.ts';
import { comparesWithBaseline } from './comparing.ts';
import { clearDirection } from './direction.ts';
import { number, read, readHours } from './numbers.ts';
import { bareName, firstWordKind } from './printing.ts';

/** Part of a line: how it is written, and what it adds to the check. */
type Clause = readonly [pattern: string, adds: (found: readonly string[]) => Readonly<Record<string, unknown>>];

const name = String.raw`"([^"]*)"|([^\s,"]+)`;
const amount = String.raw`(${number})\s*(%?)`;
const span = String.raw`(${number})\s*(h|hours?|d|days?)`;

const optional: Clause = ['optional', () => ({ required: false })];

/** "at most 1% worse" is a share of the baseline, "at most 0.01 worse" a number as it is. */
const change =
  (of: 'max_regression' | 'min_gain') =>
  ([, value = '', percent = '']: readonly string[]) => ({ [`${of}_${percent ? 'rel' : 'abs'}`]: read(value, percent) });

const metricClauses: readonly Clause[] = [
  [`for\\s+(?:${name})`, ([, quoted, bare]) => ({ slice: quoted ?? bare })],
  [`(?:>=|≥)\\s*${amount}`, ([, value = '', percent = '']) => ({ min: read(value, percent) })],
  [`(?:<=|≤)\\s*${amount}`, ([, value = '', percent = '']) => ({ max: read(value, percent) })],
  ['(higher|lower) is better', ([, direction = '']) => ({ direction: direction.toLowerCase() })],
  [`at most\\s+${amount}\\s+worse`, change('max_regression')],
  ['no worse', () => ({ max_regression_abs: 0 })],
  [`at least\\s+${amount}\\s+better`, change('min_gain')],
  [String.raw`(?:from )?at least\s+(\d+)\s+samples?`, ([, count]) => ({ min_samples: Number(count) })],
  [`not older than\\s+${span}`, ([, value = '', unit = '']) => ({ max_age: readHours(value, unit) })],
  [
    '(passes|fails) without a live version',
    ([, what]) => ({ on_missing_baseline: what === 'passes' ? 'pass' : 'fail' }),
  ],
  optional,
];

interface Kind {
  readonly clauses: readonly Clause[];
  readonly hint: string;
}

const kinds: Readonly<Record<Check['kind'], Kind>> = {
  drift: {
    clauses: [
      [`at most\\s+${amount}`, ([, value = '', percent = '']) => ({ max_drifted_share: read(value, percent) })],
      optional,
    ],
    hint: 'Write it like: drift at most 30%.',
  },
  external: {
    clauses: [optional, [name, ([, quoted, bare]) => ({ name: quoted ?? bare })]],
    hint: 'Write it like: external "unit tests".',
  },
  infra: {
    clauses: [
      ['loads', () => ({ loaded: true })],
      [`p95_ms\\s*(?:<=|≤)\\s*(${number})`, ([, value = '']) => ({ p95_ms: read(value, '') })],
      [`error_rate\\s*(?:<=|≤)\\s*${amount}`, ([, value = '', percent = '']) => ({ error_rate: read(value, percent) })],
      optional,
    ],
    hint: 'Write it like: serving loads, p95_ms <= 120, error_rate <= 1%.',
  },
  soak: {
    clauses: [
      [
        `(?:${name})\\s+${span}`,
        ([, quoted, bare, value = '', unit = '']) => ({ env: quoted ?? bare, hours: readHours(value, unit) }),
      ],
      ['without alerts', () => ({ no_alerts: true })],
      optional,
    ],
    hint: 'Write it like: soak staging 24 h without alerts.',
  },
  manual: {
    clauses: [
      [String.raw`([a-z]+)\s+"([^"]*)"`, ([, role = '', question]) => ({ role: role.toLowerCase(), question })],
      optional,
    ],
    hint: `Write it like: ask qa "Did you look at the worst cases?" Who can be asked: ${askedRoles.join(', ')}.`,
  },
  metric: {
    clauses: metricClauses,
    hint: 'After the name of a metric come limits like: >= 0.8, at most 1% worse.',
  },
};
/** The checks of a text with one a line, or a refusal that names the lines that cannot be read. */
export function parseChecks(text: string, field = 'checks'): Check[] {
  const problems: string[] = [];
  const seen = new Map<string, number>();
  const checks = text.split('\n').flatMap((raw, index): Check[] => {
    const line = tidy(raw);
    if (line === '') return [];
    try {
      const check = parseLine(line);
      const twin = seen.get(subjectOf(check));
      if (twin !== undefined) throw new Refusal(`It asks for the same as line ${twin}. Put both in one line.`);
      seen.set(subjectOf(check), index + 1);
      return [check];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(`Line ${index + 1}: ${error.message}`);
      return [];
    }
  });
  if (problems.length > 0) throw new Refusal(problems.slice(0, 3).join(' '), { field });
  if (checks.length === 0) throw new Refusal('Write at least one check, such as: drift at most 30%', { field });
  if (checks.length > mostChecks)
    throw new Refusal(`A gate has at most ${mostChecks} checks; these are ${checks.length}.`, { field });
  return checks;
}

/** As phones and lists write it: curly quotes, a bullet before it. */
function tidy(line: string): string {
  return line
    .replaceAll(/[“”„]/g, '"')
    .trim()
    .replace(/^[•*-]\s+/, '');
}

function parseLine(line: string): Check {
  const quoted = /^"([^"]*)"/.exec(line);
  const head = quoted?.[1] ?? bareName.exec(line)?.[0] ?? '';
  const rest = line.slice(quoted ? quoted[0].length : head.length);
  if (head === '')
    throw new Refusal(`I do not understand "${clip(line, 60)}". Begin with what is checked, such as auc.`);
  const kind = quoted ? 'metric' : firstWordKind(head);
  const said = { ...eaten(rest, kinds[kind]), kind };
  switch (kind) {
    case 'metric':
      return checked(withDirection({ ...said, name: head }), kind);
    case 'soak':
      return checked({ no_alerts: false, ...said }, kind);
    case 'drift':
    case 'external':
    case 'infra':
    case 'manual':
      return checked(said, kind);
  }
}

/** The rest of a line, clause by clause; commas and "and" between them are free. */
function eaten(rest: string, { clauses, hint }: Kind): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  let left = rest;
  for (;;) {
    left = left.replace(/^(?:[\s,;.]+|and\b)+/i, '');
    if (left === '') return said;
    const hit = hitIn(clauses, left);
    if (!hit) throw new Refusal(`I do not understand "${clip(left, 60)}". ${hintFor(left, hint)}`);
    for (const [key, value] of Object.entries(hit.adds)) {
      if (key in said) throw new Refusal(`"${clip(hit.text, 60)}" says again what stands before it.`);
      said[key] = value;
    }
    left = left.slice(hit.text.length);
  }
}

function hitIn(clauses: readonly Clause[], left: string) {
  for (const [pattern, adds] of clauses) {
    const found = new RegExp(`^(?:${pattern})(?=[\\s,;]|\\.?$)`, 'iu').exec(left);
    if (found) return { text: found[0], adds: adds(found) };
  }
  return undefined;
}

function hintFor(left: string, hint: string): string {
  if (/^\d/.test(left)) return 'Write numbers with a point, like 0.8.';
  if (/^[<>](?!=)/.test(left)) return 'Write >= or <=: the limit itself is good.';
  return hint;
}

function withDirection(said: Record<string, unknown>): Record<string, unknown> {
  const { min, max, name: metric } = said;
  const comparing = comparesWithBaseline(said);
  const direction = said['direction'] ?? clearDirection(String(metric), min !== undefined, max !== undefined);
  if (direction === undefined && comparing)
    throw new Refusal(`Say also whether higher is better or lower is better for ${String(metric)}.`);
  if (!comparing && min === undefined && max === undefined)
    throw new Refusal(`It asks nothing of ${String(metric)} yet. Add a limit like >= 0.8, or at most 1% worse.`);
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    throw new Refusal(`Nothing is both >= ${min} and <= ${max}.`);
  return { ...said, direction: direction ?? 'higher' };
}

function checked(said: object, kind: Check['kind']): Check {
  const result = Check.safeParse(said);
  if (!result.success) {
    const issue = result.error.issues[0];
    if (issue?.code === 'invalid_type' && Object.hasOwn(said, issue.path.join('.')))
      throw new Refusal('A number in it is too large.');
    const isLeftOut = issue?.code === 'invalid_type' || issue?.code === 'invalid_value';
    throw new Refusal(isLeftOut ? kinds[kind].hint : (issue?.message ?? kinds[kind].hint));
  }
  const { data } = result;
  const asksNothing =
    data.kind === 'infra' && !data.loaded && data.p95_ms === undefined && data.error_rate === undefined;
  if (asksNothing) throw new Refusal(kinds.infra.hint);
  return data;
}

/** Two lines about the same would each hide the other's limit. */
function subjectOf(check: Check): string {
  switch (check.kind) {
    case 'metric':
      return `metric ${check.name}\n${check.slice ?? ''}`;
    case 'external':
      return `external ${check.name}`;
    case 'manual':
      return `manual ${check.role} ${check.question}`;
    case 'soak':
      return `soak ${check.env}`;
    case 'drift':
    case 'infra':
      return check.kind;
  }
}
