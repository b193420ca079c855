import { z } from 'zod';
import { Refusal } from '../../lib/refusal.ts';
import type { VersionFacts } from '../../ports.ts';
import type { Ask } from './client.ts';
import { missing, reported } from './errors.ts';

const Tags = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]);
const ModelVersion = z.object({
  model_version: z.object({
    creation_timestamp: z.coerce.number().pipe(z.coerce.date()),
    run_id: z.string().default(''),
    aliases: z.array(z.string()).default([]),
    tags: Tags,
  }),
});
/** NaN and infinite values come as text. */
const Metric = z.object({ key: z.string(), value: z.union([z.number(), z.string()]).nullish() });
const Run = z.object({
  run: z.object({
    info: z.object({ experiment_id: z.string().default('') }),
    data: z.object({ metrics: z.array(Metric).default([]) }).default({ metrics: [] }),
    inputs: z
      .object({
        dataset_inputs: z.array(z.object({ dataset: z.object({ name: z.string(), digest: z.string() }) })).default([]),
      })
      .default({ dataset_inputs: [] }),
  }),
});

/** MLflow keeps an infinite value as the largest double, or says it as text. */
const infinite = 1e308;

/** What is known of one version: itself, and the run that made it where that still exists. */
export async function versionFacts(
  ask: Ask,
  url: string,
  { model: name, version }: { model: string; version: string },
): Promise<VersionFacts | undefined> {
  if (!/^[1-9]\d{0,8}$/.test(version)) return undefined;
  const found = await ask({ method: 'GET', path: 'model-versions/get', fields: { name, version } }, ModelVersion);
  if (!found.ok) {
    if (missing(found.error)) return undefined;
    throw new Refusal(reported(found.error));
  }
  const { creation_timestamp: createdAt, run_id: runId, aliases, tags } = found.body.model_version;
  const known = { createdAt, aliases, tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) };
  const run = runId === '' ? undefined : await runOf(ask, runId);
  if (!run) return { ...known, metrics: {}, datasets: {} };
  const { info, data, inputs } = run;
  const numbers = data.metrics.flatMap(({ key, value }) =>
    typeof value === 'number' && Math.abs(value) < infinite ? [[key, value] as const] : [],
  );
  return {
    ...known,
    runId,
    metrics: Object.fromEntries(numbers),
    datasets: Object.fromEntries(inputs.dataset_inputs.map(({ dataset }) => [dataset.name, dataset.digest])),
    url: `${url.replace(/\/+$/, '')}/#/experiments/${info.experiment_id}/runs/${runId}`,
  };
}

async function runOf(ask: Ask, runId: string): Promise<z.output<typeof Run>['run'] | undefined> {
  const found = await ask({ method: 'GET', path: 'runs/get', fields: { run_id: runId } }, Run);
  if (found.ok) return found.body.run;
  if (missing(found.error)) return undefined;
  throw new Refusal(reported(found.error));
}
