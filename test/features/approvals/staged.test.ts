import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { z } from 'zod';
import type { Context } from '../../../src/context.ts';
import { abort } from '../../../src/features/approvals/changes.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { openRequest, requestById } from '../../../src/features/approvals/queries.ts';
import { makeConnection } from '../../../src/features/connections/store.ts';
import { setDeployer } from '../../../src/features/deployers/store.ts';
import { takeReport } from '../../../src/features/drift/intake.ts';
import { sealing } from '../../../src/lib/sealing.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

const Got = z.object({ key: z.string(), percent: z.number(), to: z.string() });
let server: Server;
let url: string;
let got: z.infer<typeof Got>[];
let state: 'done' | 'failed';
beforeEach(async () => {
  [got, state] = [[], 'done'];
  server = createServer((request, response) => {
    void json(request).then((body) => {
      got.push(Got.parse(body));
      return response.writeHead(200).end(JSON.stringify({ state, detail: '3 of 3 pods' }));
    });
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
