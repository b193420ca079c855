import { type Asked, paged, type Route, routed } from './asked.ts';
import { type Answer, bodies, type Body, isFields, no, ok, unreadable, wrongIn } from './checks.ts';
import { dagShape, importErrorShape, questionShape, runShape, taskShape, xcomShape } from './shapes.ts';
import { answer, finish, type LocalRun, type World } from './world.ts';

/** Answers, words and statuses as Airflow 3.1.5 gives them. */
export function answerV2(world: World, asked: Asked, triggered: (run: LocalRun) => void): Answer {
  const answered = routed(routesOf(world, triggered), asked);
  if (!('wrong' in answered)) return answered;
  if (answered.wrong === 405) return no(405, 'Method Not Allowed');
  return { status: 404, body: { error: 'API route not found' } };
}

const routesOf = (world: World, triggered: (run: LocalRun) => void): readonly Route[] => {
  const run = 'dags/:dag/dagRuns/:run';
  return [
    { method: 'GET', pattern: 'version', handle: () => ok({ version: '3.1.5', git_version: null }) },
    { method: 'GET', pattern: 'dags', handle: (asked) => dags(world, asked) },
    { method: 'GET', pattern: 'dags/:dag', handle: (_, { dag = '' }) => oneDag(world, dag) },
    { method: 'GET', pattern: 'importErrors', handle: (asked) => importErrors(world, asked) },
    {
      method: 'POST',
      pattern: 'dags/:dag/dagRuns',
      handle: (asked, { dag = '' }) =>
        checked(asked, bodies.trigger, (body) => trigger(world, dag, body, asked.user, triggered)),
    },
    { method: 'GET', pattern: 'dags/:dag/dagRuns', handle: (asked, at) => runsOf(world, at, asked) },
    { method: 'GET', pattern: run, handle: (_, at) => withRun(world, at, (found) => ok(runShape(world, found))) },
    { method: 'DELETE', pattern: run, handle: (_, at) => withRun(world, at, (found) => removed(world, found)) },
    {
      method: 'PATCH',
      pattern: run,
      handle: (asked, at) =>
        checked(asked, bodies.change, (body) => withRun(world, at, (found) => changed(world, found, body))),
    },
    { method: 'GET', pattern: `${run}/taskInstances`, handle: (asked, at) => tasks(world, at, asked) },
    {
      method: 'PATCH',
      pattern: `${run}/taskInstances/:task/:index`,
      handle: (asked, at) =>
        checked(asked, bodies.task, (body) =>
          withQuestion(world, at, (found, question) => noted(world, found, question, body)),
        ),
    },
    {
      method: 'GET',
      pattern: `${run}/taskInstances/:task/xcomEntries`,
      handle: (asked, at) => xcoms(world, at, asked),
    },
    { method: 'GET', pattern: `${run}/taskInstances/:task/xcomEntries/:key`, handle: (_, at) => xcom(world, at) },
    { method: 'GET', pattern: `${run}/hitlDetails`, handle: (asked, at) => questions(world, at, asked) },
    {
      method: 'GET',
      pattern: `${run}/taskInstances/:task/:index/hitlDetails`,
      handle: (_, at) => withQuestion(world, at, (found, question) => ok(questionShape(world, found, question))),
    },
    {
      method: 'PATCH',
      pattern: `${run}/taskInstances/:task/:index/hitlDetails`,
      handle: (asked, at) =>
        checked(asked, bodies.answer, (body) =>
          withQuestion(world, at, (found, question) => respond(world, found, question, body, asked.user)),
        ),
    },
  ];
};

type Named = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

function checked({ body }: Asked, against: Body, use: (body: Fields) => Answer): Answer {
  if (body === undefined) {
    return unreadable([{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} }]);
  }
  const wrong = wrongIn(against, body);
  return wrong.length > 0 || !isFields(body) ? unreadable(wrong) : use(body);
}

const wasLoaded = ({
  import_error: broken,
  was_loaded: loaded = false,
}: {
  import_error?: string;
  was_loaded?: boolean;
}) => broken === undefined || loaded;

