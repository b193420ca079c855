import { readFileSync, writeFileSync } from 'node:fs';
import { Rule } from '../src/features/drift/detectors/rule.ts';
import { median, table } from './figures.ts';
import { days, naive, type Outcome, replay, type Scenario, watcherOf } from './replay.ts';

/** Every rule on the same made-up metrics: how often it cries wolf, and how long a true change takes to be found. */
const began = performance.now();
const runs = 1000;
const page = new URL('../docs/detection.md', import.meta.url);
const [tableStarts, tableEnds] = ['<!-- table: npm run bench:detection -->', '<!-- end of table -->'];

const stepOf = (size: number) => () => size;
const scenarios: readonly Scenario[] = [
  { name: 'steady noise' },
  { name: 'weekly season', weekend: 3 },
  { name: 'step of 1 σ', shift: stepOf(1) },
  { name: 'step of 1.5 σ', shift: stepOf(1.5) },
  { name: 'step of 2 σ', shift: stepOf(2) },
  { name: 'step of 3 σ', shift: stepOf(3) },
  { name: 'step of 5 σ', shift: stepOf(5) },
  { name: 'ramp of 0.1 σ a day', shift: (day) => 0.1 * (day + 1) },
  { name: 'weekly season, step of 2 σ', weekend: 3, shift: stepOf(2) },
  { name: '15% of days missing, step of 2 σ', missing: 0.15, shift: stepOf(2) },
  { name: '20% of days late, step of 2 σ', late: 0.2, shift: stepOf(2) },
];
const watchers = [
  { name: 'defaults', watcher: watcherOf(Rule.parse({ method: 'cusum' })) },
  { name: '3 σ', watcher: naive(3) },
  { name: '2 σ', watcher: naive(2) },
] as const;

interface Figures {
  /** In 1,000 quiet windows. */
  readonly falseAlarms: number;
  readonly windows: number | null;
  readonly missed: number | null;
}

function figuresOf(outcomes: readonly Outcome[]): Figures {
  const total = (of: (outcome: Outcome) => number) => outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  const found = outcomes.flatMap((outcome) => (outcome.found === null ? [] : [outcome.found]));
  const missed = found.filter((windows) => windows === Number.POSITIVE_INFINITY).length;
  return {
    falseAlarms: (1000 * total((each) => each.falseAlarms)) / total((each) => each.quietWindows),
    windows: found.length === 0 ? null : median(found),
    missed: found.length === 0 ? null : missed / found.length,
  };
}

const all = scenarios.map((scenario, nth) =>
  watchers.map(({ watcher }) => Array.from({ length: runs }, (_, run) => replay(scenario, nth * runs + run, watcher))),
);
const overall = watchers.map((_, i) => figuresOf(all.flatMap((outcomes) => outcomes[i] ?? [])));

const falseAlarmsOf = ({ falseAlarms }: Figures) => falseAlarms.toFixed(1);
function foundOf({ windows, missed }: Figures): string {
  if (windows === null || missed === null) return '–';
  const share = missed > 0 && missed < 0.005 ? '<1' : (100 * missed).toFixed(0);
  return `${windows === Number.POSITIVE_INFINITY ? 'over 28' : windows} (${share}%)`;
}
const rowOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const figureRow = (name: string, figures: readonly Figures[]) =>
  rowOf([name, ...figures.map(falseAlarmsOf), ...figures.map(foundOf)]);
const lines = [
  rowOf([
    '',
    ...watchers.map(({ name }) => `false alarms, ${name}`),
    ...watchers.map(({ name }) => `found after, ${name}`),
  ]),
  rowOf(['---', ...watchers.map(() => '---:'), ...watchers.map(() => '---:')]),
  ...scenarios.map(({ name }, i) => figureRow(name, (all[i] ?? []).map(figuresOf))),
  figureRow('**overall**', overall),
];

const text = readFileSync(page, 'utf8');
const [start, end] = [text.indexOf(tableStarts), text.indexOf(tableEnds)];
if (start < 0 || end < start) throw new Error('docs/detection.md has lost the marks around its table');
writeFileSync(page, `${text.slice(0, start)}${tableStarts}\n\n${lines.join('\n')}\n\n${text.slice(end)}`);

process.stdout.write(`\n${lines.join('\n')}\n`);
const [ours, three] = overall;
if (!ours || !three) throw new Error('nothing was replayed');
table(`detection, ${scenarios.length} x ${runs} series of ${days.reference + days.quiet + days.after} days`, [
  ['false alarms in 1,000 quiet windows', falseAlarmsOf(ours), ours.falseAlarms / three.falseAlarms],
  ['windows to detection, median (missed)', foundOf(ours), (ours.windows ?? 0) / (three.windows ?? 1)],
  ['seconds', ((performance.now() - began) / 1000).toFixed(1)],
]);
const isWorse = (of: (figures: Figures) => number | null) => (of(ours) ?? 0) >= (of(three) ?? 0);
if (
  [isWorse((each) => each.falseAlarms), isWorse((each) => each.windows), isWorse((each) => each.missed)].includes(true)
) {
  process.stdout.write('The defaults are no better than a fixed limit at 3 standard deviations.\n');
  process.exitCode = 1;
}
