import { describe, expect } from 'vitest';
import { takeReadings, takeReport } from '../../../src/features/drift/intake.ts';
import type { Finding } from '../../../src/features/drift/schema.ts';
import { acknowledge, closeAsNotUseful, snooze, wakeNext } from '../../../src/features/drift/changes.ts';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import { setWatch } from '../../../src/features/drift/store.ts';
import type { Model } from '../../../src/features/models/schema.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { type House, it } from '../../support/house.ts';

const finding = (score: number): Finding => ({
  column: 'amount',
  method: 'wasserstein',
  label: 'Wasserstein distance (normed)',
  score,
  limit: 0.1,
  direction: 'above',
  drifted: score >= 0.1,
});

async function windows(house: House, model: Model, ...scores: number[]): Promise<void> {
  for (const score of scores) {
    house.later(60);
    await takeReport(house.ctx, {
      model,
      environment: 'production',
      at: house.now(),
      source: 'Evidently',
      findings: [finding(score)],
    });
  }
}

async function alarmed(house: House) {
  const { model } = await house.team();
  await windows(house, model, 0.02, 0.3, 0.5);
  const [alert] = await openAlerts(house.ctx);
  return { model, alert: alert ?? expect.unreachable('no alert was raised') };
}

describe('reports of a drift tool', () => {
  it('raise nothing after one bad window', async ({ house }) => {
    const { model } = await house.team();
    await windows(house, model, 0.02, 0.3);
    expect(await house.said('alert')).toEqual([]);
  });

  it('raise one alert after two bad windows in a row, with owner, what moved, limit, since when and a picture', async ({
    house,
  }) => {
    await alarmed(house);
    expect(await house.said('alert')).toMatchInlineSnapshot(`
      [
        ":red_circle: *Drift: churn-model* in production – alert 1
      • *amount*: Wasserstein distance (normed) is 0.5, limit 0.1
      _2 bad windows in a row, the last ended <!date^1772452800^{date_short_pretty} at {time}|2026-03-02 12:00 UTC>_
      *Owner*
      <@OLGA>, deputy <@DEPU>
      *Since*
      <!date^1772449200^{date_short_pretty} at {time}|2026-03-02 11:00 UTC>
      *Version when raised*
      14
      *State*
      Open, nobody is on it yet
      (picture: Line chart of Wasserstein distance (normed) of amount for churn-model: 0.02 on 2026-03-02, 0.5 on 2026-03-02, limit 0.1.)
      [Acknowledge] [Snooze] [Not useful] [Roll back] [Retrain] [Declare incident] [Why?]",
      ]
    `);
  });

  it('say in one sentence what moved how far, and who must act', async ({ house }) => {
    await alarmed(house);
    const [heard] = await house.heard('alert');
    expect(heard).toMatch(
      /^Drift alert 1: churn-model has drifted in production since .*: amount 0\.5 \(limit 0\.1\)\. /,
    );
    expect(heard).toMatch(/ <@OLGA>, please acknowledge it or roll back\.$/);
  });

  it('keep one alert and bring it up to date while the drift goes on', async ({ house }) => {
    const { model } = await alarmed(house);
    await windows(house, model, 0.7);
    const [card, ...more] = await house.said('alert');
    expect(card).toContain('Wasserstein distance (normed) is 0.7');
    expect(card).toContain('3 bad windows in a row');
    expect(more).toEqual([]);
  });

  it('clear the alert after two good windows', async ({ house }) => {
    const { model } = await alarmed(house);
    await windows(house, model, 0.01);
    expect(await openAlerts(house.ctx)).toHaveLength(1);
    await windows(house, model, 0.01);
    expect(await openAlerts(house.ctx)).toEqual([]);
    expect((await house.said('alert'))[0]).toContain('Back within the limits since');
  });

  it('that name only what is wrong clear by no longer naming it', async ({ house }) => {
    const { model } = await house.team();
    const report = async (...findings: Finding[]) => {
      house.later(60);
      const at = house.now();
      const about = { model, environment: 'production', source: 'SageMaker', at, namesOnlyWrong: true };
      await takeReport(house.ctx, { ...about, findings });
    };
    await report(finding(0.4));
    await report(finding(0.4));
    expect(await openAlerts(house.ctx)).toHaveLength(1);
    await report();
    await report();
    expect(await openAlerts(house.ctx)).toEqual([]);
  });

  it('never raise for a window that comes in late', async ({ house }) => {
    const { model } = await house.team();
    await windows(house, model, 0.3, 0.01);
    await takeReport(house.ctx, {
      model,
      environment: 'production',
      at: new Date(house.now().getTime() - 30 * 60_000),
      source: 'Evidently',
      findings: [finding(0.9)],
    });
    await windows(house, model, 0.3);
    expect(await openAlerts(house.ctx)).toEqual([]);
  });
});