function dags({ dags: all }: World, { query }: Asked): Answer {
  const listed = [...all.values()].filter((dag) => wasLoaded(dag) && dag.is_stale !== true);
  const sorted = listed.toSorted((a, b) => (a.dag_id < b.dag_id ? -1 : 1));
  const { page, wrong } = paged(sorted, query);
  return wrong ?? ok({ dags: page.map(dagShape), total_entries: sorted.length });
}

function oneDag({ dags: all }: World, id: string): Answer {
  const dag = all.get(id);
  return dag && wasLoaded(dag) ? ok(dagShape(dag)) : no(404, `The Dag with ID: \`${id}\` was not found`);
}

function importErrors({ dags: all }: World, { query }: Asked): Answer {
  const broken = [...all.values()].filter((dag) => dag.import_error !== undefined);
  const { page, wrong } = paged(broken, query);
  return (
    wrong ?? ok({ import_errors: page.map((dag, i) => importErrorShape(dag, i + 1)), total_entries: broken.length })
  );
}

function trigger(world: World, id: string, body: Fields, by: string, triggered: (run: LocalRun) => void): Answer {
  const dag = world.dags.get(id);
  if (!dag || !wasLoaded(dag) || dag.is_stale === true) return no(404, `DAG with dag_id: '${id}' not found`);
  if (dag.import_error !== undefined) {
    return no(400, `DAG with dag_id: '${id}' has import errors and cannot be triggered`);
  }
  const { dag_run_id: named, logical_date: date, conf, note } = body;
  const dag_run_id = typeof named === 'string' ? named : `manual__${world.now().toISOString()}_${world.runs.length}`;
  const taken = world.runs.some(
    (run) =>
      run.dag_id === id && (run.dag_run_id === dag_run_id || (run.logical_date !== null && run.logical_date === date)),
  );
  if (taken) return no(409, conflict);
  const run: LocalRun = {
    dag_id: id,
    dag_run_id,
    logical_date: typeof date === 'string' ? date : null,
    conf: isFields(conf) ? conf : {},
    note: typeof note === 'string' && note !== '' ? note : null,
    by,
    state: 'queued',
    queued_at: world.now(),
    start_date: null,
    end_date: null,
    failedTasks: [],
    said: undefined,
    questions: [],
  };
  world.runs.push(run);
  if (dag.is_paused !== true) triggered(run);
  return ok(runShape(world, run));
}

const conflict = {
  reason: 'Unique constraint violation',
  statement: 'INSERT INTO dag_run (dag_id, run_id, …) VALUES (?, ?, …)',
  orig_error: 'UNIQUE constraint failed: dag_run.dag_id, dag_run.run_id',
  message: 'Serious error when handling your request. Check logs for more details',
};

function withRun({ runs }: World, { dag, run }: Named, use: (run: LocalRun) => Answer): Answer {
  const found = runs.find((each) => each.dag_id === dag && each.dag_run_id === run);
  if (found) return use(found);
  return no(404, `The DagRun with dag_id: \`${dag}\` and run_id: \`${run}\` was not found`);
}

function runsOf(world: World, { dag }: Named, { query }: Asked): Answer {
  const all = world.runs.filter((run) => dag === '~' || run.dag_id === dag);
  const { page, wrong } = paged(all, query);
  return wrong ?? ok({ dag_runs: page.map((run) => runShape(world, run)), total_entries: all.length });
}

function removed({ runs }: World, run: LocalRun): Answer {
  runs.splice(runs.indexOf(run), 1);
  return { status: 204 };
}

function changed(world: World, run: LocalRun, { state, note }: Fields): Answer {
  if (state === 'success' || state === 'failed') finish(world, run, state);
  if (state === 'queued') Object.assign(run, { state, start_date: null, end_date: null });
  if (typeof note === 'string') run.note = note;
  return ok(runShape(world, run));
}

const taskStates =
  'removed, scheduled, queued, running, success, restarting, failed, up_for_retry, up_for_reschedule, upstream_failed, skipped, deferred';

