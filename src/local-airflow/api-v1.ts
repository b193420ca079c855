import { type Asked, paged, type Route, routed } from './asked.ts';
import { type Answer, isFields, ok } from './checks.ts';
import { dagShapeV1, importErrorShape, runShapeV1, taskShape, xcomShapeV1 } from './shapes.ts';
import { finish, type LocalRun, type World } from './world.ts';

/** As Airflow 2.10 answers: other words, problem details (RFC 7807), and nobody is asked anything. */
export function answerV1(world: World, asked: Asked, triggered: (run: LocalRun) => void): Answer {
  const answered = routed(routesOf(world, triggered), asked);
  if (!('wrong' in answered)) return answered;
  if (answered.wrong === 405) return problem(405, 'Method Not Allowed', 'The method is not allowed.');
  return problem(404, 'Not Found', 'The requested URL was not found on the server.');
}

export const problem = (status: number, title: string, detail: string | null): Answer => ({
  status,
  body: { detail, status, title, type: `https://airflow.apache.org/docs/apache-airflow/2.10.5/errors#${status}` },
});

const routesOf = (world: World, triggered: (run: LocalRun) => void): readonly Route[] => {
  const run = 'dags/:dag/dagRuns/:run';
  return [
    { method: 'GET', pattern: 'version', handle: () => ok({ version: '2.10.5', git_version: null }) },
    { method: 'GET', pattern: 'dags', handle: (asked) => dags(world, asked) },
    { method: 'GET', pattern: 'dags/:dag', handle: (_, { dag = '' }) => oneDag(world, dag) },
    { method: 'GET', pattern: 'importErrors', handle: () => importErrors(world) },
    {
      method: 'POST',
      pattern: 'dags/:dag/dagRuns',
      handle: ({ body, user }, { dag = '' }) => trigger(world, dag, body, user, triggered),
    },
    {
      method: 'GET',
      pattern: 'dags/:dag/dagRuns',
      handle: (_, { dag }) => {
        const all = world.runs.filter((each) => dag === '~' || each.dag_id === dag);
        return ok({ dag_runs: all.map(runShapeV1), total_entries: all.length });
      },
    },
    { method: 'GET', pattern: run, handle: (_, at) => withRun(world, at, (found) => ok(runShapeV1(found))) },
    {
      method: 'PATCH',
      pattern: run,
      handle: ({ body }, at) => withRun(world, at, (found) => changed(world, found, body)),
    },
    {
      method: 'GET',
      pattern: `${run}/taskInstances`,
      handle: ({ query }, at) =>
        withRun(world, at, (found) => {
          const failed = query['state'] === undefined || query['state'] === 'failed' ? found.failedTasks : [];
          const shown = failed.map((task) => taskShape(world, found, task, 'failed'));
          return ok({ task_instances: shown, total_entries: shown.length });
        }),
    },
    {
      method: 'GET',
      pattern: `${run}/taskInstances/:task/xcomEntries`,
      handle: ({ query }, at) => withRun(world, at, (found) => xcoms(found, query)),
    },
    {
      method: 'GET',
      pattern: `${run}/taskInstances/:task/xcomEntries/:key`,
      handle: ({ query }, at) => withRun(world, at, (found) => xcom(found, at, query)),
    },
  ];
};

/** What 2.10 knows, earlier ones refuse. */
const unknownQuery = (name: string) => problem(400, 'Bad Request', `Extra query parameter(s) ${name} not in spec`);

type Named = Readonly<Record<string, string>>;

/** Values are given as Python writes them. */
const pythonOf = (said: object) =>
  `{${Object.entries(said)
    .map(([name, value]) => `'${name}': ${typeof value === 'number' ? value : `'${value}'`}`)
    .join(', ')}}`;

function xcoms(run: LocalRun, query: Named): Answer {
  const odd = Object.keys(query).find((name) => !['limit', 'offset'].includes(name));
  if (odd !== undefined) return unknownQuery(odd);
  const entries = run.said ? [xcomShapeV1(run)] : [];
  return ok({ xcom_entries: entries, total_entries: entries.length });
}

