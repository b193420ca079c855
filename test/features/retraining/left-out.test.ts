import { describe, expect } from 'vitest';
import { actions } from '../../../src/actions.ts';
import type { Context } from '../../../src/context.ts';
import { retraining } from '../../../src/features/retraining/doors.ts';
import { badStretches } from '../../../src/features/retraining/queries.ts';
import { contaminated } from '../../../src/features/retraining/rules.ts';
import { startScheduled } from '../../../src/features/retraining/store.ts';
import { it } from '../../support/house.ts';
import { begun } from '../postmortems/support.ts';
import { type Workshop, workshop } from './support.ts';

const days = { retrain_from: '2026-02-24', retrain_until: '2026-03-01' };
const line = '2026-02-24T00:00Z/2026-03-02T00:00Z incident 1';

/** The form as it opens, holding no locks. */
async function form({ ctx, model }: Workshop) {
  const door = retraining.actions?.find(({ id }) => id === actions.retrain.id);
  const returned = await door?.handle(ctx, { id: 'ENGI' }, { modelId: model.id });
  const open: unknown = returned?.open;
  return JSON.stringify(typeof open === 'function' ? await (open as (after: Context) => unknown)(ctx) : open);
}

describe('days of which a post-mortem says that the data was bad', () => {
  it('stand in the form, with where they are from, and are left out by the policy, too', async ({ house }) => {
    const shop = await workshop(house, { everyDays: 30, needsApproval: false, params: 'skip = {excluded}' });
    const { write } = await begun(house, shop.model);
    expect(await form(shop)).not.toContain('incident 1');
    await write(days);
    expect(await form(shop)).toContain('The post-mortem of incident 1 says: leave out Tue 24 Feb to Sun 1 Mar.');
    expect(await form(shop)).toContain(`"initial_value":"${line}"`);
    house.later(31 * 24 * 60);
    await startScheduled(shop.ctx, () => true);
    await shop.look();
    expect(shop.airflow.runs()[0]?.conf).toEqual({ skip: '2026-02-24T00:00Z/2026-03-02T00:00Z' });
  });

  it('are gone once somebody takes them back, and of a private incident nobody hears', async ({ house }) => {
    const shop = await workshop(house);
    const hidden = await begun(house, shop.model, { onlyFor: ['ENGI'] });
    await hidden.write(days);
    expect(await form(shop)).not.toContain('2026-02-24');
    const open = await begun(house, shop.model);
    await open.write(days);
    const known = async () => contaminated(await badStretches(shop.ctx, shop.model), house.now());
    expect(await known()).toEqual([{ from: '2026-02-24T00:00Z', to: '2026-03-02T00:00Z', why: 'incident 2' }]);
    await open.write({ retrain_from: '', retrain_until: '' }, 'OLGA', 1);
    expect(await known()).toEqual([]);
  });
});
