import { z } from 'zod';
import type { HeardDeployment, HeardRun } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { urlOf } from '../alertmanager/alerts.ts';

/** "2021-04-28 21:50:00 +0200", "2021-04-28 19:50:00 UTC", or as everybody else writes it. */
const Instant = z.string().transform((text, context) => {
  const iso = text
    .replace(/^(\d{4}-\d\d-\d\d) /, '$1T')
    .replace(/ UTC$/, 'Z')
    .replace(/ ?([+-]\d\d):?(\d\d)$/, '$1:$2');
  const at = new Date(iso);
  if (!Number.isNaN(at.getTime()) && /(Z|[+-]\d\d:\d\d)$/.test(iso)) return at;
  context.addIssue({ code: 'custom', message: 'is no instant with its offset from UTC' });
  return z.NEVER;
});
const Project = z.object({ path_with_namespace: z.string().min(1) });
const Kind = z.object({ object_kind: z.string() });
const Deployment = z.object({
  status: z.string(),
  status_changed_at: Instant,
  deployment_id: z.number(),
  environment: z.string().min(1),
  short_sha: z.string(),
  ref: z.string().nullish(),
  deployable_url: z.string().nullish(),
  user: z.object({ username: z.string() }).nullish(),
  project: Project,
});
const Pipeline = z.object({
  object_attributes: z.object({
    id: z.number(),
    ref: z.string().nullish(),
    name: z.string().nullish(),
    status: z.string(),
    detailed_status: z.string().nullish(),
    created_at: Instant,
    finished_at: Instant.nullish(),
    url: z.string().nullish(),
  }),
  builds: z.array(z.object({ name: z.string(), status: z.string(), allow_failure: z.boolean().nullish() })).nullish(),
  project: Project,
});

/** Reads a deployment or pipeline event of GitLab. Any other kind of event is empty. */
export function readGitlab(body: string | Uint8Array): readonly (HeardDeployment | HeardRun)[] {
  const raw = pythonJson(body);
  const { object_kind: kind } = parsedAs(Kind, raw, 'an event of GitLab');
  if (kind === 'deployment') return deploymentFrom(parsedAs(Deployment, raw, 'a deployment event of GitLab'));
  return kind === 'pipeline' ? [runFrom(parsedAs(Pipeline, raw, 'a pipeline event of GitLab'))] : [];
}

const deploymentStates: ReadonlyMap<string, HeardDeployment['state']> = new Map([
  ['created', 'pending'],
  ['blocked', 'pending'],
  ['running', 'running'],
  ['success', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
]);

function deploymentFrom(said: z.output<typeof Deployment>): HeardDeployment[] {
  const { path_with_namespace: repository } = said.project;
  const state = deploymentStates.get(said.status);
  if (!state) return [];
  return [
    {
      kind: 'deployment',
      key: `${repository}/${said.deployment_id}`,
      version: said.ref && /^v?\d/.test(said.ref) ? said.ref : said.short_sha,
      environment: said.environment,
      state,
      at: said.status_changed_at,
      repository,
      ...(said.user && { by: said.user.username }),
      ...urlOf(said.deployable_url),
    },
  ];
}

const mostNamed = 10;

function runFrom({ object_attributes: run, builds, project }: z.output<typeof Pipeline>): HeardRun {
  const { path_with_namespace: repository } = project;
  const state = runState(run.status);
  const jobs = (builds ?? []).filter((build) => build.status === 'failed' && !build.allow_failure);
  const failed = jobs.slice(0, mostNamed).map(({ name }) => name);
  const detail =
    failed.length > 0 ? `Failed: ${failed.join(', ')}.` : `It ended as "${run.detailed_status ?? run.status}".`;
  return {
    kind: 'run',
    key: `${repository}/${run.id}`,
    pipeline: run.name || (run.ref ? `${repository} ${run.ref}` : repository),
    state,
    at: run.finished_at ?? run.created_at,
    repository,
    ...(state === 'failed' && { detail }),
    ...urlOf(run.url),
  };
}

function runState(status: string): HeardRun['state'] {
  switch (status) {
    case 'success':
      return 'succeeded';
    case 'failed':
      return 'failed';
    case 'canceled':
    case 'skipped':
      return 'canceled';
    case 'running':
    case 'canceling':
      return 'running';
    default:
      return 'queued';
  }
}
