import { isOver, type LocalDag, type LocalRun, type World } from './world.ts';

const instant = (at: Date | null) => at?.toISOString() ?? null;
const seconds = ({ start_date: from, end_date: to }: LocalRun) =>
  from && to ? (to.getTime() - from.getTime()) / 1000 : null;

export function dagShape(dag: LocalDag): object {
  const { dag_id, description = null, is_paused = false, is_stale = false, import_error } = dag;
  return {
    dag_id,
    dag_display_name: dag_id,
    is_paused,
    is_stale,
    last_parsed_time: '2026-01-01T00:00:00Z',
    last_parse_duration: 0.05,
    last_expired: null,
    bundle_name: 'dags-folder',
    bundle_version: null,
    relative_fileloc: `${dag_id}.py`,
    fileloc: `/dags/${dag_id}.py`,
    description,
    timetable_summary: null,
    timetable_description: 'Never, external triggers only',
    tags: [],
    max_active_tasks: 16,
    max_active_runs: 16,
    max_consecutive_failed_dag_runs: 0,
    has_task_concurrency_limits: false,
    has_import_errors: import_error !== undefined,
    next_dagrun_logical_date: null,
    next_dagrun_data_interval_start: null,
    next_dagrun_data_interval_end: null,
    next_dagrun_run_after: null,
    owners: ['airflow'],
    file_token: `token-of-${dag_id}`,
  };
}

export function dagShapeV1(dag: LocalDag): object {
  const { dag_id, description = null, is_paused = false, is_stale = false, import_error } = dag;
  return {
    dag_id,
    dag_display_name: dag_id,
    root_dag_id: null,
    is_paused,
    is_active: !is_stale,
    is_subdag: false,
    fileloc: `/dags/${dag_id}.py`,
    file_token: `token-of-${dag_id}`,
    owners: ['airflow'],
    description,
    schedule_interval: null,
    timetable_description: 'Never, external triggers only',
    tags: [],
    max_active_tasks: 16,
    max_active_runs: 16,
    has_task_concurrency_limits: false,
    has_import_errors: import_error !== undefined,
    next_dagrun: null,
  };
}

export function importErrorShape({ dag_id, import_error = '' }: LocalDag, id: number): object {
  const filename = `${dag_id}.py`;
  const timestamp = '2026-01-01T00:00:00Z';
  return { import_error_id: id, timestamp, filename, bundle_name: 'dags-folder', stack_trace: import_error };
}

const versionShape = (world: World, dag_id: string) => ({
  id: world.idOf(`version of ${dag_id}`),
  version_number: 1,
  dag_id,
  bundle_name: 'dags-folder',
  bundle_version: null,
  created_at: '2026-01-01T00:00:00Z',
  dag_display_name: dag_id,
  bundle_url: null,
});

export function runShape(world: World, run: LocalRun): object {
  const { dag_id, dag_run_id, logical_date, queued_at, start_date, end_date, state, conf, note, by } = run;
  return {
    dag_run_id,
    dag_id,
    logical_date,
    queued_at: instant(queued_at),
    start_date: instant(start_date),
    end_date: instant(end_date),
    duration: seconds(run),
    data_interval_start: null,
    data_interval_end: null,
    run_after: instant(queued_at),
    last_scheduling_decision: instant(start_date),
    run_type: 'manual',
    state,
    triggered_by: 'rest_api',
    triggering_user_name: by,
    conf,
    note,
    dag_versions: [versionShape(world, dag_id)],
    bundle_version: null,
    dag_display_name: dag_id,
  };
}

export function runShapeV1(run: LocalRun): object {
  const { dag_id, dag_run_id, logical_date, queued_at, start_date, end_date, state, conf, note } = run;
  const date = logical_date ?? instant(queued_at);
  return {
    conf,
    dag_id,
    dag_run_id,
    data_interval_end: date,
    data_interval_start: date,
    end_date: instant(end_date),
    execution_date: date,
    external_trigger: true,
    last_scheduling_decision: instant(start_date),
    logical_date: date,
    note,
    run_type: 'manual',
    start_date: instant(start_date),
    state,
  };
}

export function taskShape(world: World, run: LocalRun, task_id: string, state: string): object {
  const { dag_id, dag_run_id, logical_date, queued_at, start_date, end_date } = run;
  return {
    id: world.idOf(`${dag_run_id} ${task_id}`),
    task_id,
    dag_id,
    dag_run_id,
    map_index: -1,
    logical_date,
    run_after: instant(queued_at),
    start_date: instant(start_date),
    end_date: instant(end_date),
    duration: seconds(run),
    state,
    try_number: 1,
    max_tries: 0,
    task_display_name: task_id,
    dag_display_name: dag_id,
    hostname: 'local',
    unixname: 'airflow',
    pool: 'default_pool',
    pool_slots: 1,
    queue: 'default',
    priority_weight: 1,
    operator: '_PythonDecoratedOperator',
    operator_name: '@task',
    queued_when: instant(queued_at),
    scheduled_when: instant(queued_at),
    pid: null,
    executor: null,
    executor_config: '{}',
    note: run.questions.find(({ task }) => task === task_id)?.note ?? null,
    rendered_map_index: null,
    rendered_fields: {},
    trigger: null,
    triggerer_job: null,
    dag_version: versionShape(world, dag_id),
  };
}

export function xcomShape({ dag_id, dag_run_id, logical_date, end_date }: LocalRun): object {
  return {
    key: 'pitcrew',
    timestamp: instant(end_date),
    logical_date,
    map_index: -1,
    task_id: 'fit',
    dag_id,
    run_id: dag_run_id,
    dag_display_name: dag_id,
    task_display_name: 'fit',
  };
}

export function xcomShapeV1({ dag_id, queued_at, end_date }: LocalRun): object {
  const execution_date = instant(queued_at);
  return { key: 'pitcrew', timestamp: instant(end_date), execution_date, map_index: -1, task_id: 'fit', dag_id };
}

const user = (name: string) => ({ id: name, name });

export function questionShape(world: World, run: LocalRun, question: LocalRun['questions'][number]): object {
  const { task, subject, body = null, options = ['Approve', 'Reject'], assigned = [], params = {}, answer } = question;
  const shown = Object.entries(params).map(([name, value]) => [name, { value, description: null, schema: {} }]);
  return {
    task_instance: taskShape(world, run, task, answer ? 'success' : isOver(run) ? 'failed' : 'deferred'),
    options,
    subject,
    body,
    defaults: null,
    multiple: false,
    params: Object.fromEntries(shown),
    assigned_users: assigned.map(user),
    created_at: instant(question.created_at),
    responded_by_user: answer ? user(answer.by) : null,
    responded_at: instant(answer?.at ?? null),
    chosen_options: answer?.options ?? null,
    params_input: {},
    response_received: answer !== undefined,
  };
}
