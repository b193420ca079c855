import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { z } from 'zod';
import type { Context } from '../../src/context.ts';
import { hookOf } from '../../src/features/connections/queries.ts';
import { makeConnection } from '../../src/features/connections/store.ts';
import { signatureOf, tryConnection } from '../../src/features/connections/trying.ts';
import { hookDeployer } from '../../src/features/deployers/hook.ts';
import { deployCallback } from '../../src/integrations/hooks/deploy-callback.ts';
import { sealing } from '../../src/lib/sealing.ts';
import { type House, it } from '../support/house.ts';

const page = await readFile(new URL('../../docs/connecting.md', import.meta.url), 'utf8');
const snippet = /```python\n(# deployer\.py[\s\S]*?)```/.exec(page)?.[1] ?? '';
const shown = z.record(z.string(), z.unknown()).parse(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''));

describe.runIf(hasPython())('the web-hook of docs/connecting.md, as it stands there', () => {
  const gone: (() => void)[] = [];
  const calledBack: string[] = [];
  const posted: string[] = [];
  beforeEach(() => {
    calledBack.length = 0;
    posted.length = 0;
  });
  afterEach(() => gone.splice(0).forEach((end) => end()));

  /** A listener on loopback; what it is told goes to `take`, whose number is the status. */
  async function listen(take: (request: IncomingMessage, body: Buffer) => Promise<number>): Promise<string> {
    const server = createServer((request, response) => {
      void buffer(request)
        .then((body) => take(request, body))
        .then((status) => response.writeHead(status).end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    gone.push(() => server.close());
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  async function connected(house: House) {
    const { model } = await house.team();
    const publicUrl = await listen(async ({ url = '', headers }, body) => {
      const said = await deployCallback(ctx, url.replace('/hooks/', ''));
      const strings = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const delivery = { headers: strings, raw: body, body: body.toString(), query: {} };
      calledBack.push(delivery.body);
      const proven = (await said?.hook.prove?.(ctx, delivery)) ?? 'nobody is there';
      if (proven !== true) return 401;
      await said?.hook.handle(ctx, delivery);
      return 200;
    });
    const ctx: Context = {
      ...house.ctx,
      now: () => new Date(),
      sealing: sealing([Buffer.alloc(32, 7)]),
      allowedHosts: ['127.0.0.1'],
      publicUrl,
    };
    const free = await listen(() => Promise.resolve(200));
    gone.pop()?.();
    const typed = { url: free, signIn: 'none', username: '', secret: '', space: '', name: '' };
    const { connection, signing = '' } = await makeConnection(ctx, 'webhook', typed, 'OLGA');
    await startPython({ PITCREW_HOOK_SECRET: signing, PORT: new URL(free).port }, free);
    return { ctx, model, connection, signing, url: free };
  }

  async function startPython(env: Record<string, string>, url: string): Promise<void> {
    const child: ChildProcess = spawn('python3', ['-c', snippet], { env: { ...process.env, ...env }, stdio: 'ignore' });
    gone.push(() => void child.kill());
    await expect
      .poll(
        () =>
          fetch(url).then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
  }

  const step = {
    key: 'exec:1:0',
    kind: 'promotion',
    number: 12,
    from: '14',
    to: '15',
    percent: 100,
    reason: 'better',
    approvedBy: ['OLGA'],
  } as const;

  it('answers a test, does a step once, and says when it is done', async ({ house }) => {
    const { ctx, model, connection } = await connected(house);
    const tried = await tryConnection(ctx, connection.id);
    expect(tried).toMatchObject({ problem: '', found: 'a test event was answered with status 202' });
    const hook = await hookOf(ctx, connection.id);
    const deployer = hookDeployer(ctx, { model, environment: 'production', hook });
    expect(await deployer.apply(step)).toMatchObject({ state: 'running', ref: step.key });
    await expect
      .poll(() => deployer.status(step.key, step))
      .toEqual({
        state: 'done',
        says: `${connection.name} says: version 15 is live`,
      });
    expect(await deployer.apply(step)).toMatchObject({ state: 'done' });
    expect(await deployer.current()).toBe('15');
    expect(calledBack).toHaveLength(1);
  });

  it('refuses what is not signed, signed by another, or old', async ({ house }) => {
    const { ctx, signing, url } = await connected(house);
    const body = JSON.stringify({ ...step, callback_url: ctx.publicUrl });
    const status = async (headers: Record<string, string>) =>
      (await fetch(url, { method: 'POST', body, headers })).status;
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    expect(await status({})).toBe(401);
    expect(await status(signatureOf(`whsec_${btoa('another')}`, 'm1', at(0), body))).toBe(401);
    expect(await status(signatureOf(signing, 'm1', at(6), body))).toBe(401);
    expect(calledBack).toEqual([]);
    expect(await status(signatureOf(signing, 'm1', at(1), body))).toBe(202);
  });

  it('is sent exactly what the page shows', async ({ house }) => {
    const { ctx, model, connection } = await connected(house);
    const hook = await hookOf(ctx, connection.id);
    const url = await listen((_request, body) => {
      posted.push(body.toString());
      return Promise.resolve(202);
    });
    await hookDeployer(ctx, { model, environment: 'production', hook: { ...hook, url } }).apply(step);
    const [sent] = posted.map((body) => z.record(z.string(), z.unknown()).parse(JSON.parse(body)));
    expect(Object.keys(sent ?? {})).toEqual(Object.keys(shown));
    const types = (fields: object) => Object.values(fields).map((value) => typeof value);
    expect(types(sent ?? {})).toEqual(types(shown));
  });
});

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('The web-hook of docs/connecting.md is not run: there is no python3.');
    return false;
  }
}
