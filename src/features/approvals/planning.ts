import type { Context } from '../../context.ts';
import { alertNow } from '../drift/queries.ts';
import { deployerOf, settingsOf } from '../deployers/queries.ts';
import { gateStanding } from '../gates/queries.ts';
import type { Model } from '../models/schema.ts';
import { movesOf } from '../releases/store.ts';
import { lastTimeWords } from './asking/views.ts';
import type { Facts, RequestKind } from './schema.ts';

/** What approvers are shown, and how the change will be carried out. */
export interface Plan {
  readonly facts: Facts;
  readonly steps: readonly number[];
  readonly bakeMinutes: number;
  /** Empty where no gate is asked for. */
  readonly gateHash: string;
}

/** A rollback goes the whole way at once; a promotion as the model's deployer is set up. Reads the database only. */
export async function planFor(
  ctx: Context,
  model: Model,
  { kind, environment, toVersion }: { kind: RequestKind; environment: string; toVersion: string },
): Promise<Plan> {
  const deployer = await deployerOf(ctx, model, environment);
  const settings = await settingsOf(ctx, model.id, environment);
  const gate = await gateStanding(ctx, model.id, environment, toVersion);
  const alert = await alertNow(ctx, { modelId: model.id, environment });
  const moves = await movesOf(ctx, model.id, environment);
  const inSteps = kind === 'promotion' && deployer.staged;
  return {
    facts: {
      deployer: deployer.name,
      movesAlias: !deployer.staged,
      lastTime: lastTimeWords(moves, toVersion),
      openAlerts: alert ? [`drift alert ${alert.number}, ${alert.severity}`] : [],
      gate: gate.words,
    },
    steps: inSteps ? settings.steps : [100],
    bakeMinutes: inSteps ? settings.bakeMinutes : 0,
    gateHash: kind === 'promotion' ? gate.hash : '',
  };
}
