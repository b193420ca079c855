import { z } from 'zod';
import type { HeardDeployment, HeardRun } from '../../features/sources/heard.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { urlOf } from '../alertmanager/alerts.ts';

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Repository = z.object({ full_name: z.string().min(1) });
const Deployment = z.object({
  id: z.number(),
  sha: z.string(),
  ref: z.string().default(''),
  environment: z.string().min(1),
  payload: z.unknown(),
  created_at: Instant,
  creator: z.object({ login: z.string() }).nullish(),
});
const DeploymentEvent = z.object({ deployment: Deployment, repository: Repository });
const StatusEvent = DeploymentEvent.extend({
  deployment_status: z.object({
    state: z.string(),
    updated_at: Instant,
    target_url: z.string().nullish(),
    log_url: z.string().nullish(),
    environment_url: z.string().nullish(),
  }),
});
const RunEvent = z.object({
  action: z.string(),
  repository: Repository,
  workflow: z.object({ name: z.string() }).nullish(),
  workflow_run: z.object({
    id: z.number(),
    run_attempt: z.number().default(1),
    name: z.string().nullish(),
    path: z.string().default('workflow'),
    conclusion: z.string().nullish(),
    updated_at: Instant,
    html_url: z.string().nullish(),
  }),
});
/** What a deployment was given by whoever made it: the only place where a model may be named. */
const Payload = z.object({
  model: z.string().optional(),
  version: z.union([z.string(), z.number()]).optional(),
  strategy: z.enum(['all_at_once', 'canary', 'shadow', 'blue_green']).optional().catch(undefined),
  percent: z.number().int().min(0).max(100).optional().catch(undefined),
});

/** Reads one event of GitHub, named by the header X-GitHub-Event. What says nothing of deployments or runs is empty. */
export function readGithub(event: string, body: string | Uint8Array): readonly (HeardDeployment | HeardRun)[] {
  const raw = pythonJson(body);
  const what = `an event "${event}" of GitHub`;
  switch (event) {
    case 'deployment': {
      const { deployment, repository } = parsedAs(DeploymentEvent, raw, what);
      return [{ ...deploymentFrom(deployment, repository), state: 'pending', at: deployment.created_at }];
    }
    case 'deployment_status': {
      const { deployment, deployment_status: status, repository } = parsedAs(StatusEvent, raw, what);
      const state = deploymentStates.get(status.state);
      const url = [status.log_url, status.target_url, status.environment_url].find((each) => urlOf(each).url);
      if (!state) return [];
      return [{ ...deploymentFrom(deployment, repository), state, at: status.updated_at, ...urlOf(url) }];
    }
    case 'workflow_run':
      return [runFrom(parsedAs(RunEvent, raw, what))];
    default:
      return [];
  }
}

/** "inactive" only says that a newer one took its place. */
const deploymentStates: ReadonlyMap<string, HeardDeployment['state']> = new Map([
  ['pending', 'pending'],
  ['queued', 'pending'],
  ['waiting', 'pending'],
  ['in_progress', 'running'],
  ['success', 'succeeded'],
  ['failure', 'failed'],
  ['error', 'failed'],
]);

function deploymentFrom(
  { id, sha, ref, environment, payload, creator }: z.output<typeof Deployment>,
  { full_name: repository }: z.output<typeof Repository>,
) {
  const { model, version, strategy, percent } = Payload.safeParse(payload).data ?? {};
  return {
    kind: 'deployment',
    key: `${repository}/${id}`,
    version: version === undefined ? versionFrom(ref, sha) : String(version),
    environment,
    repository,
    ...(model && { model }),
    ...(strategy && { strategy }),
    ...(percent !== undefined && { percent }),
    ...(creator && { by: creator.login }),
  } as const;
}

/** A tag that looks like a version is one; a branch is not, and then the commit says which. */
function versionFrom(ref: string, sha: string): string {
  return /^v?\d/.test(ref) && ref !== sha ? ref : sha.slice(0, 8);
}

function runFrom({ action, repository, workflow, workflow_run: run }: z.output<typeof RunEvent>): HeardRun {
  const { conclusion } = run;
  const state = action === 'completed' ? endOf(conclusion ?? '') : action === 'in_progress' ? 'running' : 'queued';
  return {
    kind: 'run',
    key: `${repository.full_name}/${run.id}/${run.run_attempt}`,
    pipeline: workflow?.name || run.name || run.path,
    state,
    at: run.updated_at,
    repository: repository.full_name,
    ...(state === 'failed' && { detail: `It ended as "${conclusion ?? 'unknown'}".` }),
    ...urlOf(run.html_url),
  };
}

function endOf(conclusion: string): HeardRun['state'] {
  switch (conclusion) {
    case 'success':
    case 'neutral':
      return 'succeeded';
    case 'cancelled':
    case 'skipped':
    case 'stale':
      return 'canceled';
    case 'action_required': // Nothing ran: somebody has to allow it first.
      return 'queued';
    default:
      return 'failed';
  }
}
