import { describe, expect } from 'vitest';
import { callNext } from '../../../src/features/drift/calls.ts';
import { acknowledge, closeAsNotUseful, snooze, wakeNext } from '../../../src/features/drift/changes.ts';
import { tellWarnings } from '../../../src/features/drift/digest.ts';
import { watches } from '../../../src/features/drift/schema.ts';
import { takeAlarm } from '../../../src/features/drift/alarms.ts';
import { takeReadings } from '../../../src/features/drift/intake.ts';
import { openAlerts, precisionOf } from '../../../src/features/drift/queries.ts';
import type { Severity } from '../../../src/features/drift/schema.ts';
import { noticeSilence, setWatch } from '../../../src/features/drift/store.ts';
import { setAway } from '../../../src/features/teams/away/changes.ts';
import { type House, it } from '../../support/house.ts';

/** A rule on the error rate, and so many bad windows, an hour apart; the house stands at Monday 9:00 UTC. */
async function erring(house: House, severity: Severity, ...values: number[]) {
  const { model, teamId } = await house.team();
  const name = { modelId: model.id, environment: 'production', metric: 'error_rate', column: '' };
  const watch = await setWatch(house.ctx, name, { raiseAt: 0.1, clearAt: 0.05, minRows: 0, severity }, 'OLGA');
  const post = async (...more: number[]) => {
    for (const value of more) {
      house.later(60);
      await takeReadings(house.ctx, [
        { model: model.name, metric: 'error_rate', value, at: house.now().toISOString(), rows: 500 },
      ]);
    }
  };
  await post(...values);
  return { model, teamId, watch, post };
}
const alertOf = async (house: House) => (await openAlerts(house.ctx))[0] ?? expect.unreachable('no alert');
async function callAll(house: House): Promise<void> {
  while (await callNext(house.ctx));
}

describe('an alert that nobody takes', () => {
  it('calls the deputy after an hour of work, then the lead, then all of them once a day', async ({ house }) => {
    await erring(house, 'high', 0.3, 0.3);
    expect((await house.heard('alert'))[0]).toContain('<@OLGA>, please acknowledge it');
    await callAll(house);
    expect(await house.heard('call')).toEqual([]);
    house.later(61);
    await callAll(house);
    expect(await house.heard('call')).toEqual([
      ':bell: <@DEPU>, drift alert 1 of churn-model still stands: error_rate 0.3 (limit 0.1). Nobody is on it yet: please press *Acknowledge*, or *Snooze* it.',
    ]);
    house.later(61);
    await callAll(house);
    expect((await house.heard('call')).filter((text) => text.includes('<@LEAD>'))).toHaveLength(1);
    house.later(24 * 60);
    await callAll(house);
    expect((await house.heard('call')).filter((text) => text.includes('<@OLGA> <@DEPU> <@LEAD>'))).toHaveLength(1);
  });

  it('passes over who is away', async ({ house }) => {
    const { post } = await erring(house, 'high');
    await setAway(house.ctx, 'OLGA', '2026-03-01', '2026-03-09', '');
    await post(0.3, 0.3);
    expect((await house.heard('alert'))[0]).toContain('<@DEPU>, please acknowledge it');
  });

  it('waits for the morning when it is raised at night, and says nothing when it clears before', async ({ house }) => {
    const { post } = await erring(house, 'high');
    house.later(12 * 60);
    await post(0.3, 0.3);
    await callAll(house);
    expect(await house.said('alert')).toEqual([]);
    await post(0.01, 0.01);
    house.later(12 * 60);
    await callAll(house);
    expect(await house.said('alert')).toEqual([]);
    await post(0.3, 0.3);
    house.later(24 * 60);
    await callAll(house);
    expect(await house.said('alert')).toHaveLength(1);
  });

  it('calls at any hour when it is critical', async ({ house }) => {
    const { post } = await erring(house, 'critical');
    house.later(12 * 60);
    await post(0.3, 0.3);
    expect(await house.said('alert')).toHaveLength(1);
    house.later(16);
    await callAll(house);
    expect((await house.heard('call'))[0]).toContain('<@DEPU>');
  });
});

describe('who has taken it', () => {
  it('keeps it until the next working day; then is asked again, first of all', async ({ house }) => {
    await erring(house, 'high', 0.3, 0.3);
    const { id } = await alertOf(house);
    await acknowledge(house.ctx, { alertId: id }, 'DEPU');
    expect((await house.said('alert'))[0]).toContain('<@DEPU> is on it until');
    house.later(23 * 60);
    await callAll(house);
    expect(await house.heard('call')).toEqual([]);
    house.later(61);
    await callAll(house);
    expect((await house.heard('call'))[0]).toContain('<@DEPU>, drift alert 1 of churn-model still stands');
    expect((await house.heard('call'))[0]).toContain('press *Acknowledge* if you are still on it');
    expect((await alertOf(house)).state).toBe('open');
  });

  it('can take it for longer; another person reads who has it', async ({ house }) => {
    await erring(house, 'high', 0.3, 0.3);
    const { id } = await alertOf(house);
    await acknowledge(house.ctx, { alertId: id }, 'OLGA');
    house.later(120);
    const { takenUntil } = await acknowledge(house.ctx, { alertId: id }, 'OLGA');
    expect(takenUntil?.toISOString()).toBe('2026-03-03T13:00:00.000Z');
    await expect(acknowledge(house.ctx, { alertId: id }, 'DEPU')).rejects.toThrow('was taken just now by <@OLGA>');
  });

  it('is not called while it is snoozed, and again when it wakes', async ({ house }) => {
    await erring(house, 'high', 0.3, 0.3);
    const { id } = await alertOf(house);
    await snooze(house.ctx, { alertId: id }, 2 * 3_600_000, 'OLGA');
    house.later(119);
    await callAll(house);
    expect(await house.heard('call')).toEqual([]);
    house.later(2);
    await wakeNext(house.ctx);
    await callAll(house);
    expect((await house.heard('call'))[0]).toContain('<@OLGA>');
  });
});

