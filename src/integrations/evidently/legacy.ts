import { z } from 'zod';
import type { HeardFinding, HeardReport } from '../../features/sources/heard.ts';
import { isEmptyObject, parse, type Path, Stamp } from './evidently.ts';
import { methodNamed } from './methods.ts';

const Score = z.number().nullish();
const Report = z.object({ metrics: z.array(z.unknown()), timestamp: Stamp });
const Metric = z.object({ metric: z.string(), result: z.unknown().optional() });
const Dataset = z.object({ share_of_drifted_columns: Score, dataset_drift: z.boolean() });
const Column = z.object({
  column_name: z.string().min(1),
  stattest_name: z.string().min(1),
  stattest_threshold: Score,
  drift_score: Score,
  drift_detected: z.boolean(),
});
const Table = Dataset.extend({ drift_by_columns: z.record(z.string(), z.unknown()) });

const Suite = z.object({ tests: z.array(z.unknown()), timestamp: Stamp });
const Test = z.object({ name: z.string(), status: z.string(), parameters: z.unknown().optional() });
const Tested = z.object({
  stattest: z.string().min(1),
  score: Score,
  threshold: Score,
  detected: z.boolean(),
});
const TestedColumn = Tested.extend({ column_name: z.string().min(1) });
const TestedDataset = z.object({ features: z.record(z.string(), Tested) });

/** A Report of 0.4 to 0.6. Of its metrics three speak of drift, and each says itself whether there is some. */
export function readLegacyReport(value: unknown): HeardReport {
  const { metrics, timestamp } = parse(Report, value, []);
  const findings: HeardFinding[] = [];
  let whole: z.output<typeof Dataset> | undefined;
  for (const [index, raw] of metrics.entries()) {
    if (isEmptyObject(raw)) continue;
    const { metric, result } = parse(Metric, raw, ['metrics', index]);
    const path = ['metrics', index, 'result'];
    if (metric === 'DatasetDriftMetric') whole = parse(Dataset, result, path);
    if (metric === 'ColumnDriftMetric') findings.push(columnOf(result, path));
    if (metric === 'DataDriftTable') {
      const table = parse(Table, result, path);
      whole ??= table;
      for (const [name, column] of Object.entries(table.drift_by_columns)) {
        findings.push(columnOf(column, [...path, 'drift_by_columns', name]));
      }
    }
  }
  return heard(findings, timestamp, whole?.dataset_drift, whole?.share_of_drifted_columns);
}

/** A TestSuite of 0.4 to 0.6. A test that was skipped or broke says nothing. */
export function readLegacySuite(value: unknown): HeardReport {
  const { tests, timestamp } = parse(Suite, value, []);
  const findings: HeardFinding[] = [];
  let drifted: boolean | undefined;
  let share: number | undefined;
  for (const [index, raw] of tests.entries()) {
    if (isEmptyObject(raw)) continue;
    const { name, status, parameters } = parse(Test, raw, ['tests', index]);
    if (!['SUCCESS', 'FAIL', 'WARNING'].includes(status.toUpperCase())) continue;
    const path = ['tests', index, 'parameters'];
    if (name === 'Drift per Column') {
      const { column_name, ...tested } = parse(TestedColumn, parameters, path);
      findings.push(findingOf(column_name, tested));
    }
    if (/^(Share|Number) of Drifted (Columns|Features)$/.test(name)) {
      const columns = Object.entries(parse(TestedDataset, parameters, path).features);
      findings.push(...columns.map(([column, tested]) => findingOf(column, tested)));
      drifted = drifted === true || status.toUpperCase() !== 'SUCCESS';
      if (columns.length > 0) share = columns.filter(([, { detected }]) => detected).length / columns.length;
    }
  }
  return heard(findings, timestamp, drifted, share);
}

function columnOf(value: unknown, path: Path): HeardFinding {
  const { column_name, stattest_name, stattest_threshold, drift_score, drift_detected } = parse(Column, value, path);
  return findingOf(column_name, {
    stattest: stattest_name,
    score: drift_score,
    threshold: stattest_threshold,
    detected: drift_detected,
  });
}

function findingOf(column: string, { stattest, score, threshold, detected }: z.output<typeof Tested>): HeardFinding {
  const method = methodNamed(stattest);
  const isAbove = (score ?? 0) > (threshold ?? 0);
  return {
    column,
    method: method?.name ?? stattest,
    label: method?.label ?? stattest,
    ...(method?.base && { base: method.base }),
    score: score ?? null,
    limit: threshold ?? null,
    direction: method?.direction ?? (isAbove === detected ? 'above' : 'below'),
    drifted: detected,
  };
}

/** The table and a metric or test of one column may say the same thing twice: the first stands. */
function heard(
  findings: readonly HeardFinding[],
  at: Date | undefined,
  datasetDrifted: boolean | undefined,
  share: number | null | undefined,
): HeardReport {
  const first = new Map(findings.toReversed().map((each) => [`${each.method} ${each.column}`, each]));
  return {
    kind: 'report',
    ...(at && { at }),
    ...(datasetDrifted !== undefined && { datasetDrifted }),
    findings: findings.filter((each) => first.get(`${each.method} ${each.column}`) === each),
    measures: typeof share === 'number' ? [{ metric: 'drifted_share', column: '', value: share }] : [],
  };
}
