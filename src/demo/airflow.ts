import { z } from 'zod';
import { type LocalAirflow, startLocalAirflow } from '../local-airflow/local-airflow.ts';
import { models } from './people.ts';
import type { DemoRegistry } from './registry.ts';

/** The account that the app signs in with at the local Airflow. */
export const airflowAccount = { username: 'pitcrew', password: 'only-for-the-demo' };
export const dagOf = (model: string) => `retrain_${model.replaceAll('-', '_')}`;
const stepMs = 6_000;
const Conf = z.object({ model: z.string() });

/** An Airflow whose runs train for a few seconds and register a version that is a little better. */
export function demoAirflow(registry: DemoRegistry, port: number): Promise<LocalAirflow> {
  return startLocalAirflow({
    port,
    users: { [airflowAccount.username]: airflowAccount.password },
    dags: models.map(({ name }) => ({ dag_id: dagOf(name), description: `Trains ${name} anew` })),
    autoMs: stepMs,
    onSuccess: async ({ conf }) => ({ version: await registry.addVersion(Conf.parse(conf).model, 0.94) }),
  });
}