describe('an early warning', () => {
  it('has no card; it stands in one message a day, also when more come', async ({ house }) => {
    const { post } = await erring(house, 'warning', 0.3, 0.3);
    await callAll(house);
    expect(await house.said('alert')).toEqual([]);
    await tellWarnings(house.ctx);
    await post(0.3);
    await tellWarnings(house.ctx);
    expect(await house.heard('digest')).toEqual([
      '1 early warning for Retention today: churn-model (alert 1). Nobody has to act yet.',
    ]);
  });

  it('becomes a card with the first rule that is heavier', async ({ house }) => {
    const { model, post } = await erring(house, 'warning', 0.3, 0.3);
    const name = { modelId: model.id, environment: 'production', metric: 'error_rate', column: '' };
    await setWatch(house.ctx, name, { raiseAt: 0.5, clearAt: 0.4, minRows: 0, severity: 'high' }, 'OLGA');
    await post(0.6, 0.6);
    const [card, ...more] = await house.said('alert');
    expect(card).toContain('error_rate* is 0.6, limit 0.5');
    expect(card).not.toContain('limit 0.1');
    expect(more).toEqual([]);
  });
});

describe('no data', () => {
  it('is noticed after three times the usual gap, once, and ends with the next window', async ({ house }) => {
    const { post } = await erring(house, 'high', 0.01, 0.01, 0.01, 0.01, 0.01);
    house.later(170);
    expect(await noticeSilence(house.ctx)).toBe(false);
    house.later(20);
    expect(await noticeSilence(house.ctx)).toBe(true);
    expect(await noticeSilence(house.ctx)).toBe(false);
    await callAll(house);
    house.later(16 * 60);
    await callAll(house);
    expect((await house.said('alert'))[0]).toContain('• *No error_rate for 3 h*');
    await post(0.01);
    expect(await openAlerts(house.ctx)).toEqual([]);
  });
});

describe('an alarm of another tool', () => {
  const alarm = {
    kind: 'alarm',
    key: 'f1',
    name: 'HighLatency',
    summary: 'p99 is 900 ms <!channel>',
    severity: 'critical',
    startedAt: new Date('2026-03-02T08:50:00Z'),
    url: 'https://grafana.example/d/1?a=1|2',
  } as const;

  it('stands at once in the one alert of the model, in its own words, and goes when the tool takes it back', async ({
    house,
  }) => {
    const { model } = await house.team();
    const about = { model, environment: 'production', source: 'grafana' };
    await takeAlarm(house.ctx, { ...about, alarm: { ...alarm, state: 'firing' } });
    await takeAlarm(house.ctx, { ...about, alarm: { ...alarm, state: 'firing' } });
    const [card, ...more] = await house.said('alert');
    expect(card).toContain(
      '• *HighLatency*: p99 is 900 ms &lt;!channel&gt; (<https://grafana.example/d/1?a=1%7C2|look>)',
    );
    expect(more).toEqual([]);
    const endedAt = new Date('2026-03-02T09:05:00Z');
    await takeAlarm(house.ctx, { ...about, alarm: { ...alarm, state: 'resolved', endedAt } });
    expect(await openAlerts(house.ctx)).toEqual([]);
    house.later(60 * 24 * 30);
    expect(await noticeSilence(house.ctx)).toBe(false);
  });

  it('whose end came before its beginning never stands; an end of long ago leaves nothing behind', async ({
    house,
  }) => {
    const { model } = await house.team();
    const about = { model, environment: 'production', source: 'grafana' };
    const [hoursAgo, now] = [new Date('2026-03-02T07:00:00Z'), house.now()];
    await takeAlarm(house.ctx, { ...about, alarm: { ...alarm, key: 'old', state: 'resolved', endedAt: hoursAgo } });
    expect(await house.ctx.db.select().from(watches)).toEqual([]);
    await takeAlarm(house.ctx, { ...about, alarm: { ...alarm, state: 'resolved', endedAt: now } });
    await takeAlarm(house.ctx, { ...about, alarm: { ...alarm, state: 'firing' } });
    expect(await openAlerts(house.ctx)).toEqual([]);
    house.later(5);
    await takeAlarm(house.ctx, { ...about, alarm: { ...alarm, startedAt: house.now(), state: 'firing' } });
    expect(await openAlerts(house.ctx)).toHaveLength(1);
  });
});

describe('the precision of a rule', () => {
  it('counts what was not useful, by reason', async ({ house }) => {
    const { model, watch, post } = await erring(house, 'high', 0.3, 0.3);
    await closeAsNotUseful(house.ctx, { number: 1 }, { kind: 'noise', reason: 'It is noise' }, 'OLGA');
    await post(0.01, 0.01, 0.3, 0.3, 0.01, 0.01);
    expect(await precisionOf(house.ctx, watch.id, model.id)).toEqual({ judged: 2, useful: 1, reasons: { noise: 1 } });
  });
});
