import { z } from 'zod';
import type { HeardReport } from '../../features/sources/heard.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { type EvidentlyReport, readJsonForm } from './evidently.ts';
import { readLegacyReport, readLegacySuite } from './legacy.ts';
import { methodNamed } from './methods.ts';
import { readSnapshot } from './snapshot.ts';

const WithResults = z.object({ metric_results: z.unknown() });
const WithSummary = z.object({ tests: z.unknown(), summary: z.unknown(), metrics: z.undefined().optional() });
const WithMetrics = z.object({ metrics: z.array(z.unknown()) });
const OldMetric = z.object({ metric: z.string(), config: z.undefined().optional() });

/** Reads what Evidently writes, from 0.4 on: a report or a test suite of old, and both forms of 0.7. */
export function readAnyEvidently(body: string | Uint8Array): HeardReport {
  const value = pythonJson(body);
  if (WithResults.safeParse(value).success) {
    const { report, ...about } = readSnapshot(value);
    return { ...heard(report), ...about };
  }
  if (WithSummary.safeParse(value).success) return readLegacySuite(value);
  const metrics = WithMetrics.safeParse(value).data?.metrics ?? [];
  if (metrics.some((metric) => OldMetric.safeParse(metric).success)) return readLegacyReport(value);
  return heard(readJsonForm(value));
}

function heard({ driftedShare, columns, missing, rows, timestamp }: EvidentlyReport): HeardReport {
  return {
    kind: 'report',
    ...(timestamp && { at: timestamp }),
    ...(rows !== undefined && { rows }),
    ...(driftedShare && { datasetDrifted: driftedShare.drifted }),
    findings: columns.map(({ column, method, methodLabel, score, threshold, direction, drifted }) => {
      const base = methodNamed(method)?.base;
      return { column, method, label: methodLabel, ...(base && { base }), score, limit: threshold, direction, drifted };
    }),
    measures: [
      ...(driftedShare ? [{ metric: 'drifted_share', column: '', value: driftedShare.share }] : []),
      ...missing.flatMap(({ column, share }) =>
        share === null ? [] : [{ metric: 'missing_share', column, value: share }],
      ),
    ],
  };
}
