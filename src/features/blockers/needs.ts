import { capital } from '../../lib/capital.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Choice } from '../../slack/fields.ts';
import { type DutyId, isDuty, standardOf } from '../duties/matrix.ts';
import { type Role, roles } from '../teams/schema.ts';

/** What somebody who is blocked needs. A system is said by the duty of looking after it. */
export type Need =
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'duty'; readonly duty: DutyId }
  | { readonly kind: 'decision' }
  | { readonly kind: 'person'; readonly person: string };

const roleWords: Readonly<Record<Role, string>> = {
  ds: 'a data scientist',
  mle: 'an ML engineer',
  de: 'a data engineer',
  ops: 'somebody for DevOps and infrastructure',
  qa: 'somebody for QA and testing',
  mon: 'somebody for monitoring and retraining',
  pm: 'a product manager',
  stk: 'a stakeholder',
};

/** What mostly stands in the way, in the words of whoever is blocked by it. */
const systems = [
  ['data.freshness', 'Data that is late or missing'],
  ['data.schema', 'Data that changed or is wrong'],
  ['data.pipeline', 'A data pipeline'],
  ['data.privacy', 'Access to data, privacy'],
  ['train.reproducible', 'Training runs and their environment'],
  ['validate.gate', 'A gate or a test'],
  ['deploy.release', 'A release'],
  ['deploy.infra', 'Serving and infrastructure'],
  ['monitor.quality', 'Monitoring and alerts'],
] as const satisfies readonly (readonly [DutyId, string])[];

/** For a select in any form: roles, a decision, and the main systems in plain words. */
export function needChoices(): readonly Choice[] {
  return [
    ...roles.map((role) => ({ value: `role:${role}`, text: capital(roleWords[role]) })),
    { value: 'decision', text: 'A decision' },
    ...systems.map(([duty, text]) => ({ value: `duty:${duty}`, text })),
  ];
}

/** What was chosen, as it is kept. */
export function needOf(value: string): Need {
  const [kind, rest = ''] = value.split(':');
  if (value === 'decision') return { kind: 'decision' };
  const role = roles.find((each) => each === rest);
  if (kind === 'role' && role) return { kind: 'role', role };
  if (kind === 'duty' && isDuty(rest)) return { kind: 'duty', duty: rest };
  if (kind === 'person' && /^[A-Z0-9]+$/.test(rest)) return { kind: 'person', person: rest };
  throw new Refusal('Choose what is needed: a role, a system, a decision or a person.', { field: 'need' });
}

export function needValue(need: Need): string {
  switch (need.kind) {
    case 'role':
      return `role:${need.role}`;
    case 'duty':
      return `duty:${need.duty}`;
    case 'decision':
      return 'decision';
    case 'person':
      return `person:${need.person}`;
  }
}

/** In words that end a sentence, naming nobody: "needs a data engineer". */
export function needWords(need: Need): string {
  switch (need.kind) {
    case 'role':
      return roleWords[need.role];
    case 'duty':
      return `somebody to ${standardOf(need.duty).todo}`;
    case 'decision':
      return 'a decision';
    case 'person':
      return 'a word from one person';
  }
}
