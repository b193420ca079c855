import { z } from 'zod';
import type { HeardDataset } from '../../features/sources/heard.ts';

const Count = z.int().min(0).optional().catch(undefined);
const Metrics = z.object({
  rowCount: Count,
  bytes: Count,
  lastUpdated: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .catch(undefined),
  columnMetrics: z.record(z.string(), z.object({ nullCount: Count }).catch({})).catch({}),
});
const Assertions = z.object({
  assertions: z.array(
    z.object({
      assertion: z.string(),
      success: z.boolean(),
      column: z.string().nullish(),
      severity: z.string().toLowerCase().optional().catch(undefined),
    }),
  ),
});
/** A facet that is not as the specification has it is passed over: the news of the run counts more. */
const Facets = z.object({
  dataQualityMetrics: Metrics.optional().catch(undefined),
  dataQualityAssertions: Assertions.optional().catch(undefined),
  outputStatistics: z.object({ rowCount: Count, size: Count }).optional().catch(undefined),
  lifecycleStateChange: z.object({ lifecycleStateChange: z.string().toUpperCase() }).optional().catch(undefined),
});
const Raw = z.record(z.string(), z.unknown()).nullish().catch(undefined);

/** The same facet stands in another place in each version of the specification. */
export const Dataset = z
  .object({ namespace: z.string(), name: z.string().min(1), facets: Raw, inputFacets: Raw, outputFacets: Raw })
  .transform(({ namespace, name, facets, inputFacets, outputFacets }) => ({
    namespace,
    name,
    facets: Facets.parse({ ...facets, ...inputFacets, ...outputFacets }),
  }));

interface Written {
  /** The pipeline. */
  readonly by: string;
  readonly isComplete: boolean;
}

/** What an event says of one data set; nothing where it only names it. */
export function seenOf(
  { namespace, name, facets }: z.output<typeof Dataset>,
  at: Date,
  written?: Written,
): HeardDataset[] {
  const { dataQualityMetrics: metrics, dataQualityAssertions: asserted } = facets;
  if (!metrics && !asserted && !written?.isComplete) return [];
  const whole = written?.isComplete ? writtenWhole(facets) : {};
  const rows = metrics?.rowCount ?? whole.rows;
  const bytes = metrics?.bytes ?? whole.bytes;
  const updatedAt = metrics?.lastUpdated ?? (written?.isComplete && hasNewRows(facets) ? at : undefined);
  return [
    {
      kind: 'dataset',
      namespace,
      name,
      at,
      ...(updatedAt && { updatedAt }),
      ...(rows !== undefined && { rows }),
      ...(bytes !== undefined && { bytes }),
      columns: metrics ? nullShares(metrics) : [],
      ...(asserted && checksOf(asserted)),
      ...(written && { writtenBy: written.by }),
    },
  ];
}

/** The rows of a run are those of the data set only when nothing stood there before. */
function writtenWhole({ outputStatistics, lifecycleStateChange }: z.output<typeof Facets>): {
  rows?: number | undefined;
  bytes?: number | undefined;
} {
  const change = lifecycleStateChange?.lifecycleStateChange ?? '';
  if (!['CREATE', 'OVERWRITE'].includes(change)) return {};
  return { rows: outputStatistics?.rowCount, bytes: outputStatistics?.size };
}

function hasNewRows({ outputStatistics, lifecycleStateChange }: z.output<typeof Facets>): boolean {
  const change = lifecycleStateChange?.lifecycleStateChange ?? 'OVERWRITE';
  return outputStatistics?.rowCount !== 0 && ['CREATE', 'OVERWRITE'].includes(change);
}

/** From 0 to 1; unknown without rows. */
function nullShares({ rowCount, columnMetrics }: z.output<typeof Metrics>): HeardDataset['columns'] {
  if (rowCount === undefined || rowCount === 0) return [];
  return Object.entries(columnMetrics).flatMap(([name, { nullCount }]) =>
    nullCount === undefined || nullCount > rowCount ? [] : [{ name, nullShare: nullCount / rowCount }],
  );
}

function checksOf({ assertions }: z.output<typeof Assertions>): Pick<HeardDataset, 'checks' | 'status'> {
  const failed = assertions.filter(({ success }) => !success);
  const isMild = failed.every(({ severity }) => severity === 'warn');
  return {
    checks: {
      of: assertions.length,
      failed: failed.map(({ assertion, column }) => ({ name: assertion, column: column ?? '' })),
    },
    status: failed.length === 0 ? 'ok' : isMild ? 'warning' : 'bad',
  };
}