describe('single readings', () => {
  const reading = (value: unknown, more = {}) => ({ model: 'churn-model', metric: 'psi', value, ...more });

  it('raise an alert when a watched metric is beyond its limit twice', async ({ house }) => {
    const { model } = await house.team();
    const of = { modelId: model.id, environment: 'production', metric: 'psi', column: '' };
    await setWatch(house.ctx, of, { raiseAt: 0.2, clearAt: 0.2, direction: 'above' }, 'OLGA');
    await takeReadings(house.ctx, [reading(0.3)]);
    house.later(60);
    await takeReadings(house.ctx, [reading(0.31)]);
    expect((await house.said('alert'))[0]).toContain('*psi* is 0.31, limit 0.2');
  });

  it('that are wrong are named one by one, and the good ones are kept', async ({ house }) => {
    await house.team();
    const outcome = await takeReadings(house.ctx, [
      reading(0.1),
      reading('high'),
      reading(0.1, { model: 'nobody' }),
      reading(0.1, { at: '2030-01-01T00:00:00Z' }),
      { metric: 'psi', value: 1 },
      reading(0.1, { at: 'yesterday' }),
    ]);
    expect(outcome).toEqual({
      accepted: 1,
      rejected: [
        { index: 1, reason: 'value: must be a number' },
        { index: 2, reason: 'model: no model is registered under the name "nobody"' },
        { index: 3, reason: 'at: lies in the future' },
        { index: 4, reason: 'model: Invalid input: expected string, received undefined' },
        { index: 5, reason: 'at: Invalid ISO datetime' },
      ],
    });
  });
});

describe('an alert', () => {
  it('is taken by one person; the second reads who has it', async ({ house }) => {
    const { alert } = await alarmed(house);
    await acknowledge(house.ctx, { alertId: alert.id }, 'OLGA');
    expect((await house.said('alert'))[0]).toContain('<@OLGA> is on it');
    await expect(acknowledge(house.ctx, { number: 1 }, 'DEPU')).rejects.toThrow(
      'Alert 1 was taken just now by <@OLGA>.',
    );
  });

  it('sleeps while snoozed, then opens again', async ({ house }) => {
    const { alert } = await alarmed(house);
    await snooze(house.ctx, { alertId: alert.id }, 3_600_000, 'OLGA');
    expect((await house.said('alert'))[0]).toContain(':zzz:');
    expect(await wakeNext(house.ctx)).toBe(false);
    house.later(61);
    expect(await wakeNext(house.ctx)).toBe(true);
    expect((await house.said('alert'))[0]).toContain('Open, nobody is on it yet');
  });

  it('can be closed as not useful, with the reason on the card', async ({ house }) => {
    const { alert } = await alarmed(house);
    await closeAsNotUseful(house.ctx, { alertId: alert.id }, { kind: 'typed', reason: 'seasonal' }, 'OLGA');
    expect((await house.said('alert'))[0]).toContain('<@OLGA> found it not useful: seasonal');
    expect(await house.heard('alert')).toEqual([
      'Drift alert 1 of churn-model in production is closed. <@OLGA> found it not useful: seasonal.',
    ]);
    await expect(acknowledge(house.ctx, { alertId: alert.id }, 'DEPU')).rejects.toThrow(Refusal);
  });

  it('of another workspace does not exist here', async ({ house }) => {
    const { alert } = await alarmed(house);
    await expect(acknowledge(house.elsewhere('T2'), { alertId: alert.id }, 'OLGA')).rejects.toThrow(
      'That alert is gone.',
    );
  });
});
