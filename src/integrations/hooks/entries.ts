import type { Delivery } from '../../doors.ts';
import type { Heard } from '../../features/sources/heard.ts';
import type { Kind } from '../../features/sources/schema.ts';
import { readDbtSources } from '../dbt/sources.ts';
import { readAnyEvidently } from '../evidently/read.ts';
import { readGreatExpectations } from '../great-expectations/great-expectations.ts';
import { readNannyml } from '../nannyml/nannyml.ts';
import { keyOfOpenLineage, readOpenLineage } from '../openlineage/openlineage.ts';
import { readSageMaker } from '../sagemaker/violations.ts';
import { readMlflowEvent } from '../mlflow/web-hook.ts';
import { readAirflow } from '../airflow/callback.ts';
import { readAlertmanager } from '../alertmanager/alerts.ts';
import { readGithub } from '../github/github.ts';
import { readGitlab } from '../gitlab/gitlab.ts';
import { readGrafana } from '../grafana/grafana.ts';
import { Refusal } from '../../lib/refusal.ts';
import { byBody, byEach, byHeader } from './keys.ts';
import { type PlainReadings, readPlainJson } from './plain-json.ts';

/** One format that may be posted to /hooks/{source}: how it is read, and how the same delivery is recognised. */
export interface Entry {
  readonly kind: Kind;
  readonly read: (delivery: Delivery, now: Date) => PlainReadings | readonly Heard[];
  /** Undefined where each thing in it is recognised by itself. */
  readonly key: (delivery: Delivery) => string | undefined;
}

export const entries: readonly Entry[] = [
  { kind: 'evidently', read: ({ raw }) => [readAnyEvidently(raw)], key: byBody },
  { kind: 'nannyml', read: ({ raw }) => readNannyml(raw), key: byBody },
  { kind: 'alertmanager', read: ({ raw }) => readAlertmanager(raw), key: byEach },
  { kind: 'grafana', read: ({ raw }) => readGrafana(raw), key: byEach },
  { kind: 'mlflow', read: ({ raw }) => readMlflowEvent(raw), key: byHeader('x-mlflow-delivery-id') },
  { kind: 'openlineage', read: ({ raw }) => readOpenLineage(raw), key: ({ raw }) => keyOfOpenLineage(raw) },
  { kind: 'dbt', read: ({ raw }) => readDbtSources(raw), key: byBody },
  { kind: 'great-expectations', read: ({ raw }, now) => readGreatExpectations(raw, now), key: byBody },
  { kind: 'sagemaker', read: ({ raw }) => readSageMaker(raw), key: byBody },
  { kind: 'github', read: fromGithub, key: byHeader('x-github-delivery') },
  { kind: 'gitlab', read: ({ raw }) => readGitlab(raw), key: byHeader('idempotency-key', 'webhook-id') },
  { kind: 'airflow', read: ({ raw }, now) => readAirflow(raw, now), key: byBody },
  { kind: 'json', read: ({ raw }) => plain(readPlainJson(raw)), key: byBody },
];

function fromGithub({ raw, body, headers }: Delivery): readonly Heard[] {
  if (body.startsWith('payload=')) {
    throw new Refusal('This is a form: choose application/json as content type of the web-hook.', { field: 'body' });
  }
  const event = headers['x-github-event'];
  if (!event) throw new Refusal('The header X-GitHub-Event is missing.', { field: 'X-GitHub-Event' });
  return readGithub(event, raw);
}

function plain(said: ReturnType<typeof readPlainJson>): PlainReadings | readonly Heard[] {
  return said.kind === 'readings' ? said : [said];
}
