import { takeReport } from '../../../src/features/drift/intake.ts';
import { factsFor } from '../../../src/features/facts/queries.ts';
import type { Fact } from '../../../src/features/facts/rules.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import type { House } from '../../support/house.ts';

/** What one person is told; nothing may be missing. */
export async function factsOf(house: House, personId: string, since: Date): Promise<readonly Fact[]> {
  const { facts, missing } = await factsFor(house.ctx, [{ personId, since }]);
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
  return facts.get(personId) ?? [];
}

/** The sentences of one kind as they are read, in their order. */
export async function wordsOf(house: House, kind: Fact['kind'], personId: string, since: Date): Promise<string[]> {
  return (await factsOf(house, personId, since)).filter((fact) => fact.kind === kind).map(({ words }) => words);
}

/** Two windows of a drift tool, an hour apart: the second one raises, or clears. */
export async function windows(house: House, model: Model, drifted: boolean): Promise<void> {
  for (let i = 0; i < 2; i += 1) {
    house.later(60);
    const score = drifted ? 0.5 : 0.01;
    await takeReport(house.ctx, {
      model,
      environment: 'production',
      at: house.now(),
      source: 'Evidently',
      findings: [
        { column: 'tenure_days', method: 'psi', label: 'PSI', score, limit: 0.2, direction: 'above', drifted },
      ],
    });
  }
}

/** One more model of the same team. */
export async function another(house: House, model: Model, name: string, more: Partial<Model> = {}): Promise<Model> {
  const { teamId, channel, ownerId, deputyId } = { ...model, ...more };
  return await registerModel(
    house.ctx,
    { name, teamId, ownerId, deputyId, channel, tier: 1, registryName: name },
    ownerId,
  );
}
