import { Refusal } from '../../lib/refusal.ts';
import type { GateStanding } from '../gates/queries.ts';
import type { Model } from '../models/schema.ts';

/** No version goes live unproven: its gate has passed, or somebody answered for the exception. */
export function checkGate({ state, words }: GateStanding, model: Pick<Model, 'name'>, version: string): void {
  switch (state) {
    case 'pass':
    case 'overridden':
      return;
    case 'no_gate':
      throw new Refusal(
        `${model.name} has no gate, so nobody could say what version ${version} has to prove. Write one with \`/ml gate edit ${model.name}\`; it starts with a good default.`,
        { field: 'version' },
      );
    case 'not_checked':
      throw new Refusal(
        `The gate has not looked at version ${version} yet. Let it: \`/ml gate check ${model.name} ${version}\`.`,
        { field: 'version' },
      );
    case 'void':
      throw new Refusal(
        `Something changed since the gate looked at version ${version} (${words}). Let it look again: \`/ml gate check ${model.name} ${version}\`.`,
        { field: 'version' },
      );
    case 'failed':
      throw new Refusal(
        `Version ${version} does not pass its gate: ${words}. \`/ml gate ${model.name}\` shows what is missing.`,
        { field: 'version' },
      );
  }
}
