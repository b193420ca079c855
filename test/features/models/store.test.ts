import { describe, expect } from 'vitest';
import { models as doors } from '../../../src/features/models/doors.ts';
import { findModels, listModels, modelNamed } from '../../../src/features/models/queries.ts';
import type { Model, ModelEdit } from '../../../src/features/models/schema.ts';
import {
  confirmModels,
  editModel,
  mayRegister,
  registerModel,
  retireModel,
} from '../../../src/features/models/store.ts';
import { importList, modelList } from '../../../src/features/models/views.ts';
import { joinTeam, leaveTeam } from '../../../src/features/teams/store.ts';
import { type House, it } from '../../support/house.ts';

const day = 24 * 60;
const edit = ({ id: _id, ...model }: Model, change: Partial<ModelEdit>): ModelEdit => {
  const { name, description, deputyId, channel, tier, registryName, alias, environments, links } = model;
  const same = { name, description, deputyId, channel, tier, registryName, alias, environments, links };
  return { ...same, ...change };
};
const another = (house: House, teamId: string, name: string, ownerId = 'OLGA') =>
  registerModel(house.ctx, { name, teamId, ownerId, channel: 'C1', tier: 2, registryName: name }, ownerId);

describe('who may', () => {
  it('register a model for a team is in it, or leads it', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => mayRegister(ctx, teamId, 'ENGI'));
    await leaveTeam(house.ctx, teamId, 'ENGI', 'ENGI');
    await expect(house.visit((ctx) => mayRegister(ctx, teamId, 'ENGI'))).rejects.toThrow(
      'Only the people of Retention',
    );
    await house.standing('PROD', 'guest');
    await expect(house.visit((ctx) => mayRegister(ctx, teamId, 'PROD'))).rejects.toThrow(
      'Only the people of Retention',
    );
  });

  it.for([
    ['the deputy', { deputyId: 'ENGI' }],
    ['the tier', { tier: 3 }],
  ] as const)(
    'change %s is the owner or the lead: nobody becomes an approver by themselves',
    async ([, change], { house }) => {
      const { model } = await house.team();
      const save = (by: string, revision: number) =>
        house.visit((ctx) => editModel(ctx, model.id, revision, edit(model, change), by));
      await expect(save('ENGI', 1)).rejects.toThrow('Only the owner of churn-model, or the lead of Retention');
      await expect(save('DEPU', 1)).rejects.toThrow('Only the owner of churn-model');
      expect(await save('OLGA', 1)).toMatchObject(change);
    },
  );

  it('change the words of a model is anybody of its team', async ({ house }) => {
    const { model } = await house.team();
    expect(
      await house.visit((ctx) => editModel(ctx, model.id, 1, edit(model, { description: 'Who leaves' }), 'ENGI')),
    ).toMatchObject({ description: 'Who leaves', revision: 2 });
  });

  it('retire a model is its owner while they are here, or the lead', async ({ house }) => {
    const { model, teamId } = await house.team();
    await leaveTeam(house.ctx, teamId, 'OLGA', 'OLGA');
    await expect(retireModel(house.ctx, model.id, 'OLGA')).rejects.toThrow('Only the owner of churn-model');
    await expect(retireModel(house.ctx, model.id, 'DEPU')).rejects.toThrow('Only the owner of churn-model');
    await house.standing('LEAD', 'deactivated');
    await expect(retireModel(house.ctx, model.id, 'LEAD')).rejects.toThrow('Only the owner of churn-model');
    await house.standing('LEAD', 'member');
    await retireModel(house.ctx, model.id, 'LEAD');
    await expect(modelNamed(house.ctx, 'churn-model')).rejects.toThrow('No model is registered');
  });
});

