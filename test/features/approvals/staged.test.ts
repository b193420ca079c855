import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { z } from 'zod';
import type { Context } from '../../../src/context.ts';
import { abort } from '../../../src/features/approvals/taking-back/changes.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { openRequest, requestById } from '../../../src/features/approvals/queries.ts';
import { settle } from '../../../src/features/approvals/steps/store.ts';
import { makeConnection } from '../../../src/features/connections/store.ts';
import { setDeployer } from '../../../src/features/deployers/store.ts';
import { takeReport } from '../../../src/features/drift/intake.ts';
import { releasesOf } from '../../../src/features/releases/queries.ts';
import { liveVersion } from '../../../src/features/releases/store.ts';
import { sealing } from '../../../src/lib/sealing.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

const Got = z.object({ key: z.string(), percent: z.number(), to: z.string() });
let server: Server;
let url: string;
let got: z.infer<typeof Got>[];
let state: 'done' | 'failed' | 'running';
/** Between what the deployer did and its answer. */
let meanwhile: () => Promise<void>;
beforeEach(async () => {
  [got, state, meanwhile] = [[], 'done', () => Promise.resolve()];
  server = createServer((request, response) => {
    void json(request)
      .then((body) => got.push(Got.parse(body)))
      .then(() => meanwhile())
      .then(() => response.writeHead(200).end(JSON.stringify({ state, detail: '3 of 3 pods' })));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/deploy`;
});
afterEach(() => server.close().closeAllConnections());

const bake = 30;
const shares = () => got.map(({ to, percent }) => `${to} ${percent} %`);

/** Version 15 is approved, and goes live by 10, 50 and 100 %, half an hour apart. */
async function approved(house: House) {
  const ctx: Context = { ...house.ctx, allowedHosts: ['127.0.0.1'], sealing: sealing([Buffer.alloc(32, 3)]) };
  Object.defineProperty(ctx, 'clock', { get: () => house.ctx.clock });
  const { model } = await house.team();
  const typed = { url, signIn: undefined, username: '', secret: '', space: '', name: 'deploy-bot' };
  const { connection } = await makeConnection(ctx, 'webhook', typed, 'OLGA');
  const how = { kind: 'webhook', connectionId: connection.id, pipeline: '', strategy: 'canary' } as const;
  const place = { modelId: model.id, environment: 'production' };
  await setDeployer(ctx, { ...place, ...how, steps: [10, 50, 100], bakeMinutes: bake }, 0, 'OLGA');
  const { id } = await askFor(ctx, { modelId: model.id, kind: 'promotion', toVersion: '15' }, 'ENGI');
  await press(ctx, id, 'OLGA');
  await press(ctx, id, 'LEAD');
  return { ctx, model, id };
}
const said = async (house: House, kind: string) => (await house.said(`${kind}:`)).join('\n');

async function drifts(house: House, { ctx, model }: Awaited<ReturnType<typeof approved>>): Promise<void> {
  const how = { column: 'amount', method: 'psi', label: 'PSI', score: 0.5, limit: 0.1 } as const;
  const finding = { ...how, direction: 'above', drifted: true } as const;
  for (let i = 0; i < 2; i += 1) {
    house.later(5);
    const at = house.now();
    await takeReport(ctx, { model, environment: 'production', at, source: 'Evidently', findings: [finding] });
  }
}

describe('a promotion in steps', () => {
  it('gives the version more of the traffic only after each bake time, each step once', async ({ house }) => {
    const { ctx, id } = await approved(house);
    await executeNext(ctx);
    expect(shares()).toEqual(['15 10 %']);
    expect(await said(house, 'promotion')).toContain('10 % of the traffic go to version 15');
    house.later(bake - 1);
    expect(await executeNext(ctx)).toBe(false);
    house.later(1);
    await executeNext(ctx);
    expect(shares()).toEqual(['15 10 %', '15 50 %']);
    house.later(bake);
    await executeNext(ctx);
    expect(shares()).toEqual(['15 10 %', '15 50 %', '15 100 %']);
    expect(new Set(got.map(({ key }) => key)).size).toBe(3);
    expect(await requestById(ctx, id)).toMatchObject({ state: 'moved' });
    expect(await executeNext(ctx)).toBe(false);
  });

  it('stops by itself at a new alert, and asks to take the first share back', async ({ house }) => {
    const all = await approved(house);
    await executeNext(all.ctx);
    await drifts(house, all);
    house.later(bake);
    await executeNext(all.ctx);
    expect(shares()).toEqual(['15 10 %']);
    expect(await requestById(all.ctx, all.id)).toMatchObject({ state: 'failed' });
    expect(await said(house, 'promotion')).toContain('Stopped at 10 %: drift alert 1 was raised meanwhile.');
    const undo = await openRequest(all.ctx, all.model.id, 'production');
    expect(undo).toMatchObject({ kind: 'rollback', fromVersion: '15', toVersion: '14', undoes: all.id });
    expect(await said(house, 'rollback')).toContain('Promotion 1 was stopped on its way');

    await press(all.ctx, undo?.id ?? '', 'OLGA');
    await press(all.ctx, undo?.id ?? '', 'LEAD');
    await executeNext(all.ctx);
    expect(shares()).toEqual(['15 10 %', '14 100 %']);
    expect(await requestById(all.ctx, undo?.id ?? '')).toMatchObject({ state: 'moved' });
  });

  it('is stopped by a person with a reason, and who stopped it does not approve the way back', async ({ house }) => {
    const { ctx, id, model } = await approved(house);
    await executeNext(ctx);
    await abort(ctx, id, 'support has three tickets', 'LEAD');
    await expect(abort(ctx, id, 'me too', 'OLGA')).rejects.toThrow('<@LEAD> stopped it already.');
    await executeNext(ctx);
    expect(await said(house, 'promotion')).toContain('Stopped at 10 %: support has three tickets.');
    const undo = await openRequest(ctx, model.id, 'production');
    expect(undo).toMatchObject({ requestedBy: 'LEAD', toVersion: '14' });
    await expect(press(ctx, undo?.id ?? '', 'LEAD')).rejects.toThrow('someone else has to approve it');
  });

  it('is not stopped in the middle of its first step', async ({ house }) => {
    const { ctx, id } = await approved(house);
    await expect(abort(ctx, id, 'wait a moment', 'LEAD')).rejects.toThrow('Promotion 1 was already approved');
    expect(await requestById(ctx, id)).toMatchObject({ state: 'approved' });
  });

  it('whose step fails says which, and asks to take the others back', async ({ house }) => {
    const { ctx, id, model } = await approved(house);
    await executeNext(ctx);
    house.later(bake);
    state = 'failed';
    await executeNext(ctx);
    expect(shares()).toEqual(['15 10 %', '15 50 %']);
    expect(await requestById(ctx, id)).toMatchObject({ state: 'failed' });
    expect(await openRequest(ctx, model.id, 'production')).toMatchObject({ kind: 'rollback', undoes: id });
  });
});

/** At 10 %, and its next step is due. */
async function atTen(house: House) {
  const all = await approved(house);
  await executeNext(all.ctx);
  house.later(bake);
  return all;
}

describe('a promotion that is stopped', () => {
  it('while a step is being taken ends after it, without another bake time', async ({ house }) => {
    const { ctx, id, model } = await atTen(house);
    meanwhile = async () => void (await abort(ctx, id, 'support has three tickets', 'LEAD'));
    await executeNext(ctx);
    await executeNext(ctx);
    expect(shares()).toEqual(['15 10 %', '15 50 %']);
    expect(await said(house, 'promotion')).toContain('Stopped at 50 %: support has three tickets.');
    expect(await openRequest(ctx, model.id, 'production')).toMatchObject({ kind: 'rollback', requestedBy: 'LEAD' });
  });

  it('while its last step is taken is live, and the way back is asked for', async ({ house }) => {
    const { ctx, id, model } = await atTen(house);
    await executeNext(ctx);
    house.later(bake);
    meanwhile = async () => void (await abort(ctx, id, 'support has three tickets', 'LEAD'));
    await executeNext(ctx);
    expect(await requestById(ctx, id)).toMatchObject({ state: 'moved' });
    const undo = await openRequest(ctx, model.id, 'production');
    expect(undo).toMatchObject({ kind: 'rollback', fromVersion: '15', toVersion: '14', requestedBy: 'LEAD' });
    expect(undo?.reason).toBe('Promotion 1 was stopped too late: support has three tickets');
  });

  it('by the only one who could approve beside another asks for the way back in nobody’s name', async ({ house }) => {
    const { ctx, id, model } = await atTen(house);
    await house.standing('DEPU', 'deactivated');
    await abort(ctx, id, 'support has three tickets', 'OLGA');
    await executeNext(ctx);
    const undo = await openRequest(ctx, model.id, 'production');
    expect(undo).toMatchObject({ kind: 'rollback', requestedBy: 'pitcrew' });
    await press(ctx, undo?.id ?? '', 'OLGA');
    await press(ctx, undo?.id ?? '', 'LEAD');
    expect(await requestById(ctx, undo?.id ?? '')).toMatchObject({ state: 'approved' });
  });

  it('where nobody could approve the way back says so below the card, with the share that stays', async ({ house }) => {
    const { ctx, id } = await atTen(house);
    for (const who of ['OLGA', 'DEPU']) await house.standing(who, 'deactivated');
    await abort(ctx, id, 'support has three tickets', 'LEAD');
    await executeNext(ctx);
    expect(await requestById(ctx, id)).toMatchObject({ state: 'failed' });
    const [below] = await house.said(`promotion:${id}:undo`);
    expect(below).toContain('10 % of the traffic of churn-model go to version 15');
    expect(below).toContain('Please take it back where it is deployed.');
  });
});

describe('a step that nobody can be sure of', () => {
  it('whose executor is killed is asked for again under the same key, by one executor', async ({ house }) => {
    const { ctx, id } = await atTen(house);
    const letGo = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    meanwhile = () => {
      reached.resolve();
      return letGo.promise;
    };
    const dead = executeNext(ctx);
    await reached.promise;
    expect(await executeNext(ctx)).toBe(false);
    meanwhile = () => Promise.resolve();
    house.later(4);
    await executeNext(ctx);
    expect(shares()).toEqual(['15 10 %', '15 50 %', '15 50 %']);
    expect(got.map(({ key }) => key)).toEqual([`exec:${id}:0`, `exec:${id}:1`, `exec:${id}:1`]);
    const before = await requestById(ctx, id);
    expect(before).toMatchObject({ state: 'executing', step: 2 });
    letGo.resolve();
    await dead;
    expect(await requestById(ctx, id)).toEqual(before);
  });

  async function unclear(house: House) {
    const all = await atTen(house);
    state = 'running';
    await executeNext(all.ctx);
    house.later(31);
    await executeNext(all.ctx);
    expect(await requestById(all.ctx, all.id)).toMatchObject({ state: 'unclear', step: 1 });
    state = 'done';
    return all;
  }

  it('and a person saw done goes on with the next, for it was not the last', async ({ house }) => {
    const { ctx, id, model } = await unclear(house);
    await settle(ctx, id, 'moved', 'half of the pods run it', 'OLGA');
    expect(await requestById(ctx, id)).toMatchObject({ state: 'executing', step: 2 });
    expect(await liveVersion(ctx, model.id, 'production')).toMatchObject({ version: '14' });
    const sent = got.length;
    expect(await executeNext(ctx)).toBe(false);
    house.later(bake);
    await executeNext(ctx);
    expect(shares().slice(sent)).toEqual(['15 100 %']);
    expect(await requestById(ctx, id)).toMatchObject({ state: 'moved' });
  });

  it('and a person saw not done is over, and the steps before it are asked back', async ({ house }) => {
    const { ctx, id, model } = await unclear(house);
    await settle(ctx, id, 'failed', 'the pods run the old one', 'OLGA');
    expect(await requestById(ctx, id)).toMatchObject({ state: 'failed' });
    expect(await openRequest(ctx, model.id, 'production')).toMatchObject({ kind: 'rollback', undoes: id });
    const [release] = await releasesOf(ctx, model.id, 'production');
    expect(release).toMatchObject({ version: '15', state: 'failed' });
  });
});
