import { type Declaration, declare } from '../../../src/features/incidents/declaring/changes.ts';
import { incidentById, milestonesOf } from '../../../src/features/incidents/queries.ts';
import { timesOf } from '../../../src/features/incidents/milestones.ts';
import type { House } from '../../support/house.ts';

/** Enzo declares what he sees on churn-model; more as said. */
export async function declared(house: House, more: Partial<Declaration> = {}) {
  const { model, teamId } = await house.team();
  return { model, teamId, ...(await another(house, model.id, more)) };
}

export async function another(house: House, modelId: string, more: Partial<Declaration> = {}) {
  const what = { title: 'Scores <!channel> are off', summary: '', severity: 'sev2', version: '14' } as const;
  const evidence = 'drift alert 1: amount 0.5 (limit 0.1)';
  const { incident } = await declare(
    house.ctx,
    { ...what, evidence, onset: new Date('2026-03-02T08:00:00Z'), modelId, ...more },
    'ENGI',
  );
  const { id } = incident;
  return {
    id,
    number: incident.number,
    now: () => incidentById(house.ctx, id, 'ENGI'),
    times: async () => timesOf(await milestonesOf(house.ctx, id)),
    card: async () => (await house.said(`incident:${id}`))[0] ?? '',
    heard: async () => (await house.heard(`incident:${id}`))[0] ?? '',
  };
}
