import { capital } from '../../../lib/capital.ts';
import type { Facts, MetricCheck } from '../schema.ts';
import { compareMetric, comparesWithBaseline, gainOf } from './comparing.ts';
import { type Judged, type Material, postedUnder } from './material.ts';
import { figures, roughPercent, sayHours } from './numbers.ts';

type Datasets = Readonly<Record<string, string>>;

interface Measured {
  readonly value: number;
  readonly samples: number | undefined;
  readonly datasets: Datasets;
  readonly at: string;
  readonly from: string;
}

const hourMs = 3_600_000;

export function judgeMetric(check: MetricCheck, material: Material): Judged {
  const { version, baseline, said } = material;
  const own = measuredOf(check, material, version, said.candidate);
  const compares = comparesWithBaseline(check);
  const base = compares && baseline !== null ? measuredOf(check, material, baseline, said.baseline) : undefined;
  const used = { candidate: own ?? null, ...(compares && { baseline: base ?? null }) };
  if (!own) return { ...withoutNumber(check, material), used };

  // What stands against it whatever the live version has.
  const { max_regression_abs: _a, max_regression_rel: _b, min_gain_abs: _c, min_gain_rel: _d, ...alone } = check;
  const bounds = compareMetric(own.value, null, own.samples, alone);
  const open = bounds.result === 'pass' ? openQuestion(check, material, own, base) : undefined;
  if (open) return { ...open, outcome: 'inconclusive', used };
  const { result, failed } = compareMetric(own.value, base?.value ?? null, own.samples, check);
  return { outcome: result, failed, used, ...inWords(check, material, own, base, failed) };
}

/** Posted numbers come first: somebody sent them for this. */
function measuredOf(
  { name, slice }: MetricCheck,
  material: Material,
  version: string,
  facts: Facts | null,
): Measured | undefined {
  const posted = postedUnder(material, { version, kinds: ['metric', 'infra'], name, slice });
  if (posted && posted.value !== null) {
    const { value, samples, dataset, at } = posted;
    const datasets: Datasets = dataset === null ? {} : { '': dataset };
    return { value, samples: samples ?? undefined, datasets, at: at.toISOString(), from: 'posted' };
  }
  const value = facts && ownNumber(facts.metrics, loggedName(name, slice));
  if (!facts || value === undefined || value === null || !Number.isFinite(value)) return undefined;
  // What mlflow.evaluate logs beside its metrics. That of the whole run says nothing of a slice.
  const samples = ownNumber(facts.metrics, loggedName('example_count', slice));
  return { value, samples, datasets: datasetsOf(facts), at: facts.at, from: material.said.registry ?? 'registry' };
}

/** Of a slice it is logged after a slash. */
export function loggedName(name: string, slice: string | undefined): string {
  return slice === undefined ? name : `${name}/${slice}`;
}

