import type { Reference } from './reference.ts';
import type { Rule } from './rule.ts';
import { normalAt, type Score, unscored } from './scores.ts';

const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** The arithmetic behind one score, with its numbers. */
export function wordsOf(rule: Rule, at: Date, score: Score, reference: Reference | null): string {
  if (score.score === null) return unscored[score.why];
  const { value, normal, away, n, gathered = 0 } = score;
  const said = precise.format(value);
  switch (rule.method) {
    case 'threshold':
      return `${said} is ${isBeyond(rule, value) ? '' : 'not '}${rule.direction} the limit of ${precise.format(rule.limit)}.`;
    case 'change': {
      const past = rule.baseline === undefined ? `the reference mean` : 'the baseline';
      const source = rule.baseline === undefined && reference ? ` (${windowsOf(reference)})` : '';
      return `${said} is ${distance(away, rule.unit)} ${past} ${precise.format(normal)}${source}; ${limitOf(rule)}.`;
    }
    case 'weekday': {
      const weeks = n === rule.weeks ? `the last ${n}` : `${n} of the last ${rule.weeks}`;
      const std = reference && rule.unit === 'sigma' ? ` (${sigma(normalAt(reference, at, true).std)})` : '';
      const past = `${precise.format(normal)}, the mean of ${weeks} ${weekday(at)}s${std}`;
      return `${said} is ${distance(away, rule.unit)} ${past}; ${limitOf(rule)}.`;
    }
    case 'sigma':
      return `${deviation(rule, at, score, reference)}; ${limitOf(rule)}.`;
    case 'ewma': {
      const all = `The running mean, in which each window counts ${share.format(rule.lambda)}, is ${short.format(Math.abs(gathered))} ${side(gathered)}`;
      return `${deviation(rule, at, score, reference)}. ${all}, ${short.format(score.score)} times its own spread; ${limitOf(rule)}.`;
    }
    case 'cusum': {
      const all = `What goes beyond ${short.format(rule.slack)} in each window has piled up to ${short.format(Math.abs(gathered))}`;
      return `${deviation(rule, at, score, reference)}. ${all}${gathered === 0 ? '' : ` ${side(gathered)}`}; ${limitOf(rule)}.`;
    }
    case 'missing_share': {
      const more = `${points(Math.abs(away))} ${away < 0 ? 'fewer' : 'more'} than ${reference ? "the reference's " : ''}${share.format(normal)}`;
      return `${share.format(value)} are missing, ${more}; the limit is ${points(rule.limit)}.`;
    }
  }
}

function deviation(
  rule: { readonly byWeekday: boolean },
  at: Date,
  { value, normal, away }: { readonly value: number; readonly normal: number; readonly away: number },
  reference: Reference | null,
): string {
  const ofDay = rule.byWeekday && reference?.season ? ` of ${weekday(at)}s` : '';
  const basis = reference ? ` (${sigma(normalAt(reference, at, rule.byWeekday).std)}, ${windowsOf(reference)})` : '';
  return `${precise.format(value)} is ${distance(away, 'sigma')} the reference mean${ofDay} ${precise.format(normal)}${basis}`;
}

function distance(away: number, unit: 'value' | 'share' | 'sigma'): string {
  if (away === 0) return 'exactly';
  return `${amount(Math.abs(away), unit)} ${side(away)}`;
}

function amount(size: number, unit: 'value' | 'share' | 'sigma'): string {
  if (unit === 'value') return precise.format(size);
  return unit === 'share' ? share.format(size) : `${short.format(size)} standard deviations`;
}

function limitOf(rule: Exclude<Rule, { method: 'threshold' | 'missing_share' }>): string {
  const unit = 'unit' in rule && rule.unit !== 'sigma' ? rule.unit : 'value';
  return `the limit is ${amount(rule.limit, unit)}${rule.direction === 'both' ? '' : ` ${rule.direction}`}`;
}

function isBeyond({ direction, limit }: Rule & { method: 'threshold' }, value: number): boolean {
  return direction === 'above' ? value > limit : value < limit;
}

const side = (away: number) => (away < 0 ? 'below' : 'above');
const sigma = (std: number) => `σ ${precise.format(std)}`;
const points = (size: number) => `${short.format(100 * size)} points`;
const weekday = (at: Date) => at.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });

/** "28 windows of 1 to 28 Oct 2026" */
function windowsOf({ n, from, until }: Reference): string {
  const [first, last] = [new Date(from), new Date(until)];
  const sameMonth = from.slice(0, 7) === until.slice(0, 7);
  const sameYear = from.slice(0, 4) === until.slice(0, 4);
  const started = first.toLocaleDateString('en-GB', {
    day: 'numeric',
    timeZone: 'UTC',
    ...(!sameMonth && { month: 'short' }),
    ...(!sameYear && { year: 'numeric' }),
  });
  const ended = last.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return `${n} windows of ${started} to ${ended}`;
}
