import { describe, expect } from 'vitest';
import { callNext } from '../../../src/features/drift/calls.ts';
import { acknowledge, snooze, wakeNext } from '../../../src/features/drift/changes.ts';
import { evidenceOf } from '../../../src/features/drift/queries.ts';
import { factsSince } from '../../../src/features/incident-figures/queries.ts';
import { durationsOf } from '../../../src/features/incident-figures/rules.ts';
import { reopen, resolve } from '../../../src/features/incidents/changes.ts';
import { merge, unmerge } from '../../../src/features/incidents/merging/changes.ts';
import { askNext } from '../../../src/features/incidents/news/changes.ts';
import { offerRole, takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { type House, it } from '../../support/house.ts';
import { another, declared } from '../incidents/support.ts';
import { alerted, callsOf, deliver, min } from './support.ts';

const because = 'the team looked at it together';
const ttaPage = async (house: House) =>
  (await factsSince(house.ctx, new Date(0), 'OLGA')).map((each) => durationsOf(each)['TTA-page']);
const over = (house: House, id: string) => resolve(house.ctx, id, 'It is over.', because, 'OLGA');

describe('a call is on record', () => {
  it('once Slack has accepted it, at that instant, and not when it was wished for', async ({ house }) => {
    await declared(house);
    house.later(3);
    await deliver(house, { post: () => Promise.resolve({ ok: false, why: 'rate_limited', retryAfterMs: 60_000 }) });
    expect(await callsOf(house)).toEqual([]);
    await house.ctx.db.execute(`update messages set due = clock_timestamp()`);
    house.later(2);
    await deliver(house);
    expect(await callsOf(house)).toEqual(['incident 09:05']);
  });

  it('of the try that Slack had accepted, where nobody heard it say so', async ({ house }) => {
    await declared(house);
    house.later(1);
    await deliver(house, { post: () => Promise.resolve({ ok: false, why: 'unclear', detail: 'timeout' }) });
    expect(await callsOf(house)).toEqual([]);
    const stamp = `${house.now().getTime() / 1000}.000100`;
    house.later(20);
    await house.ctx.db.execute(`update messages set due = clock_timestamp()`);
    await deliver(house, { find: () => Promise.resolve({ ok: true, value: { ts: stamp } }) });
    expect(await callsOf(house)).toEqual(['incident 09:01']);
  });

  it('once: what is edited rings no bell, and what only says who leads calls nobody', async ({ house }) => {
    const { id, model } = await declared(house);
    await deliver(house);
    house.later(5);
    await takeCommand(house.ctx, id, 'OLGA');
    await deliver(house);
    house.later(61);
    while (await askNext(house.ctx));
    await deliver(house);
    expect(await callsOf(house)).toEqual(['incident 09:00']);
    const led = await another(house, model.id);
    await takeCommand(house.ctx, led.id, 'OLGA');
    await deliver(house);
    expect(await callsOf(house)).toHaveLength(1);
  });

  it('of a role that is offered, and of the word that nobody leads', async ({ house }) => {
    const { id } = await declared(house);
    await deliver(house);
    house.later(4);
    await offerRole(house.ctx, id, 'scribe', 'DEPU', 'ENGI');
    await deliver(house);
    house.later(8);
    while (await askNext(house.ctx));
    await deliver(house);
    expect(await callsOf(house)).toEqual(['incident 09:00', 'incident 09:04', 'incident 09:12']);
  });

  it('of the direct message instead, where the channel is gone', async ({ house }) => {
    await declared(house);
    const post = ({ channel }: { channel: string }) =>
      Promise.resolve(
        channel === 'C1'
          ? ({ ok: false, why: 'refused', code: 'is_archived' } as const)
          : ({ ok: true, value: { ts: '1772442060.000100' } } as const),
      );
    await deliver(house, { post });
    expect(await callsOf(house)).toEqual(['incident 09:00']);
  });

  it('of the card of an alert and of every further call below it', async ({ house }) => {
    const { model } = await house.team();
    await alerted(house, model);
    await deliver(house);
    house.later(16);
    while (await callNext(house.ctx));
    await deliver(house);
    expect(await callsOf(house)).toEqual(['alert 11:00', 'alert 11:16']);
  });

  it('of no past incident, which is told long after', async ({ house }) => {
    await declared(house, { kind: 'backfill' });
    await deliver(house);
    expect(await callsOf(house)).toEqual([]);
  });
});

describe('TTA-page', () => {
  it('begins with the first call of the alert that it was declared from', async ({ house }) => {
    const { model } = await house.team();
    const alert = await alerted(house, model);
    house.later(1);
    await deliver(house);
    house.later(9);
    const { id } = await another(house, model.id, { alertId: alert.id });
    await deliver(house);
    house.later(10);
    await takeCommand(house.ctx, id, 'OLGA');
    await over(house, id);
    expect(await ttaPage(house)).toEqual([19 * min]);
  });

  it('is empty where nobody was called, or only once somebody was on it', async ({ house }) => {
    const one = await declared(house);
    await takeCommand(house.ctx, one.id, 'OLGA');
    await deliver(house);
    await over(house, one.id);
    const two = await another(house, one.model.id);
    await takeCommand(house.ctx, two.id, 'OLGA');
    house.later(5);
    await offerRole(house.ctx, two.id, 'scribe', 'DEPU', 'OLGA');
    await deliver(house);
    await over(house, two.id);
    expect(await ttaPage(house)).toEqual([null, null]);
  });

  it('of a survivor begins with the earliest call of all that was merged, and goes back with it', async ({ house }) => {
    const early = await declared(house);
    await deliver(house);
    house.later(10);
    const middle = await another(house, early.model.id);
    const late = await another(house, early.model.id);
    await deliver(house);
    house.later(10);
    await takeCommand(house.ctx, late.id, 'OLGA');
    await merge(house.ctx, early.id, middle.id, 'OLGA');
    await merge(house.ctx, middle.id, late.id, 'OLGA');
    await over(house, late.id);
    expect(await ttaPage(house)).toEqual([20 * min]);
    await unmerge(house.ctx, middle.id, 'OLGA');
    expect(await ttaPage(house)).toEqual([10 * min]);
  });

  it('keeps its first call when it is opened again', async ({ house }) => {
    const { id } = await declared(house);
    await deliver(house);
    house.later(7);
    await takeCommand(house.ctx, id, 'OLGA');
    await over(house, id);
    house.later(30);
    await reopen(house.ctx, id, 'the scores are off again', 'OLGA');
    await offerRole(house.ctx, id, 'scribe', 'DEPU', 'OLGA');
    await deliver(house);
    house.later(5);
    await over(house, id);
    expect(await ttaPage(house)).toEqual([7 * min]);
  });
});

describe('an incident from an alert', () => {
  it('was detected when the alert was raised, and somebody was on it who had taken that', async ({ house }) => {
    const { model } = await house.team();
    const alert = await alerted(house, model);
    const raised = house.now();
    house.later(5);
    await acknowledge(house.ctx, { alertId: alert.id }, 'DEPU');
    const taken = house.now();
    await snooze(house.ctx, { alertId: alert.id }, 30 * min, 'DEPU');
    house.later(31);
    await wakeNext(house.ctx);
    await acknowledge(house.ctx, { alertId: alert.id }, 'OLGA');
    const { words: evidence, since: onset, raisedAt: detectedAt, taken: first } = await evidenceOf(house.ctx, alert.id);
    const about = { alertId: alert.id, evidence, onset, detectedAt, taken: first };
    const { times, card } = await another(house, model.id, about);
    expect(await times()).toMatchObject({ detected: raised, acknowledged: taken, declared: house.now() });
    expect(await card()).not.toContain(':warning:');
  });
});
