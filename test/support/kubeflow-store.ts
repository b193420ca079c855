import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { misfit, type Route } from './kubeflow-shapes.ts';

interface LocalPipeline {
  readonly name: string;
  readonly id?: string;
  readonly description?: string;
  /** Nobody's, for all: left out. */
  readonly namespace?: string;
  readonly versions?: number;
  /** Name to type, as the SDK compiles them; anything is taken where they are left out. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The later in the list, the newer, unless said. */
  readonly createdAt?: Date;
}

/** Fields of the API, with what else a test wants to say of a run. */
export interface LocalRun extends Record<string, unknown> {
  run_id: string;
  display_name: string;
  state: string;
  namespace: string;
}

export interface LocalExperiment {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
}

export interface StoreOptions {
  readonly pipelines?: readonly LocalPipeline[];
  /** Several people share it: namespaces are asked for. */
  readonly multiUser?: boolean;
  /** Nothing is for all. */
  readonly wantsNamespace?: boolean;
  /** A namespace where the account may do nothing. */
  readonly closed?: string;
  readonly mostPerPage?: number;
  /** Answers as if no filter had been said. */
  readonly dropsFilter?: boolean;
  readonly now?: () => Date;
}

type Answered = readonly [status: number, body: object];
type Query = Readonly<Record<string, string>>;
const never = '1970-01-01T00:00:00Z';
const NewRun = z.object({
  display_name: z.string().default(''),
  experiment_id: z.string().default(''),
  pipeline_version_reference: z.object({ pipeline_id: z.string(), pipeline_version_id: z.string().optional() }),
  runtime_config: z.object({ parameters: z.record(z.string(), z.unknown()).default({}) }).default({ parameters: {} }),
});
const NewExperiment = z.object({ display_name: z.string(), namespace: z.string().default('') });
const Equal = z.object({ predicates: z.array(z.object({ key: z.string(), string_value: z.string() })) });
const over = new Set(['SUCCEEDED', 'SKIPPED', 'FAILED', 'CANCELED', 'CANCELING']);

const invalid = (message: string): Answered => [400, { code: 3, message, details: [] }];
const missing = (what: string): Answered => [
  404,
  { code: 5, message: `Failed to get it: ResourceNotFoundError: ${what} not found`, details: [] },
];

