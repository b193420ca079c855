import { z } from 'zod';

const Name = z.string().min(1).optional().catch(undefined);
const Amount = z.number().min(0).nullish().catch(undefined);

const Kwargs = z
  .object({
    batch_id: Name,
    column: Name,
    column_A: Name,
    column_B: Name,
    column_list: z.array(z.string()).optional().catch(undefined),
    row_condition: z.unknown().optional(),
  })
  .catch({});
const Config = z.object({
  type: z.string().optional(),
  expectation_type: z.string().optional(),
  kwargs: Kwargs.optional(),
  severity: z.string().optional().catch(undefined),
});
const Details = z
  .object({
    element_count: Amount,
    missing_percent: Amount,
    unexpected_percent: Amount,
    observed_value: z.unknown().optional(),
  })
  .catch({});

/** One expectation with its result, in the form of 0.x, of 1.x, or of `describe_dict()`, which has no inner config. */
export const Expectation = Config.extend({
  success: z.boolean().nullable(),
  expectation_config: Config.nullish(),
  result: Details.optional(),
}).transform((raw, { issues }) => {
  const config = raw.expectation_config ?? raw;
  const type = config.type ?? config.expectation_type;
  if (type === undefined) {
    issues.push({ code: 'custom', message: 'the type is missing', input: raw, path: ['expectation_config', 'type'] });
  }
  const { batch_id, column, column_A, column_B, column_list, row_condition } = config.kwargs ?? {};
  const several = column_list ?? [column_A, column_B].filter((name) => name !== undefined);
  return {
    type: type ?? '',
    column: column ?? several.join(', '),
    batchId: batch_id,
    severity: config.severity?.toLowerCase(),
    success: raw.success === true,
    /** Counts of some of the rows say nothing of the table. */
    isPartial: row_condition !== undefined && row_condition !== null,
    details: raw.result ?? {},
  };
});
export type Expectation = z.output<typeof Expectation>;

export function rowsIn(results: readonly Expectation[]): number | undefined {
  const whole = results.filter(({ isPartial }) => !isPartial);
  const counted = whole.find(({ type }) => type.startsWith('expect_table_row_count_to_'));
  const rows = z.int().min(0).safeParse(counted?.details.observed_value).data;
  return (
    rows ?? whole.find(({ details }) => Number.isInteger(details.element_count))?.details.element_count ?? undefined
  );
}

/** From 0 to 1. Every expectation counts the nulls it left out; the one about nulls counts them itself. */
export function nullShares(results: readonly Expectation[]): { name: string; nullShare: number }[] {
  const shares = new Map<string, number>();
  for (const { type, column, isPartial, details } of results) {
    const isAboutNulls = type === 'expect_column_values_to_not_be_null';
    const percent = isAboutNulls ? details.unexpected_percent : details.missing_percent;
    if (isPartial || column === '' || typeof percent !== 'number' || percent > 100) continue;
    if (isAboutNulls || !shares.has(column)) shares.set(column, percent / 100);
  }
  return [...shares].map(([name, nullShare]) => ({ name, nullShare }));
}
