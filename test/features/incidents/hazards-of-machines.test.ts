import { describe, expect } from 'vitest';
import { callNext } from '../../../src/features/drift/calls.ts';
import { acknowledge } from '../../../src/features/drift/changes.ts';
import { takeVerdicts } from '../../../src/features/drift/verdicts.ts';
import { openAlerts } from '../../../src/features/drift/queries.ts';
import { correctTimes } from '../../../src/features/incidents/times/changes.ts';
import { resolve } from '../../../src/features/incidents/changes.ts';
import { correctable, timesModal } from '../../../src/features/incidents/forms.ts';
import { takeIncidents } from '../../../src/features/incidents/intake.ts';
import { merge, unmerge } from '../../../src/features/incidents/merging/changes.ts';
import { clockWarnings, disorder, timesOf } from '../../../src/features/incidents/milestones.ts';
import { askNext } from '../../../src/features/incidents/news/changes.ts';
import { milestonesOf, openIncidents } from '../../../src/features/incidents/queries.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { type House, it } from '../../support/house.ts';
import { another, declared } from './support.ts';

const report = { model: 'churn-model', title: 'Scores are late', dedupe_key: 'late' };
const only = async (house: House) =>
  (await openIncidents(house.ctx, 'OLGA'))[0] ?? expect.unreachable('no incident is open');
const warnings = async (house: House, id: string) => clockWarnings(await milestonesOf(house.ctx, id));

/** One window of another tool: `score` against 0.1. */
const window = (house: House, score: number, at = house.now()) =>
  takeVerdicts(house.ctx, [
    { model: 'churn-model', at: at.toISOString(), findings: [{ column: 'amount', method: 'psi', score, limit: 0.1 }] },
  ]);

/**
 * No machine ends an incident here: there is no such way in, so an end that overtakes its beginning finds nothing to
 * end. What recovers is the alert behind it, and that only no longer stands against the end that a person says.
 */
describe('the end arrives before the beginning', () => {
  it('a recovery before its trigger: the alert stays away, and ends no incident', async ({ house }) => {
    const { id, now } = await declared(house);
    const early = house.now();
    house.later(10);
    await window(house, 0.01);
    await window(house, 0.5, early);
    await window(house, 0.5, new Date(early.getTime() + 60_000));
    expect(await openAlerts(house.ctx)).toEqual([]);
    expect((await now()).state).toBe('active');
    await resolve(house.ctx, id, 'It is over.', '', 'OLGA');
  });

  it('an alert that recovers leaves its incident to people, and no longer stands against its end', async ({
    house,
  }) => {
    await house.team();
    for (const score of [0.5, 0.5]) {
      house.later(10);
      await window(house, score);
    }
    const [alert] = await openAlerts(house.ctx);
    const [model] = [alert?.modelId ?? ''];
    const { id, now } = await another(house, model, { alertId: alert?.id ?? '' });
    const end = () => resolve(house.ctx, id, 'It is over.', '', 'OLGA');
    await expect(end()).rejects.toThrow('Drift alert 1 of this model is still open.');
    for (const score of [0.01, 0.01]) {
      house.later(10);
      await window(house, score);
    }
    expect(await openAlerts(house.ctx)).toEqual([]);
    expect((await now()).state).toBe('active');
    await end();
  });
});

