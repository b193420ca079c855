import { z } from 'zod';
import type { HeardFinding, HeardReport } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { measureNamed } from './methods.ts';

const Index = z.int().min(0).optional().catch(undefined);
const Text = z
  .string()
  .transform((text) => text.replace(' ', 'T'))
  .pipe(z.iso.datetime({ offset: true, local: true }))
  .transform((text) => new Date(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`));
/** pandas writes milliseconds since 1970 unless it is asked for text. */
const Milliseconds = z
  .int()
  .min(0)
  .max(8.64e15)
  .transform((ms) => new Date(ms));

const Records = z.array(z.record(z.string(), z.unknown()));
const Chunk = z.object({
  chunk_period: z.string(),
  chunk_end_date: z.union([Text, Milliseconds], 'has to be a time such as 2026-01-31T23:59:59').nullish(),
  chunk_start_index: Index,
  chunk_end_index: Index,
});
const Value = z.number().nullable();
const Limit = z.number().nullish();
const Alert = z.boolean().nullable();

/**
 * Reads the records of NannyML's `to_df(multilevel=False)`, one report for each chunk. Its dates are the naive ones of
 * the user's own data and are taken as UTC. Chunks of the reference period judge nothing and are passed over.
 */
export function readNannyml(body: string | Uint8Array): readonly HeardReport[] {
  return parse(Records, pythonJson(body), []).flatMap((record, index) => {
    const chunk = parse(Chunk, record, [index]);
    if (chunk.chunk_period.toLowerCase() !== 'analysis') return [];
    const rows = rowsOf(chunk);
    const report: HeardReport = {
      kind: 'report',
      ...(chunk.chunk_end_date && { at: chunk.chunk_end_date }),
      ...(rows !== undefined && { rows }),
      findings: stemsOf(record).map((stem) => findingOf(record, stem, index)),
      measures: [],
    };
    return [report];
  });
}

/** Both ends belong to the chunk. */
function rowsOf({ chunk_start_index: start, chunk_end_index: end }: z.output<typeof Chunk>): number | undefined {
  return start !== undefined && end !== undefined && end >= start ? end - start + 1 : undefined;
}

/** `<stem>_value` and `<stem>_alert` belong together; whatever else the user keeps in the record is theirs. */
function stemsOf(record: Record<string, unknown>): string[] {
  const stems = new Set(Object.keys(record).flatMap((key) => /^(.+)_(?:value|alert)$/s.exec(key)?.[1] ?? []));
  return [...stems].filter(
    (stem) => measureNamed(stem).known || (`${stem}_value` in record && `${stem}_alert` in record),
  );
}

function findingOf(record: Record<string, unknown>, stem: string, index: number): HeardFinding {
  const { column, method, label, base } = measureNamed(stem);
  const read = <Schema extends z.ZodType>(schema: Schema, key: string) =>
    parse(schema, record[`${stem}_${key}`], [index, `${stem}_${key}`]);
  const score = read(Value, 'value');
  const upper = read(Limit, 'upper_threshold') ?? null;
  const lower = read(Limit, 'lower_threshold') ?? null;
  const direction = sideOf(score, upper, lower);
  return {
    column,
    method,
    label,
    ...(base && { base }),
    score,
    limit: direction === 'above' ? upper : lower,
    direction,
    drifted: read(Alert, 'alert') === true,
  };
}

/** Of two limits the nearer one counts, which is also the one that was exceeded. */
function sideOf(score: number | null, upper: number | null, lower: number | null): 'above' | 'below' {
  if (lower === null) return 'above';
  if (upper === null) return 'below';
  return score !== null && score < (lower + upper) / 2 ? 'below' : 'above';
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: readonly (string | number)[],
): z.output<Schema> {
  return parsedAs(schema, value, 'a result of NannyML in records', path);
}