function tasks(world: World, at: Named, { query }: Asked): Answer {
  const { state } = query;
  if (state !== undefined && !taskStates.split(', ').includes(state)) {
    return no(422, `Invalid value for state. Valid values are ${taskStates}`);
  }
  const run = world.runs.find((each) => each.dag_id === at['dag'] && each.dag_run_id === at['run']);
  if (!run) return no(404, `DagRun with run_id: \`${at['run']}\` was not found`);
  const all = [
    ...run.failedTasks.map((task) => [task, 'failed'] as const),
    ...(run.state === 'success' ? [['fit', 'success'] as const] : []),
  ].filter(([, each]) => state === undefined || each === state);
  const { page, wrong } = paged(all, query);
  const shown = page.map(([task, each]) => taskShape(world, run, task, each));
  return wrong ?? ok({ task_instances: shown, total_entries: all.length });
}

function saidBy({ runs }: World, { dag, run, task }: Named): readonly LocalRun[] {
  const isMeant = (each: LocalRun) => each.dag_id === dag && each.dag_run_id === run && each.said !== undefined;
  return task === '~' || task === 'fit' ? runs.filter(isMeant) : [];
}

function xcoms(world: World, at: Named, { query }: Asked): Answer {
  const all = query['xcom_key'] === undefined || query['xcom_key'] === 'pitcrew' ? saidBy(world, at) : [];
  const { page, wrong } = paged(all, query);
  return wrong ?? ok({ xcom_entries: page.map(xcomShape), total_entries: all.length });
}

function xcom(world: World, at: Named): Answer {
  const [run] = at['key'] === 'pitcrew' && at['task'] !== '~' ? saidBy(world, at) : [];
  return run ? ok({ ...xcomShape(run), value: run.said }) : no(404, `XCom entry with key: \`${at['key']}\` not found`);
}

function questions(world: World, { dag, run }: Named, { query }: Asked): Answer {
  const { response_received: received } = query;
  const found = world.runs.filter((each) => each.dag_id === dag && each.dag_run_id === run);
  const all = found
    .flatMap((each) => each.questions.map((question) => ({ each, question })))
    .filter(({ question }) => received === undefined || String(question.answer !== undefined) === received);
  const { page, wrong } = paged(all, query);
  const shown = page.map(({ each, question }) => questionShape(world, each, question));
  return wrong ?? ok({ hitl_details: shown, total_entries: all.length });
}

type Question = LocalRun['questions'][number];

function withQuestion(world: World, at: Named, use: (run: LocalRun, question: Question) => Answer): Answer {
  const { dag, run, task, index } = at;
  const found = world.runs.find((each) => each.dag_id === dag && each.dag_run_id === run);
  const question = index === '-1' ? found?.questions.find((each) => each.task === task) : undefined;
  if (found && question) return use(found, question);
  return no(
    404,
    `The Task Instance with dag_id: \`${dag}\`, run_id: \`${run}\`, task_id: \`${task}\` and map_index: \`${index}\` was not found`,
  );
}

function noted(world: World, run: LocalRun, question: Question, { note }: Fields): Answer {
  if (typeof note === 'string') question.note = note;
  return ok({ task_instances: [taskShape(world, run, question.task, 'deferred')], total_entries: 1 });
}

function respond(world: World, run: LocalRun, question: Question, body: Fields, by: string): Answer {
  const { assigned = [] } = question;
  if (!question.answer && assigned.length > 0 && !assigned.includes(by)) {
    return no(403, `User=${by} (id=${by}) is not a respondent for the task.`);
  }
  const { chosen_options: chosen, params_input: typed = {} } = body;
  const options = Array.isArray(chosen) ? chosen.map(String) : [];
  if (!answer(world, question, options, by)) {
    const id = world.idOf(`${run.dag_run_id} ${question.task}`);
    return no(
      409,
      `Human-in-the-loop detail has already been updated for Task Instance with id ${id} and is not allowed to write again.`,
    );
  }
  const responded_at = question.answer?.at.toISOString();
  return ok({ responded_by: { id: by, name: by }, responded_at, chosen_options: options, params_input: typed });
}
