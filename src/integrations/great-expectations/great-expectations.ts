import { parseISO } from 'date-fns/parseISO';
import { z } from 'zod';
import type { HeardDataset } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { Refusal } from '../../lib/refusal.ts';
import { Expectation, nullShares, rowsIn } from './expectations.ts';

type Path = readonly (string | number)[];

const Name = z.string().min(1).optional().catch(undefined);
/** "20260131T093000.000000Z" or with dashes and colons; without its offset it is no instant. */
const Stamp = z
  .string()
  .regex(/(?:Z|[+-]\d\d:?\d\d)$/)
  .transform((text) => parseISO(text.replace(' ', 'T')))
  .refine((at) => !Number.isNaN(at.getTime()))
  .optional()
  .catch(undefined);

const Meta = z
  .object({
    active_batch_definition: z.object({ datasource_name: Name, data_asset_name: Name }).catch({}),
    batch_spec: z.object({ datasource_name: Name, data_asset_name: Name, table_name: Name }).catch({}),
    batch_kwargs: z.object({ datasource: Name, data_asset_name: Name, table: Name }).catch({}),
    batch_markers: z.object({ ge_load_time: Stamp }).catch({}),
    expectation_suite_name: Name,
    validation_time: Stamp,
    run_id: z.object({ run_time: Stamp }).catch({}),
    run_time: Stamp,
  })
  .partial()
  .catch({});
const Validation = z.object({
  success: z.boolean(),
  statistics: z.object({ evaluated_expectations: z.int().min(0).optional().catch(undefined) }).catch({}),
  meta: Meta,
  suite_name: Name,
});
const Described = z.object({ expectations: z.array(z.unknown()) });
const Results = z.object({ results: z.array(z.unknown()) });
const Checkpoint = z.object({ validation_results: z.array(z.unknown()) });
const Run = z.object({ run_results: z.record(z.string(), z.unknown()) });
const Wrapped = z.object({ validation_result: z.looseObject({}) });

/**
 * Reads a validation result of Great Expectations 0.x or 1.x, or the result of a checkpoint, one data set for each of
 * its validations. `received` is when the body came: `describe_dict()` states no time.
 */
export function readGreatExpectations(body: string | Uint8Array, received: Date): readonly HeardDataset[] {
  const value = pythonJson(body);
  const checkpoint = Checkpoint.safeParse(value).data;
  if (checkpoint) {
    return checkpoint.validation_results.map((raw, index) => datasetOf(raw, ['validation_results', index], received));
  }
  const run = Run.safeParse(value).data;
  if (!run) return [datasetOf(value, [], received)];
  return Object.entries(run.run_results).map(([id, raw]) => {
    const inner = Wrapped.safeParse(raw).data?.validation_result;
    const path = ['run_results', id];
    return inner ? datasetOf(inner, [...path, 'validation_result'], received) : datasetOf(raw, path, received);
  });
}

function datasetOf(value: unknown, path: Path, received: Date): HeardDataset {
  const { success, statistics, meta, suite_name } = parse(Validation, value, path);
  const results = resultsIn(value, path);
  const failed = results.filter((result) => !result.success);
  const mild = failed.length > 0 && failed.every(({ severity }) => severity === 'warning' || severity === 'info');
  const rows = rowsIn(results);
  return {
    kind: 'dataset',
    ...nameOf(meta, results.find(({ batchId }) => batchId)?.batchId ?? suite_name, path),
    at: meta.validation_time ?? meta.run_id?.run_time ?? meta.run_time ?? meta.batch_markers?.ge_load_time ?? received,
    ...(rows !== undefined && { rows }),
    columns: nullShares(results),
    checks: {
      of: statistics.evaluated_expectations ?? results.length,
      failed: failed.map(({ type, column }) => ({ name: type, column })),
    },
    status: success ? 'ok' : mild ? 'warning' : 'bad',
  };
}

function resultsIn(value: unknown, path: Path): Expectation[] {
  const described = Described.safeParse(value).data;
  const key = described ? 'expectations' : 'results';
  const list = described ? described.expectations : parse(Results, value, path).results;
  return list.map((raw, index) => parse(Expectation, raw, [...path, key, index]));
}

/** What the batch is called, else the batch's or the suite's own name; an id of version 0.x is new with each run. */
function nameOf(meta: z.output<typeof Meta>, last: string | undefined, path: Path) {
  const { active_batch_definition: batch, batch_spec: spec, batch_kwargs: old } = meta;
  const table = spec?.data_asset_name ?? spec?.table_name ?? old?.data_asset_name ?? old?.table;
  const name = batch?.data_asset_name ?? table ?? last ?? meta.expectation_suite_name;
  if (name !== undefined) {
    return { namespace: batch?.datasource_name ?? spec?.datasource_name ?? old?.datasource ?? '', name };
  }
  throw new Refusal('This validation does not say which data it is about.', {
    field: z.core.toDotPath([...path, 'meta', 'active_batch_definition', 'data_asset_name']),
  });
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, path: Path): z.output<Schema> {
  return parsedAs(schema, value, 'a result of Great Expectations', path);
}
