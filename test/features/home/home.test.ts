import { describe, expect } from 'vitest';
import type { HomeView } from '@slack/types';
import { closeTeam, confirmForPerson } from '../../../src/features/calendars/store.ts';
import { takeReport } from '../../../src/features/drift/intake.ts';
import { setGoal } from '../../../src/features/goals/store.ts';
import { homeOf, menuFor } from '../../../src/features/home/doors.ts';
import { declare } from '../../../src/features/incidents/declaring/changes.ts';
import { models } from '../../../src/features/models/schema.ts';
import { setAway } from '../../../src/features/teams/away/changes.ts';
import { viewProblems } from '../../../src/local-slack/blocks/validate.ts';
import { type House, it } from '../../support/house.ts';

const read = (view: HomeView) => JSON.stringify(view.blocks);
const home = (house: House, who: string, page = 0) => homeOf(house.ctx, { id: who }, page);

async function drifting(house: House) {
  const { model, teamId } = await house.team();
  for (const score of [0.4, 0.5]) {
    house.later(60);
    await takeReport(house.ctx, {
      model,
      environment: 'production',
      at: house.now(),
      source: 'Evidently',
      findings: [
        { column: 'amount', method: 'psi', label: 'PSI', score, limit: 0.2, direction: 'above', drifted: true },
      ],
    });
  }
  return { model, teamId };
}

describe('the Home tab', () => {
  it('says what is different today: who is away, what went live', async ({ house }) => {
    await house.team();
    await setAway(house.ctx, 'DEPU', '2026-03-01', '2026-03-04', '');
    const said = read(await home(house, 'ENGI'));
    expect(said).toContain('*Retention* works from 09:00 to 17:00 (UTC), now.');
    expect(said).toContain('Away: <@DEPU> until 2026-03-04.');
    expect(said).toContain('Version 14 of churn-model went live');
    house.later(3 * 24 * 60);
    const later = read(await home(house, 'ENGI'));
    expect(later).not.toContain('Away:');
    expect(later).not.toContain('went live');
  });

  it('says when a team is closed in the coming week, and who is on a holiday', async ({ house }) => {
    const { teamId } = await house.team();
    const close = (from: string, name: string) =>
      house.visit((ctx) => closeTeam(ctx, teamId, { from, until: from, name }, 'LEAD'));
    await close('2026-03-02', 'Founding day');
    await close('2026-03-08', "Women's Day");
    await close('2026-03-09', 'Too far');
    const india = { code: 'IN', name: 'India', year: 2026 };
    await house.visit((ctx) => confirmForPerson(ctx, 'DEPU', india, [{ date: '2026-03-02', name: 'Holi' }]));
    const said = read(await home(house, 'ENGI'));
    expect(said).toContain("Closed today (Founding day), on Sun 8 Mar (Women's Day).");
    expect(said).toContain('*Retention* works from 09:00 to 17:00 (UTC), not now.');
    expect(said).toContain('Away: <@DEPU> today (Holi).');
  });

  it('says that nothing waits, and whose models are whose', async ({ house }) => {
    await house.team();
    expect(read(await home(house, 'OLGA'))).toContain('Nothing waits for you.');
    expect(read(await home(house, 'OLGA'))).toContain('you are the owner');
    expect(read(await home(house, 'DEPU'))).toContain('you are the deputy');
    expect(read(await home(house, 'ENGI'))).toContain('You own no model yet.');
    expect(read(await home(house, 'ENGI'))).toContain('no goal is set yet');
  });

  it('shows an alert to who owns the model, with the button that takes it, and to nobody else', async ({ house }) => {
    await drifting(house);
    expect(read(await home(house, 'OLGA'))).toContain('nobody is on it since');
    expect(read(await home(house, 'OLGA'))).toContain('drift.acknowledge');
    expect(read(await home(house, 'ENGI'))).toContain('Nothing waits for you.');
  });

  it('shows an incident that nobody leads to the owner, then to its commander', async ({ house }) => {
    const { model } = await house.team();
    await declare(
      house.ctx,
      {
        modelId: model.id,
        title: 'It answers late',
        summary: 'Slow.',
        severity: 'sev2',
        version: '14',
        evidence: '',
        onset: house.now(),
      },
      'ENGI',
    );
    expect(read(await home(house, 'OLGA'))).toContain('It needs somebody to lead it');
  });

  it('tells how the goals of my team stand', async ({ house }) => {
    const { model } = await house.team();
    const goal = { name: 'AUC', kind: 'performance', measure: 'value', metric: 'auc', column: '', unit: '' } as const;
    await setGoal(
      house.ctx,
      model.id,
      { ...goal, direction: 'at_least', target: 0.9, limit: null, periodDays: 30 },
      'OLGA',
    );
    expect(read(await home(house, 'PROD'))).toContain('0 of 1 goal met');
  });

  it('holds with 500 models, those in trouble first, and turns its pages', async ({ house }) => {
    const { model, teamId } = await drifting(house);
    await house.ctx.db.insert(models).values(
      Array.from({ length: 500 }, (_, n) => ({
        workspace: 'T1',
        name: `a-model-${String(n).padStart(3, '0')} ${'<!channel>'.repeat(15)}`,
        teamId,
        ownerId: 'OLGA',
        deputyId: 'DEPU',
        channel: 'C1',
        tier: 2 as const,
        registryName: `a-model-${n}`,
        registeredAt: house.now(),
      })),
    );
    const first = await home(house, 'OLGA');
    expect(viewProblems(first, ['home'], () => true)).toEqual([]);
    expect(read(first).indexOf(model.name)).toBeLessThan(read(first).indexOf('a-model-000'));
    expect(read(first)).toContain('Page 1 of 51, 501 models.');
    expect(read(first)).not.toContain('<!channel>');
    const middle = await home(house, 'OLGA', 3);
    expect(viewProblems(middle, ['home'], () => true)).toEqual([]);
    expect(read(middle)).toContain('Page 4 of 51');
    const last = await home(house, 'OLGA', 999);
    expect(read(last)).toContain('Page 51 of 51');
    expect(read(last)).toContain('a-model-499');
  });
});

describe('the menu of /ml', () => {
  it('begins with the model of the channel', async ({ house }) => {
    await house.team();
    expect(
      (await menuFor(house.ctx, { id: 'ENGI', channel: 'C1' })).blocks.map((block) => JSON.stringify(block)).join(),
    ).toContain('*churn-model* is talked about here');
    expect(JSON.stringify(await menuFor(house.ctx, { id: 'OLGA', channel: 'C9' }))).toContain('*churn-model* is yours');
    expect(JSON.stringify(await menuFor(house.ctx, { id: 'ENGI', channel: 'C9' }))).toContain(
      'No model is talked about',
    );
  });
});