/** What the API server keeps, and how it answers a call whose shape is right. Its clock counts whole seconds. */
export function storeOf(options: StoreOptions) {
  const { multiUser = false, closed, mostPerPage = 200, dropsFilter = false, now = () => new Date() } = options;
  const second = () => `${now().toISOString().slice(0, 19)}Z`;
  const pipelines = (options.pipelines ?? []).map(({ id = randomUUID(), ...each }, i) => ({
    shape: {
      pipeline_id: id,
      name: each.name,
      display_name: each.name,
      ...(each.description && { description: each.description }),
      created_at: (each.createdAt ?? new Date(Date.UTC(2026, 0, 1) + i * 60_000)).toISOString(),
      ...(each.namespace && { namespace: each.namespace }),
    },
    parameters: each.parameters,
    versions: Array.from({ length: each.versions ?? 1 }, (_, n) => ({
      pipeline_id: id,
      pipeline_version_id: randomUUID(),
      display_name: `v${n + 1}`,
      created_at: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
      ...(each.parameters && { pipeline_spec: specOf(each.parameters) }),
    })),
  }));
  const runs: LocalRun[] = [];
  const experiments: LocalExperiment[] = [];

  function answer(route: Route, id: string, query: Query, body: unknown): Answered {
    if (closed !== undefined && query['namespace'] === closed) {
      return [403, { code: 7, message: `Failed to list: User 'x' is not authorized in ${closed}`, details: [] }];
    }
    switch (`${route.method} ${route.path}`) {
      case 'GET pipelines': {
        if (options.wantsNamespace && !query['namespace'])
          return invalid('Namespace is required for pipeline operations');
        const of = multiUser ? (query['namespace'] ?? '') : undefined;
        const mine = pipelines
          .map(({ shape }) => shape)
          .filter((each) => of === undefined || (each.namespace ?? '') === of);
        return page('pipelines', mine, query);
      }
      case 'GET pipelines/{pipeline_id}': {
        const found = pipelines.find(({ shape }) => shape.pipeline_id === id);
        return found ? [200, found.shape] : missing(`Pipeline ${id}`);
      }
      case 'GET pipelines/{pipeline_id}/versions':
        return page(
          'pipeline_versions',
          pipelines.find(({ shape }) => shape.pipeline_id === id)?.versions ?? [],
          query,
        );
      case 'GET experiments':
        return page(
          'experiments',
          experiments
            .filter(({ namespace }) => namespace === (query['namespace'] ?? ''))
            .map((each) => ({ experiment_id: each.id, display_name: each.name, namespace: each.namespace })),
          query,
        );
      case 'POST experiments': {
        const { display_name: name, namespace } = NewExperiment.parse(body);
        if (experiments.some((each) => each.name === name && each.namespace === namespace)) {
          return [409, { code: 6, message: `Already exist error: experiment ${name}`, details: [] }];
        }
        const made = { id: randomUUID(), name, namespace };
        experiments.push(made);
        return [200, { experiment_id: made.id, display_name: name, namespace, created_at: second() }];
      }
      case 'GET runs': {
        const of = query['namespace'] ?? '';
        if (multiUser && of === '') return invalid('A run cannot have an empty namespace in multi-user mode');
        return page('runs', runs.filter(({ namespace }) => !multiUser || namespace === of).map(shown), query);
      }
      case 'POST runs':
        return newRun(body);
      case 'GET runs/{run_id}': {
        const found = runs.find((each) => each.run_id === id);
        return found ? [200, shown(found)] : missing(`Run ${id}`);
      }
      case 'POST runs/{run_id}:terminate': {
        const found = runs.find((each) => each.run_id === id);
        if (!found) return missing(`Run ${id}`);
        if (over.has(found.state)) return invalid(`Failed to terminate a run ${id}. Row not found`);
        found.state = 'CANCELING';
        return [200, {}];
      }
      default:
        throw new Error(`no answer for ${route.path}`);
    }
  }

  function newRun(body: unknown): Answered {
    const asked = NewRun.parse(body);
    if (multiUser && asked.experiment_id === '') return invalid('Experiment id can not be empty in multi-user mode');
    const experiment = experiments.find(({ id }) => id === asked.experiment_id);
    if (asked.experiment_id !== '' && !experiment) return missing(`Experiment ${asked.experiment_id}`);
    const pipeline = pipelines.find(({ shape }) => shape.pipeline_id === asked.pipeline_version_reference.pipeline_id);
    const asks = asked.pipeline_version_reference.pipeline_version_id;
    const version = pipeline?.versions.findLast((each) => asks === undefined || each.pipeline_version_id === asks);
    if (!pipeline || !version) return missing('PipelineVersion');
    const wrong = pipeline.parameters && wrongParameter(pipeline.parameters, asked.runtime_config.parameters);
    if (wrong) return invalid(`Failed to create a new run: InvalidInputError: ${wrong}`);
    const at = second();
    const run: LocalRun = {
      ...Object(body),
      display_name: asked.display_name,
      run_id: randomUUID(),
      namespace: experiment?.namespace ?? '',
      pipeline_version_reference: {
        pipeline_id: version.pipeline_id,
        pipeline_version_id: version.pipeline_version_id,
      },
      storage_state: 'AVAILABLE',
      created_at: at,
      scheduled_at: at,
      finished_at: never,
      state: 'PENDING',
      state_history: [{ update_time: at, state: 'PENDING' }],
    };
    runs.push(run);
    return [200, shown(run)];
  }

  /** The token tells where the next page begins; empty fields are left out. */
  function page(name: string, all: readonly object[], query: Query): Answered {
    if (query['filter'] !== undefined) {
      const filter: unknown = JSON.parse(query['filter']);
      const wrong = misfit('Filter', filter);
      if (wrong !== undefined) return invalid(`Invalid filter: ${wrong}`);
      if (!dropsFilter) {
        const { predicates } = Equal.parse(filter);
        all = all.filter((each) => predicates.every(({ key, string_value: value }) => Object(each)[key] === value));
      }
    }
    const [, key = '', descending] = /^(\w+)( desc)?/.exec(query['sort_by'] ?? '') ?? [];
    const text = (each: object) => String(Object(each)[key] ?? '');
    const sorted = key === '' ? [...all] : all.toSorted((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
    if (descending) sorted.reverse();
    const from = Number(query['page_token'] ?? 0);
    const to = from + Math.min(Number(query['page_size'] ?? 20), mostPerPage);
    const found = sorted.slice(from, to);
    return [
      200,
      {
        ...(found.length > 0 && { [name]: found, total_size: all.length }),
        ...(to < all.length && { next_page_token: String(to) }),
      },
    ];
  }

  return { runs, experiments, answer };
}

const specOf = (parameters: Readonly<Record<string, string>>) => ({
  root: {
    inputDefinitions: {
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, parameterType]) => [name, { parameterType }]),
      ),
    },
  },
});

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  NUMBER_INTEGER: (value) => typeof value === 'number',
  NUMBER_DOUBLE: (value) => typeof value === 'number',
  STRING: (value) => typeof value === 'string',
  BOOLEAN: (value) => typeof value === 'boolean',
  LIST: Array.isArray,
};

/** It converts nothing, and takes no more than what the pipeline declares. */
function wrongParameter(declared: Readonly<Record<string, string>>, given: Readonly<Record<string, unknown>>) {
  const odd = Object.entries(declared).find(([name, type]) => name in given && !kinds[type]?.(given[name]));
  if (odd) return `input parameter ${odd[0]} requires type ${odd[1]}`;
  const extra = Object.keys(given).filter((name) => !(name in declared));
  return extra.length > 0 ? `parameter(s) provided are not required by pipeline: ${extra.join(', ')}` : undefined;
}

/** The namespace of a run is that of its experiment, and not shown. */
const shown = (run: LocalRun): object =>
  Object.fromEntries(Object.entries(run).filter(([name]) => name !== 'namespace'));
