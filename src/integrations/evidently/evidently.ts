import { parseISO } from 'date-fns/parseISO';
import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { beyond, methodNamed } from './methods.ts';

interface DriftedColumn {
  readonly column: string;
  /** Evidently's short name of the method, such as `psi`; an unknown method keeps the name it came with. */
  readonly method: string;
  readonly methodLabel: string;
  /** In the unit of the method (a distance or a p-value); null where Evidently could not compute it. */
  readonly score: number | null;
  readonly threshold: number;
  /** The side of the threshold that means drift. */
  readonly direction: 'above' | 'below';
  readonly drifted: boolean;
  /** Why there is no score. */
  readonly problem?: string;
}

/** Shares of columns from 0 to 1; `limit` is the share from which the whole data set counts as drifted. */
interface DriftedShare {
  readonly share: number;
  readonly limit: number;
  readonly drifted: boolean;
}

export interface EvidentlyReport {
  readonly kind: 'report';
  readonly driftedShare?: DriftedShare;
  readonly columns: readonly DriftedColumn[];
  /** The share of missing values from 0 to 1; null for a column without rows. */
  readonly missing: readonly { readonly column: string; readonly share: number | null }[];
  /** Only when the body states one with its offset from UTC: Evidently's own stamps are local time of an unknown zone. */
  readonly timestamp?: Date;
}

type Path = readonly (string | number)[];

const Report = z.object({
  metrics: z.array(z.unknown()),
  tests: z.unknown().optional(),
  timestamp: z.iso
    .datetime({ offset: true })
    .transform((text) => parseISO(text))
    .optional()
    .catch(undefined),
});
const Metric = z.object({ id: z.string().optional(), config: z.object({ type: z.string() }) });
const DriftedColumnsCount = z.object({
  config: z.object({ drift_share: z.number().nullish() }),
  value: z.object({ share: z.number().nullable() }),
});
const ValueDrift = z.object({
  config: z.object({ column: z.string().min(1), method: z.string().min(1), threshold: z.number().nullish() }),
  value: z.number().nullable(),
});
const MissingValueCount = z.object({
  config: z.object({ column: z.string().min(1) }),
  value: z.object({ share: z.number().nullable() }),
});
const Test = z.object({ metric_config: z.object({ metric_id: z.string() }), status: z.string() });

const defaultDriftShare = 0.5;
const uncomputed = 'could not be computed';

/**
 * Reads the `json()` form of an Evidently 0.7 report. A test of the report decides whether its metric drifted;
 * without one the method's own rule does.
 */
export function readEvidently(body: string | Uint8Array): EvidentlyReport {
  const report = parse(Report, pythonJson(body), []);
  const verdicts = testVerdicts(report.tests);
  const columns: DriftedColumn[] = [];
  const missing: { column: string; share: number | null }[] = [];
  let driftedShare: DriftedShare | undefined;

  for (const [index, raw] of report.metrics.entries()) {
    if (isEmptyObject(raw)) continue;
    const path = ['metrics', index];
    const { id, config } = parse(Metric, raw, path);
    const tested = id === undefined ? undefined : verdicts.get(id);
    switch (config.type.replace(/^.*:/, '')) {
      case 'DriftedColumnsCount':
        driftedShare = readShare(raw, path, tested) ?? driftedShare;
        break;
      case 'ValueDrift':
        columns.push(readColumn(raw, path, tested));
        break;
      case 'MissingValueCount': {
        const metric = parse(MissingValueCount, raw, path);
        missing.push({ column: metric.config.column, share: metric.value.share });
        break;
      }
      default: // Evidently has some hundred metrics; only these speak of drift.
    }
  }
  return {
    kind: 'report',
    ...(driftedShare && { driftedShare }),
    columns,
    missing,
    ...(report.timestamp && { timestamp: report.timestamp }),
  };
}

function readShare(raw: unknown, path: Path, tested: boolean | undefined): DriftedShare | undefined {
  const { config, value } = parse(DriftedColumnsCount, raw, path);
  if (value.share === null) return undefined;
  const limit = config.drift_share ?? defaultDriftShare;
  return { share: value.share, limit, drifted: tested ?? value.share >= limit };
}

function readColumn(raw: unknown, path: Path, tested: boolean | undefined): DriftedColumn {
  const { config, value: score } = parse(ValueDrift, raw, path);
  const { column } = config;
  const method = methodNamed(config.method);
  if (method) {
    const threshold = config.threshold ?? method.threshold;
    const named = { column, method: method.name, methodLabel: method.label, threshold, direction: method.direction };
    if (score === null) return { ...named, score, drifted: tested ?? false, problem: uncomputed };
    return { ...named, score, drifted: tested ?? beyond(score, threshold, method) };
  }
  const { threshold } = config;
  if (threshold === undefined || threshold === null) {
    throw new Refusal(`The method "${config.method}" is not one of Evidently's and has no threshold.`, {
      field: field([...path, 'config', 'threshold']),
    });
  }
  const named = { column, method: config.method, methodLabel: config.method, threshold };
  if (score === null) return { ...named, score, direction: 'above', drifted: tested ?? false, problem: uncomputed };
  if (tested === undefined) {
    throw new Refusal(
      `The method "${config.method}" is not one of Evidently's, so only a test can say whether "${column}" drifted: ` +
        'make the report with include_tests=True.',
      { field: field([...path, 'config', 'method']) },
    );
  }
  return { ...named, score, direction: score > threshold === tested ? 'above' : 'below', drifted: tested };
}

/** Metric id → failed. A test that was skipped or broke says nothing. A non-critical test fails as WARNING. */
function testVerdicts(tests: unknown): ReadonlyMap<string, boolean> {
  const verdicts = new Map<string, boolean>();
  if (tests === undefined || tests === null || isEmptyObject(tests)) return verdicts;
  for (const [index, raw] of parse(z.array(z.unknown()), tests, ['tests']).entries()) {
    if (isEmptyObject(raw)) continue;
    const test = parse(Test, raw, ['tests', index]);
    const id = test.metric_config.metric_id;
    const status = test.status.toUpperCase();
    if (status === 'FAIL' || status === 'WARNING') verdicts.set(id, true);
    else if (status === 'SUCCESS' && !verdicts.has(id)) verdicts.set(id, false);
  }
  return verdicts;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** `metrics[3].config.threshold` */
function field(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, path: Path): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const inner = (issue?.path ?? []).map((key) => (typeof key === 'number' ? key : String(key)));
  const where = field([...path, ...inner]) || 'body';
  throw new Refusal(`This is not a report of Evidently 0.7: ${where}: ${issue?.message ?? 'malformed'}.`, {
    field: where,
  });
}
