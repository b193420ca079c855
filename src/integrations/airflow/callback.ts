import { z } from 'zod';
import type { HeardRun } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { urlOf } from '../alertmanager/alerts.ts';

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Callback = z.object({
  dag_id: z.string().min(1),
  dag_run_id: z.string().min(1),
  state: z.string().toLowerCase(),
  start_date: Instant.nullish(),
  end_date: Instant.nullish(),
  model: z.string().min(1).nullish(),
  environment: z.string().min(1).nullish(),
  reason: z.string().nullish(),
  url: z.string().nullish(),
  failed_tasks: z.array(z.object({ task_id: z.string(), log_url: z.string().nullish() })).nullish(),
});

/** Reads what the callback of a DAG posts. Airflow itself calls nobody: the guide has the callback. */
export function readAirflow(body: string | Uint8Array, received: Date): readonly HeardRun[] {
  const said = parsedAs(Callback, pythonJson(body), 'the callback of an Airflow DAG');
  const failed = said.failed_tasks ?? [];
  const tasks = failed.map(({ task_id: id }) => id);
  const detail = tasks.length > 0 ? `Failed: ${tasks.slice(0, 10).join(', ')}.` : said.reason;
  return [
    {
      kind: 'run',
      key: `${said.dag_id}/${said.dag_run_id}`,
      pipeline: said.dag_id,
      state: stateFrom(said.state),
      at: said.end_date ?? said.start_date ?? received,
      ...(detail && { detail }),
      ...(said.model && { model: said.model }),
      ...(said.environment && { environment: said.environment }),
      ...urlOf(said.url ?? failed[0]?.log_url),
    },
  ];
}

function stateFrom(state: string): HeardRun['state'] {
  switch (state) {
    case 'success':
      return 'succeeded';
    case 'failed':
    case 'upstream_failed':
      return 'failed';
    case 'queued':
      return 'queued';
    case 'skipped':
    case 'removed':
      return 'canceled';
    default:
      return 'running';
  }
}