describe('confirming', () => {
  const ask = async (house: House) => {
    const [job] = doors.jobs ?? [];
    await job?.run(house.ctx, house.now());
  };
  const cards = (house: House) => house.said('confirm:');

  it('asks once after 90 days, once more after 14, and never a third time', async ({ house }) => {
    await house.team();
    house.later(89 * day);
    await ask(house);
    expect(await cards(house)).toHaveLength(0);
    for (const [days, asked] of [
      [2, 1],
      [1, 1],
      [13, 2],
      [1, 2],
      [60, 2],
    ] as const) {
      house.later(days * day);
      await ask(house);
      expect(await cards(house)).toHaveLength(asked);
    }
  });

  it('asks an owner in one card about everything, and each line is answered by itself', async ({ house }) => {
    const { model, teamId } = await house.team();
    const other = await another(house, teamId, 'eta-model');
    await another(house, teamId, 'lead-model', 'LEAD');
    house.later(91 * day);
    await ask(house);
    expect(await cards(house)).toHaveLength(2);
    const asked = house.now();
    house.later(5);
    expect(await house.visit((ctx) => confirmModels(ctx, asked, 'OLGA', model.id))).toBe(1);
    expect((await modelNamed(house.ctx, 'churn-model')).confirmedAt).toEqual(house.now());
    expect((await modelNamed(house.ctx, other.name)).confirmedAt).toEqual(other.confirmedAt);
    expect(await house.visit((ctx) => confirmModels(ctx, asked, 'OLGA'))).toBe(1);
    expect(await house.visit((ctx) => confirmModels(ctx, asked, 'OLGA'))).toBe(0);
  });

  it('is for the owner alone', async ({ house }) => {
    const { model } = await house.team();
    expect(await house.visit((ctx) => confirmModels(ctx, house.now(), 'DEPU', model.id))).toBe(0);
  });

  it('asks nobody who is gone', async ({ house }) => {
    await house.team();
    await house.standing('OLGA', 'deactivated');
    house.later(91 * day);
    await ask(house);
    expect(await cards(house)).toEqual([]);
  });
});

describe('finding', () => {
  it('lists those without an owner first; a former owner who came back is none', async ({ house }) => {
    const { teamId } = await house.team();
    await another(house, teamId, 'a-model', 'LEAD');
    await leaveTeam(house.ctx, teamId, 'OLGA', 'OLGA');
    expect((await listModels(house.ctx, '', 0)).rows.map(({ model, isOrphan }) => [model.name, isOrphan])).toEqual([
      ['churn-model', true],
      ['a-model', false],
    ]);
    expect((await listModels(house.ctx, 'orphans', 0)).total).toBe(1);
    await joinTeam(house.ctx, teamId, 'OLGA', ['ds']);
    expect((await listModels(house.ctx, 'orphans', 0)).total).toBe(0);
  });

  it('turns pages, stays on the last one, and never draws more than Slack takes', async ({ house }) => {
    const { teamId } = await house.team();
    for (let i = 0; i < 45; i += 1) await another(house, teamId, `model ${'x'.repeat(85)} ${i}`);
    const last = await listModels(house.ctx, '', 99);
    expect([last.page, last.total, last.rows.length]).toEqual([2, 46, 6]);
    const { blocks } = modelList(await listModels(house.ctx, '', 0), '', house.now());
    const texts = blocks.flatMap((block) => (block.type === 'section' ? [block.text?.text ?? ''] : []));
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(3000);
    expect(texts.join('').match(/•/g)).toHaveLength(20);
    expect(texts.join('')).not.toContain('…');
  });

  it('takes letters as they are, also those that SQL reads specially', async ({ house }) => {
    const { teamId } = await house.team();
    await another(house, teamId, '100%_sure');
    expect((await findModels(house.ctx, '%_')).map(({ name }) => name)).toEqual(['100%_sure']);
    expect((await listModels(house.ctx, '%', 0)).total).toBe(1);
  });

  it('shows as many models to import as a message holds', () => {
    const names = Array.from({ length: 40 }, (_, i) => `model ${i}`);
    expect(importList({ registry: 'MLflow', names, next: 'token' }).blocks).toHaveLength(42);
  });
});