describe('the clock of a sender and ours', () => {
  it('more than two minutes apart: both times are kept, and it is said on the card and in the form', async ({
    house,
  }) => {
    await house.team();
    await takeIncidents(house.ctx, [{ ...report, detected_at: '2026-03-02T08:40:00Z' }]);
    const incident = await only(house);
    const milestones = await milestonesOf(house.ctx, incident.id);
    expect(milestones.find(({ name }) => name === 'detected')).toMatchObject({
      at: new Date('2026-03-02T08:40:00Z'),
      receivedAt: new Date('2026-03-02T09:00:00Z'),
    });
    const said =
      '"Detected" is 2026-03-02 08:40 UTC by the clock of the sender, and reached us at 2026-03-02 09:00 UTC, 20 minutes later. If that clock is wrong, press *Correct times*.';
    expect(await warnings(house, incident.id)).toEqual([said]);
    expect((await house.said(`incident:${incident.id}`))[0]).toContain(`:warning: ${said}`);
    const form = JSON.stringify(timesModal(incident, timesOf(milestones), clockWarnings(milestones)));
    expect(form).toContain('by the clock of the sender');
  });

  it('a clock that is ahead: what it says stays where it is, after what came later, and both are said', async ({
    house,
  }) => {
    await house.team();
    await takeIncidents(house.ctx, [{ ...report, detected_at: '2026-03-02T09:03:00Z' }]);
    const { id } = await only(house);
    const times = timesOf(await milestonesOf(house.ctx, id));
    expect(times.detected).toEqual(new Date('2026-03-02T09:03:00Z'));
    expect(disorder(times)).toEqual(['"Declared" lies before "Detected".']);
    expect((await warnings(house, id)).join()).toContain('3 minutes earlier');
  });

  it('two minutes apart, or told of the past: nobody is warned', async ({ house }) => {
    await house.team();
    await takeIncidents(house.ctx, [
      { ...report, detected_at: '2026-03-02T08:58:00Z' },
      { ...report, dedupe_key: 'past', kind: 'backfill', detected_at: '2026-02-02T08:00:00Z' },
    ]);
    for (const { id } of await openIncidents(house.ctx, 'OLGA')) expect(await warnings(house, id)).toEqual([]);
  });

  it('a merge takes the doubt along, and gives it back; who puts the time right ends it', async ({ house }) => {
    const into = await declared(house);
    house.later(10);
    await takeIncidents(house.ctx, [{ ...report, detected_at: '2026-03-02T08:40:00Z' }]);
    const from = (await openIncidents(house.ctx, 'OLGA')).at(-1) ?? expect.unreachable('two are open');
    await merge(house.ctx, from.id, into.id, 'OLGA');
    expect(await warnings(house, into.id)).toHaveLength(1);
    await unmerge(house.ctx, from.id, 'OLGA');
    expect(await warnings(house, into.id)).toEqual([]);
    const { resolved: _, ...times } = timesOf(await milestonesOf(house.ctx, from.id));
    await correctTimes(
      house.ctx,
      from.id,
      correctable,
      { ...times, detected: new Date('2026-03-02T09:09:00Z') },
      'OLGA',
    );
    expect(await warnings(house, from.id)).toEqual([]);
    expect((await house.said(`incident:${from.id}`))[0]).not.toContain(':warning:');
  });
});

describe('somebody took it, and forgot it', () => {
  it('an acknowledged alert comes back the next working day, though an incident is open for it', async ({ house }) => {
    const { model } = await house.team();
    for (const score of [0.5, 0.5]) {
      house.later(10);
      await window(house, score);
    }
    const [alert] = await openAlerts(house.ctx);
    if (!alert) expect.unreachable('it raises an alert');
    await acknowledge(house.ctx, { alertId: alert.id }, 'DEPU');
    const incident = await another(house, model.id, { alertId: alert.id });
    await takeCommand(house.ctx, incident.id, 'DEPU');
    while (await callNext(house.ctx));
    expect(await house.heard('call')).toEqual([]);
    house.later(24 * 60 + 1);
    while (await callNext(house.ctx));
    expect((await house.heard('call')).join()).toContain('<@DEPU>, drift alert 1 of churn-model');
    expect(await openAlerts(house.ctx)).toMatchObject([{ state: 'open' }]);
    await expect(resolve(house.ctx, incident.id, 'It is over.', '', 'DEPU')).rejects.toThrow('Drift alert 1');
  });

  it('who took command and fell silent is asked for news, and after an hour anybody may step in', async ({ house }) => {
    const { id, card } = await declared(house);
    await takeCommand(house.ctx, id, 'DEPU');
    await expect(takeCommand(house.ctx, id, 'OLGA')).rejects.toThrow('<@DEPU> leads incident 1.');
    house.later(61);
    while (await askNext(house.ctx));
    expect((await house.said(`incident:${id}:ask`)).join()).toContain('<@DEPU>, the last word on incident 1 is from');
    await takeCommand(house.ctx, id, 'OLGA');
    expect(await card()).toContain('*Commander*\n<@OLGA>');
  });
});