function xcom(run: LocalRun, { task, key }: Named, query: Named): Answer {
  const [odd] = Object.keys(query);
  if (odd !== undefined) return unknownQuery(odd);
  if (!run.said || task !== 'fit' || key !== 'pitcrew') return problem(404, 'XCom entry not found', null);
  return ok({ ...xcomShapeV1(run), value: pythonOf(run.said) });
}

function dags({ dags: all }: World, { query }: Asked): Answer {
  const sorted = [...all.values()]
    .filter((dag) => dag.import_error === undefined && dag.is_stale !== true)
    .toSorted((a, b) => (a.dag_id < b.dag_id ? -1 : 1));
  const { page } = paged(sorted, query);
  return ok({ dags: page.map(dagShapeV1), total_entries: sorted.length });
}

const noDag = (id: string) => problem(404, 'DAG not found', `The DAG with dag_id: ${id} was not found`);

function oneDag({ dags: all }: World, id: string): Answer {
  const dag = all.get(id);
  return dag && (dag.import_error === undefined || dag.was_loaded === true) ? ok(dagShapeV1(dag)) : noDag(id);
}

function importErrors({ dags: all }: World): Answer {
  const broken = [...all.values()].filter((dag) => dag.import_error !== undefined);
  return ok({ import_errors: broken.map((dag, i) => importErrorShape(dag, i + 1)), total_entries: broken.length });
}

const known = [
  'dag_run_id',
  'logical_date',
  'execution_date',
  'data_interval_start',
  'data_interval_end',
  'conf',
  'note',
];

function trigger(world: World, id: string, body: unknown, by: string, triggered: (run: LocalRun) => void): Answer {
  if (!isFields(body)) return problem(400, 'Bad Request', 'None is not of type object');
  const odd = Object.keys(body).filter((name) => !known.includes(name));
  if (odd.length > 0) return problem(400, 'Bad Request', `{'${odd[0]}': ['Unknown field.']}`);
  if (body['logical_date'] === null)
    return problem(400, 'Bad Request', "None is not of type 'string' - 'logical_date'");
  const dag = world.dags.get(id);
  if (!dag || dag.is_stale === true) return noDag(id);
  if (dag.import_error !== undefined) {
    return problem(400, 'DAG cannot be triggered', `DAG with dag_id: '${id}' has import errors`);
  }
  const queued_at = world.now();
  const { dag_run_id: named, logical_date: date, conf, note } = body;
  const dag_run_id = typeof named === 'string' ? named : `manual__${queued_at.toISOString()}`;
  if (world.runs.some((run) => run.dag_id === id && run.dag_run_id === dag_run_id)) {
    return problem(409, 'Conflict', `DAGRun with DAG ID: '${id}' and DAGRun ID: '${dag_run_id}' already exists`);
  }
  const logical_date = typeof date === 'string' ? date : null;
  if (logical_date !== null && world.runs.some((run) => run.dag_id === id && run.logical_date === logical_date)) {
    return problem(
      409,
      'Conflict',
      `DAGRun with DAG ID: '${id}' and DAGRun logical date: '${logical_date}' already exists`,
    );
  }
  const run: LocalRun = {
    dag_id: id,
    dag_run_id,
    logical_date,
    conf: isFields(conf) ? conf : {},
    note: typeof note === 'string' ? note : null,
    by,
    queued_at,
    state: 'queued',
    start_date: null,
    end_date: null,
    failedTasks: [],
    said: undefined,
    questions: [],
  };
  world.runs.push(run);
  if (dag.is_paused !== true) triggered(run);
  return ok(runShapeV1(run));
}

function withRun({ runs }: World, { dag, run }: Named, use: (run: LocalRun) => Answer): Answer {
  const found = runs.find((each) => each.dag_id === dag && each.dag_run_id === run);
  if (found) return use(found);
  return problem(404, 'DAGRun not found', `DAGRun with DAG ID: '${dag}' and DagRun ID: '${run}' not found`);
}

function changed(world: World, run: LocalRun, body: unknown): Answer {
  const state = isFields(body) ? body['state'] : undefined;
  if (state !== 'success' && state !== 'failed') {
    return problem(400, 'Bad Request', `'${String(state)}' is not one of ['success', 'failed', 'queued'] - 'state'`);
  }
  finish(world, run, state);
  return ok(runShapeV1(run));
}
