import { parseISO } from 'date-fns/parseISO';
import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
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
  /** Of the current data, where the report counts them. */
  readonly rows?: number;
  /** Only when the body states one with its offset from UTC: Evidently's own stamps are local time of an unknown zone. */
  readonly timestamp?: Date;
}

export type Path = readonly (string | number)[];

/** One metric, read out of either form of a report, with the places where its parts stand in the body. */
export interface Placed {
  readonly type: string;
  readonly config: unknown;
  readonly configAt: Path;
  readonly value: unknown;
  readonly valueAt: Path;
  /** What its tests say: whether one failed. */
  readonly tested: boolean | undefined;
}

/** Local time of an unknown zone is no instant, so a stamp without its offset counts as none. */
export const Stamp = z
  .string()
  .transform((text) => text.replace(' ', 'T'))
  .pipe(z.iso.datetime({ offset: true }))
  .transform((text) => parseISO(text))
  .optional()
  .catch(undefined);
const Report = z.object({ metrics: z.array(z.unknown()), tests: z.unknown().optional(), timestamp: Stamp });
const Metric = z.object({
  id: z.string().optional(),
  config: z.looseObject({ type: z.string() }),
  value: z.unknown().optional(),
});
const DriftedColumnsCount = z.object({ drift_share: z.number().nullish() });
const ValueDrift = z.object({
  column: z.string().min(1),
  method: z.string().min(1),
  threshold: z.number().nullish(),
});
const MissingValueCount = z.object({ column: z.string().min(1) });
const Share = z.object({ share: z.number().nullable() });
const Count = z.int().min(0);
const Test = z.object({ metric_config: z.object({ metric_id: z.string() }), status: z.string() });

const defaultDriftShare = 0.5;
const uncomputed = 'could not be computed';

/**
 * Reads the `json()` form of an Evidently 0.7 report. A test of the report decides whether its metric drifted;
 * without one the method's own rule does.
 */
export function readEvidently(body: string | Uint8Array): EvidentlyReport {
  return readJsonForm(pythonJson(body));
}

export function readJsonForm(value: unknown): EvidentlyReport {
  const report = parse(Report, value, []);
  const verdicts = testVerdicts(report.tests, ['tests']);
  const placed = report.metrics.flatMap((raw, index): Placed[] => {
    if (isEmptyObject(raw)) return [];
    const path = ['metrics', index];
    const { id, config, value } = parse(Metric, raw, path);
    const tested = id === undefined ? undefined : verdicts.get(id);
    return [{ type: config.type, config, configAt: [...path, 'config'], value, valueAt: [...path, 'value'], tested }];
  });
  return reportOf(placed, report.timestamp);
}

export function reportOf(metrics: readonly Placed[], timestamp: Date | undefined): EvidentlyReport {
  const columns: DriftedColumn[] = [];
  const missing: { column: string; share: number | null }[] = [];
  let driftedShare: DriftedShare | undefined;
  let rows: number | undefined;

  for (const metric of metrics) {
    switch (metric.type.replace(/^.*:/, '')) {
      case 'DriftedColumnsCount':
        driftedShare = readShare(metric) ?? driftedShare;
        break;
      case 'ValueDrift':
        columns.push(readColumn(metric));
        break;
      case 'MissingValueCount': {
        const { column } = parse(MissingValueCount, metric.config, metric.configAt);
        missing.push({ column, share: parse(Share, metric.value, metric.valueAt).share });
        break;
      }
      case 'RowCount':
        rows = Count.safeParse(metric.value).data ?? rows;
        break;
      default: // Evidently has some hundred metrics; only these speak of drift.
    }
  }
  return {
    kind: 'report',
    ...(driftedShare && { driftedShare }),
    columns,
    missing,
    ...(rows !== undefined && { rows }),
    ...(timestamp && { timestamp }),
  };
}

function readShare({ config, configAt, value, valueAt, tested }: Placed): DriftedShare | undefined {
  const { drift_share: limit } = parse(DriftedColumnsCount, config, configAt);
  const { share } = parse(Share, value, valueAt);
  if (share === null) return undefined;
  return { share, limit: limit ?? defaultDriftShare, drifted: tested ?? share >= (limit ?? defaultDriftShare) };
}

function readColumn({ config: raw, configAt, value, valueAt, tested }: Placed): DriftedColumn {
  const config = parse(ValueDrift, raw, configAt);
  const score = parse(z.number().nullable(), value, valueAt);
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
      field: field([...configAt, 'threshold']),
    });
  }
  const named = { column, method: config.method, methodLabel: config.method, threshold };
  if (score === null) return { ...named, score, direction: 'above', drifted: tested ?? false, problem: uncomputed };
  if (tested === undefined) {
    throw new Refusal(
      `The method "${config.method}" is not one of Evidently's, so only a test can say whether "${column}" drifted: ` +
        'make the report with include_tests=True.',
      { field: field([...configAt, 'method']) },
    );
  }
  return { ...named, score, direction: score > threshold === tested ? 'above' : 'below', drifted: tested };
}

/** Metric id → failed. A test that was skipped or broke says nothing. A non-critical test fails as WARNING. */
export function testVerdicts(tests: unknown, path: Path): ReadonlyMap<string, boolean> {
  const verdicts = new Map<string, boolean>();
  if (tests === undefined || tests === null || isEmptyObject(tests)) return verdicts;
  for (const [index, raw] of parse(z.array(z.unknown()), tests, path).entries()) {
    if (isEmptyObject(raw)) continue;
    const test = parse(Test, raw, [...path, index]);
    const id = test.metric_config.metric_id;
    const status = test.status.toUpperCase();
    if (status === 'FAIL' || status === 'WARNING') verdicts.set(id, true);
    else if (status === 'SUCCESS' && !verdicts.has(id)) verdicts.set(id, false);
  }
  return verdicts;
}

export function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** `metrics[3].config.threshold` */
function field(path: Path): string {
  return z.core.toDotPath(path) || 'body';
}

export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, path: Path): z.output<Schema> {
  return parsedAs(schema, value, 'a report of Evidently', path);
}
