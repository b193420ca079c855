import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { factsSince } from '../../src/features/incident-figures/queries.ts';
import { durationsOf } from '../../src/features/incident-figures/rules.ts';
import { alertsEnded } from '../../src/features/incident-figures/shares/queries.ts';
import { callsSince } from '../../src/features/incident-figures/shifts/queries.ts';
import { resolve } from '../../src/features/incidents/changes.ts';
import { merge } from '../../src/features/incidents/merging/changes.ts';
import { takeCommand } from '../../src/features/incidents/roles/changes.ts';
import { callsOf, deliver, min } from '../features/incident-figures/support.ts';
import { another, declared } from '../features/incidents/support.ts';
import { houseIn } from '../support/house-on-postgres.ts';
import { createDatabase } from '../support/postgres.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) });
  await database.migrate();
});
afterAll(() => database.close());

it('four couriers at once: one call is sent, one is on record, and the figures read it', async () => {
  const house = houseIn(database.db);
  const { ctx } = house;
  // Its own clock again: here it is asked how long things took.
  Object.assign(ctx, { now: () => house.now() });
  const from = await declared(house);
  const posted = (await Promise.all([1, 2, 3, 4].map(() => deliver(house)))).flat();
  expect(posted).toEqual([`incident:${from.id}`]);
  expect(await callsOf(house)).toHaveLength(1);
  house.later(10);
  const into = await another(house, from.model.id);
  await deliver(house);
  await merge(ctx, from.id, into.id, 'OLGA');
  house.later(5);
  await takeCommand(ctx, into.id, 'OLGA');
  await resolve(ctx, into.id, 'It is over.', '', 'OLGA');
  const known = await factsSince(ctx, new Date(0), 'PROD');
  expect(known.map((each) => durationsOf(each)['TTA-page'])).toEqual([15 * min]);
  expect(await callsSince(ctx, new Date(0), 'PROD')).toMatchObject([{ team: 'Retention', calls: { length: 2 } }]);
  expect(await alertsEnded(ctx, new Date(0))).toEqual({ ended: 0, notUseful: {} });
});
