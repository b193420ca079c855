import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { makeConnection } from '../../../src/features/connections/store.ts';
import { signatureOf } from '../../../src/features/connections/trying.ts';
import type { Deployer, Step } from '../../../src/features/deployers/deployer.ts';
import { deployerOf } from '../../../src/features/deployers/queries.ts';
import { setDeployer } from '../../../src/features/deployers/store.ts';
import { deployCallback } from '../../../src/integrations/hooks/deploy-callback.ts';
import type { Context } from '../../../src/context.ts';
import { sealing } from '../../../src/lib/sealing.ts';
import { verified } from '../../../src/lib/signatures.ts';
import { type House, it } from '../../support/house.ts';

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
}
type Answer = { readonly status: number; readonly body?: object } | 'hang up';

let server: Server;
let url: string;
let got: Got[];
let answers: Answer[];
beforeEach(async () => {
  [got, answers] = [[], []];
  server = createServer((request, response) => {
    void buffer(request).then((raw) => {
      got.push({ headers: request.headers, raw });
      const answer = answers.shift() ?? { status: 202 };
      if (answer === 'hang up') return request.socket.destroy();
      return response.writeHead(answer.status).end(JSON.stringify(answer.body ?? {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/deploy`;
});
afterEach(() => server.close().closeAllConnections());

const step: Step = {
  key: 'exec:77:0',
  kind: 'promotion',
  number: 3,
  from: '14',
  to: '15',
  percent: 10,
  reason: 'better on new customers',
  approvedBy: ['OLGA'],
};

interface Set {
  readonly ctx: Context;
  readonly deployer: Deployer;
  readonly connectionId: string;
  readonly secret: string;
}

async function set(house: House): Promise<Set> {
  const ctx = { ...house.ctx, allowedHosts: ['127.0.0.1'], sealing: sealing([Buffer.alloc(32, 3)]) };
  const { model } = await house.team();
  const typed = { url, signIn: undefined, username: '', secret: '', space: '', name: 'deploy-bot' };
  const { connection, signing = '' } = await makeConnection(ctx, 'webhook', typed, 'OLGA');
  const how = { kind: 'webhook', connectionId: connection.id, pipeline: '', strategy: 'canary' } as const;
  const place = { modelId: model.id, environment: 'production' };
  await setDeployer(ctx, { ...place, ...how, steps: [10, 100], bakeMinutes: 5 }, 0, 'OLGA');
  return { ctx, deployer: await deployerOf(ctx, model, 'production'), connectionId: connection.id, secret: signing };
}

async function callBack({ ctx, connectionId, secret }: Set, said: object, forged = false) {
  const found = await deployCallback(ctx, connectionId);
  if (!found) throw new Error('there is no place for the callback');
  const body = JSON.stringify(said);
  const headers = signatureOf(forged ? 'whsec_Zm9yZ2Vk' : secret, 'callback-1', ctx.now(), body);
  const delivery = { body, raw: Buffer.from(body), query: {}, headers };
  const proven = await found.hook.prove?.(ctx, delivery);
  return proven === true ? await found.hook.handle(ctx, delivery) : proven;
}

describe('a web-hook that deploys', () => {
  it('gets what was approved, signed, with the same key on every try', async ({ house }) => {
    const { deployer, secret, connectionId, ctx } = await set(house);
    answers = [{ status: 503 }, { status: 202 }];
    expect(await deployer.apply(step)).toMatchObject({ state: 'running', ref: 'exec:77:0' });
    expect(got).toHaveLength(2);
    for (const { headers, raw } of got) {
      const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      expect(verified('standard-webhooks', { secret, headers: plain, body: raw, now: ctx.now() })).toBe(true);
      expect(headers['idempotency-key']).toBe('exec:77:0');
    }
    expect(JSON.parse(String(got[0]?.raw))).toEqual({
      key: 'exec:77:0',
      kind: 'promotion',
      number: 3,
      model: 'churn-model',
      environment: 'production',
      from: '14',
      to: '15',
      percent: 10,
      reason: 'better on new customers',
      approved_by: ['OLGA'],
      callback_url: `https://pitcrew.example/hooks/${connectionId}`,
    });
  });

  it.for([
    [{ status: 200, body: { state: 'done', detail: 'pods are up' } }, 'done', 'deploy-bot says: pods are up'],
    [{ status: 200, body: { state: 'failed', detail: 'no such image' } }, 'failed', 'no such image'],
    [{ status: 409, body: { error: 'busy' } }, 'failed', 'refused it with status 409: {"error":"busy"}'],
  ] as const)('answers %j, which is %s', async ([answer, state, words], { house }) => {
    const { deployer } = await set(house);
    answers = [answer];
    const op = await deployer.apply(step);
    expect(op.state).toBe(state);
    expect(op.says).toContain(words);
  });

  it.for([['hang up'], [{ status: 500 }]] as const)(
    'that answers %j every time leaves it unclear, never done',
    { timeout: 20_000 },
    async ([answer], { house }) => {
      const { deployer } = await set(house);
      answers = [answer, answer, answer];
      expect(await deployer.apply(step)).toMatchObject({ state: 'unclear' });
      expect(got).toHaveLength(3);
    },
  );

  it('that is not there has not begun', { timeout: 20_000 }, async ({ house }) => {
    const { deployer } = await set(house);
    server.close();
    server.closeAllConnections();
    expect(await deployer.apply(step)).toMatchObject({
      state: 'failed',
      says: expect.stringContaining('Nothing was begun'),
    });
  });
});

describe('its callback', () => {
  it('ends the step; a late "running" and a second end change nothing', async ({ house }) => {
    const at = await set(house);
    await at.deployer.apply(step);
    expect(await callBack(at, { key: step.key, state: 'running', detail: '1 of 3 pods' })).toMatchObject({
      accepted: 1,
    });
    expect(await at.deployer.status(step.key, step)).toMatchObject({ state: 'running', says: '1 of 3 pods' });
    await callBack(at, { key: step.key, state: 'done', detail: '3 of 3 pods' });
    await callBack(at, { key: step.key, state: 'running' });
    await callBack(at, { key: step.key, state: 'failed' });
    expect(await at.deployer.status(step.key, step)).toEqual({ state: 'done', says: 'deploy-bot says: 3 of 3 pods' });
  });

  it('says what is live only for the whole of the traffic', async ({ house }) => {
    const at = await set(house);
    await at.deployer.apply(step);
    await callBack(at, { key: step.key, state: 'done' });
    expect(await at.deployer.current()).toBeUndefined();
    const whole = { ...step, key: 'exec:77:1', percent: 100 };
    await at.deployer.apply(whole);
    await callBack(at, { key: whole.key, state: 'done' });
    expect(await at.deployer.current()).toBe('15');
  });

  it('that is forged, or about nothing that was asked, is refused', async ({ house }) => {
    const at = await set(house);
    await at.deployer.apply(step);
    expect(await callBack(at, { key: step.key, state: 'done' }, true)).toContain('The signature does not match');
    await expect(callBack(at, { key: 'exec:other:0', state: 'done' })).rejects.toThrow(
      'Nothing was asked under this key',
    );
    await expect(callBack(at, { state: 'done' })).rejects.toThrow(/key/);
    expect(await at.deployer.status(step.key, step)).toMatchObject({ state: 'running' });
  });

  it('that never comes leaves it unclear after half an hour', async ({ house }) => {
    const { deployer } = await set(house);
    await deployer.apply(step);
    house.later(31);
    expect(await deployer.status(step.key, step)).toMatchObject({ state: 'unclear' });
  });

  it('has no place where nothing is connected', async ({ house }) => {
    expect(await deployCallback(house.ctx, '00000000-0000-4000-8000-000000000000')).toBeUndefined();
    expect(await deployCallback(house.ctx, 'evidently')).toBeUndefined();
  });
});
