import type { ActionDoor, Doors } from '../../../src/doors.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { type Declaration, declare } from '../../../src/features/incidents/declaring/changes.ts';
import { start } from '../../../src/features/postmortems/store.ts';
import { writePage } from '../../../src/features/postmortems/writing/changes.ts';
import type { SectionName } from '../../../src/features/postmortems/draft.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { fileOf } from '../../../src/features/postmortem-library/document.ts';
import { sourceOf } from '../../../src/features/postmortem-library/queries.ts';
import type { Address } from '../../../src/slack/address.ts';
import type { House } from '../../support/house.ts';

/** Half an hour of an incident that Olga declared and resolved, and its post-mortem as it was begun. */
export async function begun(house: House, model: Model, more: Partial<Declaration> = {}) {
  const about = { title: 'Scores are off', summary: '', version: '14', evidence: '', severity: 'sev2' } as const;
  const { incident } = await declare(house.ctx, { ...about, modelId: model.id, onset: house.now(), ...more }, 'OLGA');
  house.later(30);
  await resolve(house.ctx, incident.id, 'The feed was put right.', '', 'OLGA');
  return await looked(house, incident.id);
}

export async function looked(house: House, incidentId: string) {
  const { id } = await start(house.ctx, incidentId, 'OLGA');
  const write = (texts: Partial<Record<SectionName, string>>, by = 'OLGA', revision = 0) =>
    writePage(
      house.ctx,
      id,
      Object.entries(texts).map(([section, text]) => ({ section: section as SectionName, text, revision })),
      by,
    );
  const file = async (kind: 'named' | 'roles' | 'json' = 'named') =>
    fileOf(await sourceOf(house.ctx, incidentId, 'OLGA'), kind).text;
  return { id, incidentId, write, file, card: async () => (await house.said(`postmortem:${id}`))[0] ?? '' };
}

/** What somebody gets who presses this. */
export async function pressed<T>(house: House, doors: Doors, to: Address<T>, value: NoInfer<T>, who = 'OLGA') {
  const door: ActionDoor | undefined = doors.actions?.find(({ id }) => id === to.id);
  if (!door) throw new Error(`nobody answers ${to.id}`);
  await door.prepare(house.ctx, { id: who }, value);
  return await house.visit(async (ctx) => await door.handle(ctx, { id: who }, value));
}
