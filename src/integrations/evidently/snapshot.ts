import { z } from 'zod';
import { type EvidentlyReport, isEmptyObject, parse, type Placed, reportOf, Stamp, testVerdicts } from './evidently.ts';

interface Snapshot {
  readonly report: EvidentlyReport;
  readonly model?: string;
  readonly environment?: string;
}

const Name = z.string().trim().min(1).optional().catch(undefined);
const Metadata = z.object({ model: Name, environment: Name, env: Name }).catch({});
const Tags = z.array(z.unknown()).catch([]);
const Body = z.object({
  metric_results: z.record(z.string(), z.unknown()),
  metadata: Metadata,
  tags: Tags,
  timestamp: Stamp,
});
const Metric = z.object({
  metric_value_location: z.object({
    metric: z.object({ metric_id: z.string().optional(), params: z.looseObject({ type: z.string() }) }),
  }),
  value: z.unknown().optional(),
  share: z.object({ value: z.unknown().optional() }).optional().catch(undefined),
  tests: z.unknown().optional(),
});

/** The form that `dumps()` writes and the workspace keeps, nearly all of it plot data. */
export function readSnapshot(value: unknown): Snapshot {
  const { metric_results, metadata, tags, timestamp } = parse(Body, value, []);
  const placed = Object.entries(metric_results).flatMap(([id, raw]) => (isEmptyObject(raw) ? [] : [placedOf(id, raw)]));
  const model = metadata.model ?? tagged(tags, /^model$/i);
  const environment = metadata.environment ?? metadata.env ?? tagged(tags, /^env(ironment)?$/i);
  return { report: reportOf(placed, timestamp), ...(model && { model }), ...(environment && { environment }) };
}

function placedOf(id: string, raw: unknown): Placed {
  const path = ['metric_results', id];
  const { metric_value_location, value, share, tests } = parse(Metric, raw, path);
  const { metric_id = id, params } = metric_value_location.metric;
  return {
    type: params.type,
    config: params,
    configAt: [...path, 'metric_value_location', 'metric', 'params'],
    ...(share ? { value: { share: share.value }, valueAt: path } : { value, valueAt: [...path, 'value'] }),
    tested: testVerdicts(tests, [...path, 'tests']).get(metric_id),
  };
}

/** A tag is free text: only `environment:prod` or `environment=prod` says what it is about. */
function tagged(tags: readonly unknown[], name: RegExp): string | undefined {
  for (const tag of tags) {
    if (typeof tag !== 'string') continue;
    const cut = tag.search(/[:=]/);
    const value = tag.slice(cut + 1).trim();
    if (cut > 0 && value !== '' && name.test(tag.slice(0, cut).trim())) return value;
  }
  return undefined;
}
