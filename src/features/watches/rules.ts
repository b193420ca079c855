import { Refusal } from '../../lib/refusal.ts';
import { stepColumns, type Window } from '../drift/columns.ts';
import { histogramMethod } from '../drift/detectors/methods.ts';
import { Rule, settingsOf } from '../drift/detectors/rule.ts';
import type { Columns, Severity, Watch } from '../drift/schema.ts';
import type { Terms } from '../drift/words.ts';

export const ways = ['threshold', 'cusum', 'weekday', 'sigma', 'ewma', 'change', 'missing_share'] as const;
export type Way = (typeof ways)[number];

/**
 * What a person filled in. `what` is a metric ("m:accuracy"), a way to compare features ("h:psi"), or what a tool
 * judges itself ("v:drift report").
 */
export interface Asked {
  readonly what: string;
  readonly column: string;
  readonly way: string;
  readonly direction: string;
  readonly limit: number | undefined;
  readonly windows: number;
  readonly rows: number;
  readonly severity: Severity;
  readonly lateHours: number | undefined;
}

/** A rule as it will be kept, but for its reference. */
export type Draft = Terms & Pick<Watch, 'severity'> & { readonly rule: unknown };

const hour = 3600;

/** Refuses what makes no rule, naming the input. */
export function draftOf(asked: Asked): Draft {
  const { severity, windows: consecutive, rows: minRows, lateHours } = asked;
  const common = { severity, consecutive, clearConsecutive: 2, cooldown: 0, minRows };
  const lateSeconds = Math.round((lateHours ?? 0) * hour);
  const [kind, name] = [asked.what.slice(0, 2), asked.what.slice(2)];
  if (kind === 'h:') return { ...common, lateSeconds: 0, ...ofFeatures(name, asked) };
  if (kind === 'v:') return { ...common, lateSeconds: 0, ...ofVerdicts(name, asked.column) };
  const rule = ruleFrom(asked);
  const { direction, raiseAt, clearAt } = settingsOf(rule);
  const limits = { direction, raiseAt, clearAt };
  return { ...common, lateSeconds, metric: name, column: asked.column, method: rule.method, ...limits, rule };
}

function ofFeatures(name: string, { limit, severity }: Asked) {
  const method = histogramMethod(name);
  if (!method) throw new Refusal('I do not know this way to compare features.', { field: 'what' });
  const raiseAt = limit ?? (severity === 'warning' ? method.warn : method.alert);
  if (raiseAt <= 0) throw new Refusal('The limit has to be above 0.', { field: 'limit' });
  const clearAt = method.direction === 'above' ? raiseAt * 0.75 : raiseAt;
  const { direction } = method;
  return { metric: 'features', column: '', method: method.name, direction, raiseAt, clearAt, rule: {} };
}

function ofVerdicts(metric: string, column: string) {
  return { metric, column, method: 'verdict', direction: 'above' as const, raiseAt: 0, clearAt: 0, rule: {} };
}

function ruleFrom({ way, direction, limit }: Asked): Rule {
  if (way === 'threshold') {
    if (limit === undefined) throw new Refusal('Say the limit.', { field: 'limit' });
    if (direction === 'both') {
      throw new Refusal('A fixed limit has one bad side: above or below.', { field: 'direction' });
    }
  }
  const parsed = Rule.safeParse({ method: way, direction, ...(limit !== undefined && { limit }) });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(`${issue?.message ?? 'This makes no rule'}.`, { field: String(issue?.path[0] ?? 'way') });
}

/** One alert that the rule would have raised. `until` is null where it would still stand. */
export interface Raise {
  readonly at: Date;
  readonly until: Date | null;
  readonly columns: readonly string[];
}

/** What the rule would have done with these windows, oldest first. */
export function replay(draft: Draft, windows: readonly Window[]): { raises: Raise[]; judged: number } {
  let columns: Columns = {};
  const raises: Raise[] = [];
  let judged = 0;
  for (const window of windows) {
    const before = isFiring(columns);
    const stepped = stepColumns(columns, window, draft);
    columns = stepped.columns;
    if (window.findings.some(({ score }) => score !== null)) judged += 1;
    const now = isFiring(columns);
    if (now && !before) raises.push({ at: window.at, until: null, columns: firingNames(columns) });
    const last = raises.at(-1);
    if (before && !now && last) raises[raises.length - 1] = { ...last, until: window.at };
  }
  return { raises, judged };
}

const isFiring = (columns: Columns) => Object.values(columns).some(({ state }) => state === 'firing');
const firingNames = (columns: Columns) =>
  Object.values(columns)
    .filter(({ state }) => state === 'firing')
    .map(({ finding }) => finding.column)
    .filter((name) => name !== '');
