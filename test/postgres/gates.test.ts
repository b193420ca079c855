import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { override, saveGate } from '../../src/features/gates/changes.ts';
import { gateOf, gateStanding } from '../../src/features/gates/queries.ts';
import { evaluate } from '../../src/features/gates/store.ts';
import type { Model } from '../../src/features/models/schema.ts';
import type { House } from '../support/house.ts';
import { houseIn } from '../support/house-on-postgres.ts';
import { createDatabase } from '../support/postgres.ts';

let database: Database;
let house: House;
let model: Model;
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) });
  await database.migrate();
});
afterAll(() => database.close());
beforeEach(async () => {
  house = houseIn(database.db);
  ({ model } = await house.team());
  house.registry.facts.set('14', { auc: 0.92 });
  house.registry.facts.set('16', { auc: 0.9 });
  await saveGate(house.ctx, place(), 'auc >= 0.8, no worse', undefined, 'OLGA');
});

const place = () => ({ modelId: model.id, environment: 'production' });
const check = () => evaluate(house.ctx, { ...place(), version: '16' }, 'ENGI');
const stands = () => gateStanding(house.ctx, model.id, 'production', '16');
const reason = 'The black Friday traffic needs the new features today.';

describe('a gate that many ask at once', () => {
  it('keeps one result after the other, each with a number of its own, and the newest stands', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, check));
    const newest = (await stands()).evaluation;
    const last = Math.max(...all.map(({ startedAt }) => startedAt.getTime()));
    expect(newest?.startedAt.getTime()).toBe(last);
    const kept = new Set(all.map(({ id }) => id));
    expect(new Set(all.map(({ number }) => number)).size).toBe(kept.size);
  });

  it('does not take what a slow registry said before over what was said since', async () => {
    const { versionFacts } = house.registry;
    const asked = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    house.registry.versionFacts = async (target) => {
      const facts = await versionFacts(target);
      asked.resolve();
      await letGo.promise;
      return facts;
    };
    const slow = check();
    await asked.promise;
    house.registry.versionFacts = versionFacts;
    house.registry.facts.set('16', { auc: 0.95 });
    const quick = await check();
    expect(quick.result).toBe('pass');
    letGo.resolve();
    expect((await slow).id).toBe(quick.id);
    expect(await stands()).toMatchObject({ state: 'pass', evaluation: { id: quick.id } });
  });

  it('overridden while it is checked anew: the override is for what was seen, whoever came first', async () => {
    for (let round = 0; round < 8; round += 1) {
      house.registry.facts.set('16', { auc: 0.9 - round / 100 });
      const seen = await check();
      house.registry.facts.set('16', { auc: 0.895 - round / 100 });
      const [again, over] = await Promise.allSettled([check(), override(house.ctx, seen.id, reason, 'OLGA')]);
      expect(again.status).toBe('fulfilled');
      const now = await stands();
      expect(now.evaluation?.said.candidate?.metrics).toEqual({ auc: 0.895 - round / 100 });
      expect(now.state).toBe('failed');
      if (over.status === 'rejected') expect(String(over.reason)).toContain('was checked again since');
    }
  });

  it('edited by two at once: one of both is told, and no wording is lost', async () => {
    const before = await gateOf(house.ctx, model.id, 'production');
    const edits = ['auc >= 0.85', 'auc >= 0.9'].map((text) =>
      saveGate(house.ctx, place(), text, before?.revision, 'OLGA'),
    );
    const states = (await Promise.allSettled(edits)).map(({ status }) => status);
    expect(states.toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await gateOf(house.ctx, model.id, 'production'))?.revision).toBe((before?.revision ?? 0) + 1);
  });
});
