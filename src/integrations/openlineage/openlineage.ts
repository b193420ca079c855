import { z } from 'zod';
import type { HeardDataset, HeardRun } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { Dataset, seenOf } from './datasets.ts';

const Instant = z.iso.datetime({ offset: true });
const ErrorMessage = z.object({ message: z.string().min(1).optional().catch(undefined) }).catch({});
const Job = z.object({ namespace: z.string(), name: z.string().min(1) });
const RunEvent = z.object({
  eventTime: Instant,
  eventType: z.string().toUpperCase().optional(),
  run: z.object({ runId: z.string().min(1), facets: z.object({ errorMessage: ErrorMessage }).partial().catch({}) }),
  job: Job,
  inputs: z.array(Dataset).nullish(),
  outputs: z.array(Dataset).nullish(),
});
const DatasetEvent = z.object({ eventTime: Instant, dataset: Dataset });
const JobEvent = z.object({ eventTime: Instant, job: Job });
type Event =
  | ({ readonly of: 'run' } & z.output<typeof RunEvent>)
  | ({ readonly of: 'dataset' } & z.output<typeof DatasetEvent>)
  | ({ readonly of: 'job' } & z.output<typeof JobEvent>);

const Keys = z.record(z.string(), z.unknown()).catch({});
const states: ReadonlyMap<string, HeardRun['state']> = new Map([
  ['START', 'running'],
  ['RUNNING', 'running'],
  ['OTHER', 'running'],
  ['COMPLETE', 'succeeded'],
  ['FAIL', 'failed'],
  ['ABORT', 'canceled'],
]);

/**
 * Reads one event of OpenLineage: news of the run, and the data sets it says something new of. An output counts as
 * written when its run is complete; before that, and for an input, only what was measured counts.
 */
export function readOpenLineage(body: string | Uint8Array): readonly (HeardRun | HeardDataset)[] {
  const event = eventIn(body);
  const at = new Date(event.eventTime);
  if (event.of === 'dataset') return seenOf(event.dataset, at);
  if (event.of === 'job') return [];
  const pipeline = `${event.job.namespace}/${event.job.name}`;
  const isComplete = event.eventType === 'COMPLETE';
  return [
    ...runOf(event, pipeline, at),
    ...(event.inputs ?? []).flatMap((input) => seenOf(input, at)),
    ...(event.outputs ?? []).flatMap((output) => seenOf(output, at, { by: pipeline, isComplete })),
  ];
}

/** The same for the same event, when a client sends it again. */
export function keyOfOpenLineage(body: string | Uint8Array): string {
  const event = eventIn(body);
  if (event.of === 'run') return `${event.run.runId} ${event.eventType ?? ''} ${event.eventTime}`;
  const { namespace, name } = event.of === 'dataset' ? event.dataset : event.job;
  return `${namespace} ${name} ${event.eventTime}`;
}

/** An event without a run declares a data set or a job as it is designed. */
function eventIn(body: string | Uint8Array): Event {
  const value = pythonJson(body);
  const { run, eventType, dataset, job } = Keys.parse(value);
  if (run === undefined && eventType === undefined) {
    if (dataset !== undefined) return { of: 'dataset', ...parse(DatasetEvent, value) };
    if (job !== undefined) return { of: 'job', ...parse(JobEvent, value) };
  }
  return { of: 'run', ...parse(RunEvent, value) };
}

function runOf({ eventType = '', run }: z.output<typeof RunEvent>, pipeline: string, at: Date): HeardRun[] {
  const state = states.get(eventType);
  if (!state) return [];
  const detail = state === 'failed' ? run.facets.errorMessage?.message : undefined;
  return [{ kind: 'run', key: run.runId, pipeline, state, at, ...(detail && { detail }) }];
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  return parsedAs(schema, value, 'an event of OpenLineage');
}
