import type { Check } from '../schema.ts';
import { comparesWithBaseline } from './comparing.ts';
import { clearDirection } from './direction.ts';
import { asPercent, sayHours } from './numbers.ts';

/** A line begins with one of these words, or with the name of a metric. */
const firstWords = { drift: 'drift', external: 'external', serving: 'infra', soak: 'soak', ask: 'manual' } as const;

export const bareName = /^[\p{L}\p{N}_][^\s,"<>=≤≥]*/u;

export function firstWordKind(head: string): Check['kind'] {
  return Object.entries(firstWords).find(([word]) => word === head.toLowerCase())?.[1] ?? 'metric';
}

export function printChecks(checks: readonly Check[]): string {
  return checks.map(printCheck).join('\n');
}

/** One check as a line that reads back as the same check. */
export function printCheck(check: Check): string {
  const parts = partsOf(check).filter((part) => part !== undefined && part !== '');
  return [...parts, ...(check.required ? [] : ['optional'])].join(', ');
}

function partsOf(check: Check): (string | undefined)[] {
  switch (check.kind) {
    case 'metric':
      return metricParts(check);
    case 'drift':
      return [`drift at most ${asPercent(check.max_drifted_share)}`];
    case 'external':
      return [`external "${check.name}"`];
    case 'infra': {
      const { loaded, p95_ms, error_rate } = check;
      const asked = [
        ...(loaded ? ['loads'] : []),
        ...(p95_ms === undefined ? [] : [`p95_ms <= ${p95_ms}`]),
        ...(error_rate === undefined ? [] : [`error_rate <= ${asPercent(error_rate)}`]),
      ];
      return [`serving ${asked.join(', ')}`];
    }
    case 'soak':
      return [`soak ${quotedIfOdd(check.env)} ${check.hours} h${check.no_alerts ? ' without alerts' : ''}`];
    case 'manual':
      return [`ask ${check.role} "${check.question}"`];
  }
}

function metricParts(check: Extract<Check, { kind: 'metric' }>): (string | undefined)[] {
  const { min, max, slice, direction } = check;
  const clear = clearDirection(check.name, min !== undefined, max !== undefined);
  const isSaid = clear === undefined ? comparesWithBaseline(check) || direction === 'lower' : clear !== direction;
  const bounds = [min !== undefined && `>= ${min}`, max !== undefined && `<= ${max}`].filter((each) => each !== false);
  const of = slice === undefined ? '' : ` for ${quotedIfOdd(slice)}`;
  const [first, ...others] = bounds;
  return [
    `${quotedIfOdd(check.name)}${of}${first === undefined ? '' : ` ${first}`}`,
    ...others,
    isSaid ? `${direction} is better` : undefined,
    changed(check.max_regression_rel, '%', 'at most', 'worse'),
    changed(check.max_regression_abs, '', 'at most', 'worse'),
    changed(check.min_gain_rel, '%', 'at least', 'better'),
    changed(check.min_gain_abs, '', 'at least', 'better'),
    check.min_samples === undefined ? undefined : `from at least ${check.min_samples} samples`,
    check.max_age === undefined ? undefined : `not older than ${sayHours(check.max_age)}`,
    check.on_missing_baseline && `${check.on_missing_baseline === 'pass' ? 'passes' : 'fails'} without a live version`,
  ];
}

function changed(value: number | undefined, unit: '%' | '', before: string, after: string): string | undefined {
  return value === undefined ? undefined : `${before} ${unit ? asPercent(value) : value} ${after}`;
}

/** Bare where it would be read back as a name. */
function quotedIfOdd(text: string): string {
  const isBare = bareName.exec(text)?.[0] === text && firstWordKind(text) === 'metric' && text.toLowerCase() !== 'and';
  return isBare ? text : `"${text}"`;
}
