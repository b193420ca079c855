import { databaseClock } from '../../src/context.ts';
import type { Db } from '../../src/db/client.ts';
import { House } from './house.ts';

let houses = 0;

/** A house of its own workspace in a database that many share, with the real clock: for what happens at the same instant. */
export function houseIn(db: Db): House {
  const house = new House(db);
  houses += 1;
  Object.assign(house.ctx, { workspace: `T${houses}`, now: () => new Date() });
  Object.defineProperty(house.ctx, 'clock', { value: databaseClock });
  return house;
}
