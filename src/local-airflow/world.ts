import { randomUUID } from 'node:crypto';

export interface LocalQuestion {
  readonly task: string;
  readonly subject: string;
  readonly body?: string;
  /** Approve and Reject unless said. */
  readonly options?: readonly string[];
  /** User names; everyone unless said. */
  readonly assigned?: readonly string[];
  /** What has to be typed beside the choice, name → value that stands there at first. */
  readonly params?: Readonly<Record<string, string>>;
}

export interface LocalDag {
  readonly dag_id: string;
  readonly description?: string;
  readonly is_paused?: boolean;
  /** Its file is gone. */
  readonly is_stale?: boolean;
  /** The trace of its file. */
  readonly import_error?: string;
  /** Whether it was loaded before its file broke; a DAG that never was is not listed at all. */
  readonly was_loaded?: boolean;
  /** With `autoMs`: each run waits with this before its end. */
  readonly asks?: LocalQuestion;
  /** With `autoMs`: the tasks that fail; the run succeeds where there are none. */
  readonly fails?: (conf: Readonly<Record<string, unknown>>) => readonly string[];
}

export type Said = Readonly<Record<string, string | number>>;
type RunState = 'queued' | 'running' | 'success' | 'failed';

interface Asked extends LocalQuestion {
  readonly created_at: Date;
  /** What whoever answered wrote on the task. */
  note?: string;
  answer?: { readonly by: string; readonly options: readonly string[]; readonly at: Date };
}

export interface LocalRun {
  readonly dag_id: string;
  readonly dag_run_id: string;
  readonly logical_date: string | null;
  readonly conf: Readonly<Record<string, unknown>>;
  note: string | null;
  readonly by: string;
  state: RunState;
  readonly queued_at: Date;
  start_date: Date | null;
  end_date: Date | null;
  failedTasks: readonly string[];
  /** What its task `fit` pushed as the XCom `pitcrew`. */
  said: Said | undefined;
  readonly questions: Asked[];
}

export interface World {
  readonly dags: Map<string, LocalDag>;
  readonly runs: LocalRun[];
  readonly now: () => Date;
  /** The same id for the same thing, as often as it is shown. */
  idOf(name: string): string;
}

export function worldOf(dags: readonly LocalDag[], now: () => Date): World {
  const ids = new Map<string, string>();
  return {
    dags: new Map(dags.map((dag) => [dag.dag_id, dag])),
    runs: [],
    now,
    idOf: (name) => {
      const id = ids.get(name) ?? randomUUID();
      ids.set(name, id);
      return id;
    },
  };
}

export function runOf({ runs }: Pick<World, 'runs'>, id: string): LocalRun {
  const run = runs.find((each) => each.dag_run_id === id);
  if (!run) throw new Error(`No run ${id}`);
  return run;
}

export const isOver = ({ state }: LocalRun) => state === 'success' || state === 'failed';

export function begin(world: World, run: LocalRun): void {
  if (run.state !== 'queued') return;
  run.state = 'running';
  run.start_date = world.now();
}

export interface Outcome {
  readonly said?: Said | undefined;
  readonly failedTasks?: readonly string[];
}

/** Also of a run that was over already, as Airflow does it. */
export function finish(world: World, run: LocalRun, state: 'success' | 'failed', outcome: Outcome = {}): void {
  begin(world, run);
  run.state = state;
  run.end_date ??= world.now();
  run.failedTasks = outcome.failedTasks ?? run.failedTasks;
  run.said = outcome.said ?? run.said;
}

export function ask(world: World, run: LocalRun, question: LocalQuestion): void {
  begin(world, run);
  run.questions.push({ ...question, created_at: world.now() });
}

/** False: it was answered before. */
export function answer(world: World, asked: Asked, options: readonly string[], by: string): boolean {
  if (asked.answer) return false;
  asked.answer = { by, options, at: world.now() };
  return true;
}
