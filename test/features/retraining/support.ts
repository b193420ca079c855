import { asc } from 'drizzle-orm';
import { onTestFinished } from 'vitest';
import type { Context } from '../../../src/context.ts';
import type { Connection } from '../../../src/features/connections/schema.ts';
import { makeConnection } from '../../../src/features/connections/store.ts';
import { takeReport } from '../../../src/features/drift/intake.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { type Ask, retrain, type SetUp, setUp } from '../../../src/features/retraining/changes.ts';
import { followNext } from '../../../src/features/retraining/following.ts';
import { pipelineOf } from '../../../src/features/retraining/queries.ts';
import { type Training, trainings } from '../../../src/features/retraining/schema.ts';
import { airflowPipelines } from '../../../src/integrations/airflow/airflow.ts';
import { sealing } from '../../../src/lib/sealing.ts';
import {
  type LocalAirflow,
  type LocalAirflowOptions,
  startLocalAirflow,
} from '../../../src/local-airflow/local-airflow.ts';
import type { House } from '../../support/house.ts';

const signIn = { username: 'pitcrew', password: 'let me in' };

export interface Workshop {
  readonly ctx: Context;
  readonly model: Model;
  readonly teamId: string;
  readonly airflow: LocalAirflow;
  readonly connection: Connection;
  /** Presses Retrain and sends the form off. */
  ask(by?: string, more?: Partial<Ask>): Promise<Training>;
  /** Says anew how it is retrained. */
  change(more: Partial<SetUp>): Promise<void>;
  /** A minute later: whoever is due is started or looked at; false where nobody was. */
  look(): Promise<boolean>;
  /** All of them, oldest first. */
  all(): Promise<Training[]>;
  /** The newest as the row says it now. */
  now(): Promise<Training>;
  card(): Promise<string>;
  /** Windows of a drift tool, an hour apart; the second bad one in a row raises. */
  windows(...scores: number[]): Promise<void>;
}

/** The team of the house, whose model is trained by the DAG `train` of an Airflow on this machine. */
export async function workshop(
  house: House,
  policy: Partial<SetUp> = {},
  options: Partial<LocalAirflowOptions> = {},
): Promise<Workshop> {
  const { model, teamId } = await house.team();
  const airflow = await startLocalAirflow({
    dags: [{ dag_id: 'train' }],
    users: { [signIn.username]: signIn.password },
    ...options,
  });
  onTestFinished(() => airflow.close());
  const ctx: Context = {
    ...house.ctx,
    sealing: sealing([Buffer.alloc(32, 7)]),
    allowedHosts: ['127.0.0.1'],
    tools: {
      ...house.ctx.tools,
      airflow: (access) => airflowPipelines({ ...access, timeoutMs: 300, pauses: [1, 1] }),
    },
  };
  Object.defineProperty(ctx, 'clock', { enumerable: true, get: () => house.ctx.clock });
  const typed = {
    url: airflow.url,
    ...signIn,
    secret: signIn.password,
    signIn: 'password',
    space: '',
    name: 'Airflow',
  };
  const { connection } = await makeConnection(ctx, 'airflow', typed, 'OLGA');

  const change = async (more: Partial<SetUp>): Promise<void> => {
    const before = await pipelineOf(ctx, model.id);
    const wanted: SetUp = {
      modelId: model.id,
      connectionId: connection.id,
      pipeline: 'train',
      params: 'model = {model}',
      onAlert: false,
      everyDays: null,
      atMostDays: 7,
      needsApproval: false,
      ...before,
      ...more,
    };
    await setUp(ctx, wanted, before?.revision ?? 0, 'OLGA');
  };
  await change(policy);

  const all = () => ctx.db.select().from(trainings).orderBy(asc(trainings.number));
  return {
    ctx,
    model,
    teamId,
    airflow,
    connection,
    change,
    all,
    ask: (by = 'ENGI', more = {}) =>
      retrain(ctx, { modelId: model.id, reason: 'amount drifts since Monday', excluded: [], ...more }, by),
    look: () => {
      house.later(1);
      return followNext(ctx);
    },
    now: async () => {
      const newest = (await all()).at(-1);
      if (!newest) throw new Error('there is no training');
      return newest;
    },
    card: async () => (await house.said('training:')).find((text) => text.includes('*Retrain ')) ?? '',
    windows: async (...scores) => {
      for (const score of scores) {
        house.later(60);
        const finding = { column: 'amount', method: 'wasserstein', label: 'Wasserstein distance', score, limit: 0.1 };
        const findings = [{ ...finding, direction: 'above' as const, drifted: score >= 0.1 }];
        await takeReport(ctx, { model, environment: 'production', at: house.now(), source: 'Evidently', findings });
      }
    },
  };
}
