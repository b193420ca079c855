import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kubeflowPipelines } from '../../src/integrations/kubeflow/kubeflow.ts';
import type { RunParams } from '../../src/ports.ts';
import { type LocalKubeflow, startLocalKubeflow } from '../support/kubeflow.ts';
import { published, routeOf } from '../support/kubeflow-shapes.ts';
import { pythonPackage } from '../support/python.ts';

const sdk = pythonPackage('kfp-server-api', '2.17.3');
const installed = await sdk.install();
if (!installed.ok) console.warn(`The calls to Kubeflow are not held against its client: ${installed.why}.`);

const Report = z.object({ read: z.number(), wrong: z.array(z.string()) });
const script = new URL('validate-kfp-requests.py', import.meta.url).pathname;

function validated(calls: LocalKubeflow['calls'], shapes: object = published) {
  const input = JSON.stringify({ calls, published: shapes });
  return Report.parse(JSON.parse(execFileSync(join(sdk.bin, 'python'), [script], { input, encoding: 'utf8' })));
}

describe.runIf(installed.ok)('the calls to Kubeflow, with its own Python client', () => {
  let server: LocalKubeflow;
  afterEach(() => server.close());

  /** Every route that we use, and every kind of parameter. */
  async function play(space?: string): Promise<void> {
    const id = '0d2d6f4e-95ac-4a5d-bd33-3a0b1a1f2c11';
    const parameters = {
      epochs: 'NUMBER_INTEGER',
      rate: 'NUMBER_DOUBLE',
      fresh: 'BOOLEAN',
      label: 'STRING',
      drop: 'LIST',
    };
    server = await startLocalKubeflow({
      pipelines: [
        {
          name: 'churn',
          id,
          description: 'Trains churn.',
          parameters,
          ...(space !== undefined && { namespace: space }),
        },
      ],
      multiUser: space !== undefined,
    });
    const kubeflow = kubeflowPipelines({
      url: server.url,
      allowedHosts: ['127.0.0.1'],
      pauses: [1, 1],
      auth: { token: 'abc' },
      ...(space !== undefined && { space }),
    });
    await kubeflow.check();
    await kubeflow.list();
    for (const pipeline of ['churn', id, 'nothing']) await kubeflow.obstacle(pipeline);
    const params: RunParams = { epochs: 3, rate: 0.1, fresh: true, label: 'é "q"', drop: ['2026-02', '2026-03'] };
    server.meet('POST runs', 2);
    const run = { triggerId: 'pitcrew-1', params, note: 'drift alert 7' };
    const [{ runId }] = await Promise.all([kubeflow.start('churn', run), kubeflow.start(id, { ...run, note: '' })]);
    await kubeflow.status('churn', runId);
    await kubeflow.status('churn', 'nobody');
    await kubeflow.cancel('churn', runId);
    Object.assign(server.runs[0] ?? {}, {
      state: 'FAILED',
      finished_at: '2026-03-01T09:00:00Z',
      error: { code: 13, message: 'broke' },
      run_details: { task_details: [{ display_name: 'train', state: 'FAILED', child_tasks: [{ pod_name: 'p' }] }] },
    });
    await kubeflow.status('churn', runId);
    await kubeflow.start('churn', run);
  }

  it.each([undefined, 'team-a'])(
    'are its calls, and the stand-in answers as it reads (namespace %s)',
    async (space) => {
      await play(space);
      const { read, wrong } = validated(server.calls);
      expect(wrong).toEqual([]);
      expect(read).toBe(server.calls.length);
      const used = new Set(server.calls.map(({ method, path }) => routeOf(method, path)?.route));
      const experiments = published.routes.filter(({ path }) => path === 'experiments');
      expect(used.size).toBe(published.routes.length - (space === undefined ? experiments.length : 0));
    },
  );

  it('would be told apart from others', async () => {
    await play();
    const [first] = server.calls;
    const post = server.calls.find(({ method, path }) => method === 'POST' && path === 'runs');
    if (!first || !post) throw new Error('nothing was asked');
    const body = { ...Object(post.body), pipeline_reference: { pipeline_id: 'x' }, state: 'DREAMING' };
    const wrong = [
      ...validated([{ ...post, body }]).wrong,
      ...validated([{ ...first, query: { space: 'team-a' } }]).wrong,
      ...validated([{ ...first, answer: { status: 200, body: { pipelines: [{ id: 'x' }] } } }]).wrong,
      ...validated([{ ...first, query: { filter: '{"predicates":[{"op":"EQUALS"}]}' } }]).wrong,
    ].join('\n');
    expect(wrong).toMatch(
      /pipeline_reference[\s\S]*unexpected keyword argument 'space'[\s\S]*\/pipelines\/0\/id[\s\S]*\/op/,
    );
    const { Run, ...others } = published.shapes;
    const bent = { ...published, shapes: { ...others, Run: { ...Run, state: 'int', name: 'str' } } };
    expect(validated([], bent).wrong).toEqual([
      'Run.name: not in the client',
      'Run.state: int is V2beta1RuntimeState in the client',
    ]);
  });
});