function ownNumber(of: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

function datasetsOf({ datasets, tags }: Facts): Datasets {
  const { dataset } = tags;
  return Object.keys(datasets).length === 0 && dataset !== undefined ? { '': dataset } : datasets;
}

/**
 * Names that both have must agree; where they share no name, one digest in common is enough. Where only one of both
 * says its data, nobody knows whether it is the same.
 */
export function isOtherData(a: Datasets, b: Datasets): boolean {
  const [mine, theirs] = [Object.entries(a), new Map(Object.entries(b))];
  if (mine.length === 0 || theirs.size === 0) return mine.length !== theirs.size;
  const common = mine.filter(([name]) => theirs.has(name));
  if (common.length > 0) return common.some(([name, digest]) => theirs.get(name) !== digest);
  return !mine.some(([, digest]) => [...theirs.values()].includes(digest));
}

function withoutNumber(check: MetricCheck, { version, said }: Material): Omit<Judged, 'used'> {
  const outcome = check.required ? 'missing' : 'skipped';
  if (said.trouble !== null && check.required)
    return {
      outcome: 'inconclusive',
      failed: ['registry_silent'],
      because: said.trouble,
      todo: 'Check again when it answers',
    };
  const name = loggedName(check.name, check.slice);
  const log = said.registry === null ? '' : `Log ${name} in the run of version ${version}, or `;
  const post = `post ${check.name}${check.slice === undefined ? '' : ` with the slice ${check.slice}`} to /api/v1/evidence`;
  return {
    outcome,
    failed: ['no_value'],
    because: `Nobody said what ${name} of version ${version} is`,
    todo: `${log}${log === '' ? capital(post) : post}, then check again`,
  };
}

/** Why the number cannot be judged though it is there; undefined where it can. */
function openQuestion(
  check: MetricCheck,
  material: Material,
  own: Measured,
  base: Measured | undefined,
): Pick<Judged, 'failed' | 'because' | 'todo'> | undefined {
  const { now, version, baseline, said } = material;
  const { max_age: oldest } = check;
  const value = figures(own.value);
  if (own.samples === 0)
    return {
      failed: ['too_few_samples'],
      because: `${value} is from no sample at all`,
      todo: 'Measure it where there is data, or take this line out, then check again',
    };
  if (oldest !== undefined && now.getTime() - Date.parse(own.at) > oldest * hourMs)
    return {
      failed: ['too_old'],
      because: `${value} is from ${own.at.slice(0, 10)}, older than ${sayHours(oldest)}`,
      todo: 'Measure it anew, then check again',
    };
  if (!comparesWithBaseline(check)) return undefined;
  if (!said.isBaselineKnown && said.trouble !== null)
    return {
      failed: ['registry_silent'],
      because: `${value}, but which version is live is not known: ${said.trouble}`,
      todo: 'Check again when it answers',
    };
  if (baseline !== null && !base && check.on_missing_baseline === undefined)
    return {
      failed: ['no_baseline_value'],
      because: `${value}, but nobody said what ${check.name} of version ${baseline} is, which is live`,
      todo: `Post ${check.name} of version ${baseline} to /api/v1/evidence, or add "passes without a live version" to the line`,
    };
  if (base && isOtherData(own.datasets, base.datasets))
    return {
      failed: ['other_data'],
      because: `Version ${version} (${value}) was measured on ${dataWords(own)}, version ${baseline} (${figures(base.value)}) on ${dataWords(base)}: they do not compare`,
      todo: 'Measure both on the same data set and say which (its digest), then check again',
    };
  return undefined;
}

function dataWords({ datasets }: Measured): string {
  const named = Object.entries(datasets).map(([name, digest]) => (name ? `${name} ${digest}` : digest));
  if (named.length === 0) return 'nobody said which data';
  return `the data set ${named.slice(0, 3).join(' and ')}`;
}

function inWords(
  check: MetricCheck,
  { baseline }: Material,
  own: Measured,
  base: Measured | undefined,
  failed: readonly string[],
): Pick<Judged, 'because' | 'todo'> {
  const value = figures(own.value);
  if (failed.includes('too_few_samples'))
    return {
      because: `${value} ${own.samples === undefined ? 'says not from how many samples it is' : `is from ${own.samples} samples`}; ${check.min_samples} are asked for`,
      todo: 'Measure it on more samples, then check again',
    };
  const missed = failed.map((name) => missedBy(name, check, own.value, base?.value));
  if (missed.length > 0) return { because: `${value}${beside(baseline, base)} ${missed.join('; it ')}` };
  const first = comparesWithBaseline(check) && !base ? '; there is nothing live to compare it with yet' : '';
  return { because: `${value}${beside(baseline, base)}${first}` };
}

function beside(baseline: string | null, base: Measured | undefined): string {
  return base ? ` (version ${baseline}, which is live: ${figures(base.value)})` : '';
}

function missedBy(name: string, check: MetricCheck, value: number, base = 0): string {
  const gain = gainOf(check.direction, value, base);
  const [abs, rel] = [figures(Math.abs(gain.abs)), roughPercent(Math.abs(gain.rel))];
  const side = gain.abs < 0 ? 'worse' : 'better';
  switch (name) {
    case 'min':
      return `is under ${check.min}`;
    case 'max':
      return `is over ${check.max}`;
    case 'max_regression_abs':
      return `is ${abs} worse; at most ${check.max_regression_abs} is allowed`;
    case 'max_regression_rel':
      return `is ${rel} worse; at most ${roughPercent(check.max_regression_rel ?? 0)} is allowed`;
    case 'min_gain_abs':
      return `is ${abs} ${side}; at least ${check.min_gain_abs} better is asked for`;
    case 'min_gain_rel':
      return `is ${rel} ${side}; at least ${roughPercent(check.min_gain_rel ?? 0)} better is asked for`;
    default:
      return 'has no live version to be compared with';
  }
}
