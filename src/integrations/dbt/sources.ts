import { z } from 'zod';
import type { HeardDataset } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const periodMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const Period = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['minute', 'hour', 'day']));
const After = z
  .object({ count: z.number().min(0).nullish(), period: Period.nullish() })
  .transform(({ count, period }) => (typeof count === 'number' && period ? count * periodMs[period] : undefined))
  .nullish();
const Criteria = z.object({ warn_after: After, error_after: After });

const Result = z.object({
  unique_id: z.templateLiteral(['source.', z.string(), '.', z.string(), '.', z.string()]),
  status: z.string().toLowerCase(),
  max_loaded_at: Instant.nullish(),
  snapshotted_at: Instant.nullish(),
  criteria: Criteria.nullish(),
  error: z.union([z.string(), z.number()]).nullish(),
});
type Result = z.output<typeof Result>;
const Sources = z.object({
  metadata: z.object({
    dbt_schema_version: z.string().includes('/sources/', 'has to be that of sources.json'),
    generated_at: Instant,
  }),
  results: z.array(Result),
});

const statuses: ReadonlyMap<string, 'ok' | 'warning' | 'bad'> = new Map([
  ['pass', 'ok'],
  ['warn', 'warning'],
  ['error', 'bad'],
  ['runtime error', 'bad'],
]);

/** Reads the `sources.json` that `dbt source freshness` writes. */
export function readDbtSources(body: string | Uint8Array): readonly HeardDataset[] {
  const { metadata, results } = parsedAs(Sources, pythonJson(body), 'a sources.json of dbt');
  return results.map((result) => datasetOf(result, metadata.generated_at));
}

/** dbt could not look at it when the status is "runtime error", and then says only why. */
function datasetOf(result: Result, generatedAt: Date): HeardDataset {
  const { status, max_loaded_at: loaded, snapshotted_at, criteria, error } = result;
  const known = statuses.get(status);
  return {
    kind: 'dataset',
    ...nameOf(result),
    at: snapshotted_at ?? generatedAt,
    ...(loaded && { updatedAt: hasRows(loaded) ? loaded : null }),
    columns: [],
    ...latestOf(criteria),
    ...(status === 'runtime error' && { checks: { of: 1, failed: [{ name: String(error ?? status), column: '' }] } }),
    ...(known && { status: known }),
  };
}

/** "source.<project>.<source>.<table>" */
function nameOf({ unique_id }: Result): { namespace: string; name: string } {
  const [, namespace = '', ...name] = unique_id.split('.');
  return { namespace, name: name.join('.') };
}

/** The first day of the calendar stands for the newest row of no rows. */
function hasRows(loaded: Date): boolean {
  return loaded.getUTCFullYear() > 1;
}

function latestOf(criteria: Result['criteria']): Pick<HeardDataset, 'latest'> {
  const { warn_after: warn, error_after: error } = criteria ?? {};
  if (typeof warn !== 'number' && typeof error !== 'number') return {};
  return {
    latest: {
      ...(typeof warn === 'number' && { warnAfterMs: warn }),
      ...(typeof error === 'number' && { errorAfterMs: error }),
    },
  };
}
