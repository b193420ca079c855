import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { cancel, changeSeverity, confirm, mitigate, reopen, resolve } from '../../../src/features/incidents/changes.ts';
import { correctTimes } from '../../../src/features/incidents/times/changes.ts';
import { merge, unmerge } from '../../../src/features/incidents/merging/changes.ts';
import { openIncidents } from '../../../src/features/incidents/queries.ts';
import { channelName } from '../../../src/features/incidents/rules.ts';
import { takeCommand } from '../../../src/features/incidents/roles/changes.ts';
import { incidents } from '../../../src/features/incidents/schema.ts';
import { executeNext } from '../../../src/features/approvals/executor.ts';
import { verifyNext } from '../../../src/features/approvals/ending/changes.ts';
import { takeReport } from '../../../src/features/drift/intake.ts';
import { servedVersionSeen } from '../../../src/features/releases/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';
import { another, declared } from './support.ts';

const lines = async (house: House) =>
  (await linesOf(house.ctx.db, 'T1')).map(({ who, summary }) => `${who} ${summary}`);
const because = 'we checked by hand, scores are right';

describe('declaring', () => {
  it('stands in the channel with all that is known, and no title can ping anybody', async ({ house }) => {
    const { card, heard, times } = await declared(house);
    expect(await card()).toContain(':rotating_light: *Incident 1: Scores &lt;!channel&gt; are off*');
    expect(await card()).toContain('*Evidence*\ndrift alert 1: amount 0.5 (limit 0.1)');
    expect(await card()).toContain('[Take command] [Update] [Mitigated] [Resolve] [Roll back]');
    expect(await card()).toContain(
      '[Roles] [Severity] [Correct times] [Merge] [Call off] [Other models] [Roll back now]',
    );
    expect(await heard()).toBe(
      'SEV2 incident 1 on churn-model: Scores &lt;!channel&gt; are off. Nobody leads it yet: <@OLGA>, please take command.',
    );
    expect(await times()).toEqual({
      onset: new Date('2026-03-02T08:00:00Z'),
      detected: house.now(),
      declared: house.now(),
    });
  });

  it('what is only suspected waits in triage, until somebody says that it is one', async ({ house }) => {
    const { id, card, now } = await declared(house, { isSuspected: true });
    expect(await card()).toContain('*Suspected*. Next: say whether it is one.');
    expect(await card()).toContain('[It is one] [Call off] [Merge] [Severity] [Take command]');
    await confirm(house.ctx, id, 'OLGA');
    expect((await now()).state).toBe('active');
    await expect(confirm(house.ctx, id, 'DEPU')).rejects.toThrow('Incident 1 is already going on.');
  });

  it('retried alert: the same key is the same incident, and how often it was said stands on the card', async ({
    house,
  }) => {
    const first = await declared(house, { dedupeKey: 'churn|psi|amount' });
    const again = await another(house, first.model.id, { dedupeKey: 'churn|psi|amount' });
    expect(again.id).toBe(first.id);
    expect(await openIncidents(house.ctx, 'PROD')).toHaveLength(1);
    expect(await first.card()).toContain('; reported 1 more time since');
    expect((await another(house, first.model.id, { dedupeKey: 'another' })).number).toBe(2);
  });

  it('the same key soon after the end opens it again; later it is another one', async ({ house }) => {
    const first = await declared(house, { dedupeKey: 'k' });
    await resolve(house.ctx, first.id, 'it stopped by itself', '', 'OLGA');
    house.later(59);
    expect((await another(house, first.model.id, { dedupeKey: 'k' })).id).toBe(first.id);
    expect(await first.now()).toMatchObject({ state: 'active', reopenCount: 1, resolution: null });
    await resolve(house.ctx, first.id, 'it stopped by itself', '', 'OLGA');
    house.later(61);
    expect((await another(house, first.model.id, { dedupeKey: 'k' })).number).toBe(2);
  });

  it('a drill says so everywhere, and never becomes anything else', async ({ house }) => {
    const { id, card, heard } = await declared(house, { kind: 'drill' });
    expect(await card()).toContain('*[DRILL] Incident 1: ');
    expect(await heard()).toMatch(/^\[DRILL\] SEV2/);
    const edit = house.visit((ctx) => ctx.db.update(incidents).set({ kind: 'incident' }).where(eq(incidents.id, id)));
    await expect(edit).rejects.toMatchObject({ cause: { message: expect.stringContaining('never change') } });
  });

  it.for([
    [{ number: 7, kind: 'incident' }, 'churn-model', 'inc-7-churn-model'],
    [{ number: 8, kind: 'incident' }, '<!channel> Größe', 'inc-8-channel-gr-e'],
    [{ number: 9, kind: 'drill' }, 'x'.repeat(300), `drill-9-${'x'.repeat(72)}`],
  ] as const)('%j on %s gets a channel name that Slack takes', ([which, model, name]) => {
    expect(channelName(which, model)).toBe(name);
  });
});

describe('ending', () => {
  it('goes by mitigated and a time of watching, then resolved', async ({ house }) => {
    const { id, now, card, heard, times } = await declared(house);
    house.later(20);
    await mitigate(house.ctx, id, 'traffic goes to the old version', '', 'OLGA');
    expect((await now()).state).toBe('mitigated');
    expect(await card()).toContain(':telescope:');
    house.later(5);
    await expect(resolve(house.ctx, id, 'over', '', 'OLGA')).rejects.toThrow(
      'It is watched for 15 minutes first; 10 are left. If it is over all the same, say here why.',
    );
    house.later(10);
    await resolve(house.ctx, id, 'rolled back to 13', '', 'OLGA');
    expect(await card()).toContain('[Start post-mortem] [Correct times] [Other models] [Tell stakeholders] [Reopen]');
    expect(await heard()).toContain(
      'is resolved: Scores &lt;!channel&gt; are off. <@OLGA>, please start the post-mortem.',
    );
    const at = (minutes: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + minutes * 60_000);
    expect(await times()).toMatchObject({ mitigated: at(20), resolved: at(35) });
  });

  it('two people resolve: the second reads who was first', async ({ house }) => {
    const { id } = await declared(house);
    await resolve(house.ctx, id, 'rolled back', '', 'OLGA');
    await expect(resolve(house.ctx, id, 'again', '', 'DEPU')).rejects.toThrow(
      'Incident 1 is already resolved by <@OLGA>.',
    );
    expect((await lines(house)).filter((line) => line.includes('resolved incident'))).toEqual([
      'OLGA resolved incident 1: rolled back',
    ]);
  });

  it('what passed by itself was never mitigated: that time stays unknown', async ({ house }) => {
    const { id, times } = await declared(house);
    await resolve(house.ctx, id, 'it stopped by itself', '', 'OLGA');
    expect((await times()).mitigated).toBeUndefined();
  });

  it('a rollback that is under way holds it up until the old version is seen to be served', async ({ house }) => {
    const { id, model, now } = await declared(house);
    const rollback = await askFor(house.ctx, { modelId: model.id }, 'ENGI');
    const stop = () => mitigate(house.ctx, id, 'rolled back', '', 'OLGA');
    const waits = 'Rollback 1 is not finished: I wait until the old version is seen to be served.';
    await expect(stop()).rejects.toThrow(waits);
    for (const who of ['OLGA', 'LEAD']) await press(house.ctx, rollback.id, who);
    await executeNext(house.ctx);
    await expect(stop()).rejects.toThrow(waits);
    await expect(resolve(house.ctx, id, 'rolled back', '', 'OLGA')).rejects.toThrow(waits);
    house.later(1);
    const seen = { modelId: model.id, environment: 'production', version: '13', at: house.now() };
    await servedVersionSeen(house.ctx, seen);
    await verifyNext(house.ctx);
    await stop();
    expect((await now()).state).toBe('mitigated');
  });

  it('the rollback can be set aside with a reason that is kept', async ({ house }) => {
    const { id, model } = await declared(house);
    await askFor(house.ctx, { modelId: model.id }, 'ENGI');
    await expect(mitigate(house.ctx, id, 'fallback rule', 'short', 'OLGA')).rejects.toMatchObject({ field: 'inSpite' });
    await mitigate(house.ctx, id, 'fallback rule', because, 'OLGA');
    expect((await lines(house)).at(-1)).toBe(
      `OLGA said that the impact of incident 1 has stopped: fallback rule (in spite of what stood against it: ${because})`,
    );
  });

  it('an alert that is still open is named before it is called over', async ({ house }) => {
    const { id, model } = await declared(house);
    const how = { column: 'amount', method: 'psi', label: 'PSI', score: 0.5, limit: 0.1 } as const;
    for (let i = 0; i < 2; i += 1) {
      house.later(5);
      const findings = [{ ...how, direction: 'above', drifted: true } as const];
      await takeReport(house.ctx, { model, environment: 'production', at: house.now(), source: 'Evidently', findings });
    }
    await expect(resolve(house.ctx, id, 'over', '', 'OLGA')).rejects.toThrow(
      'Drift alert 1 of this model is still open. If it is over all the same, say here why.',
    );
    await resolve(house.ctx, id, 'over', because, 'OLGA');
  });

  it('a false alarm is called off with a reason, and that is its end', async ({ house }) => {
    const { id, card } = await declared(house);
    await expect(cancel(house.ctx, id, 'false_positive', 'no', 'OLGA')).rejects.toMatchObject({ field: 'words' });
    await cancel(house.ctx, id, 'false_positive', 'the dashboard was wrong', 'OLGA');
    expect(await card()).toContain('*Called off* by <@OLGA>: Nothing was wrong. the dashboard was wrong');
    await expect(reopen(house.ctx, id, 'but it is one after all', 'DEPU')).rejects.toThrow(
      'Incident 1 is already called off by <@OLGA>.',
    );
  });
});

describe('opening again', () => {
  it('needs a reason, keeps when it began and who was first on it, and is counted', async ({ house }) => {
    const { id, now, times } = await declared(house);
    house.later(5);
    await takeCommand(house.ctx, id, 'OLGA');
    const first = await times();
    house.later(30);
    await mitigate(house.ctx, id, 'fallback', '', 'OLGA');
    house.later(30);
    await resolve(house.ctx, id, 'over', '', 'OLGA');
    await expect(reopen(house.ctx, id, 'again', 'DEPU')).rejects.toMatchObject({ field: 'reason' });
    await reopen(house.ctx, id, 'scores are off again', 'DEPU');
    expect(await now()).toMatchObject({ state: 'active', reopenCount: 1, resolvedAt: null });
    expect(await times()).toEqual(first);
    await expect(reopen(house.ctx, id, 'scores are off again', 'DEPU')).rejects.toThrow('Incident 1 is still open.');
  });

  it('is refused where the same is open already, with its number', async ({ house }) => {
    const first = await declared(house, { dedupeKey: 'k' });
    await resolve(house.ctx, first.id, 'over', '', 'OLGA');
    house.later(61);
    await another(house, first.model.id, { dedupeKey: 'k' });
    await expect(reopen(house.ctx, first.id, 'it is not over at all', 'OLGA')).rejects.toThrow(
      'Incident 2 is open for the same alert. Work there: it is the same thing.',
    );
  });
});

describe('severity', () => {
  it('is raised by anybody, and lowered with a reason by who leads it or answers for the model', async ({ house }) => {
    const { id, now } = await declared(house);
    const to = (severity: 'sev1' | 'sev3', by: string, why = '') => changeSeverity(house.ctx, id, severity, why, by);
    await to('sev1', 'PROD');
    expect((await now()).severity).toBe('sev1');
    await expect(to('sev3', 'ENGI', because)).rejects.toThrow('Only who leads the incident');
    await expect(to('sev3', 'OLGA')).rejects.toMatchObject({ field: 'reason' });
    await takeCommand(house.ctx, id, 'ENGI');
    await to('sev3', 'ENGI', because);
    expect((await lines(house)).at(-1)).toBe(`ENGI made incident 1 a SEV3, it was a SEV1: ${because}`);
  });
});

describe('merging', () => {
  it('leads everybody on, by the key as well, and the earliest times count', async ({ house }) => {
    const one = await declared(house, { dedupeKey: 'k', onset: new Date('2026-03-02T06:00:00Z') });
    house.later(10);
    const other = await another(house, one.model.id, { title: 'Calls fail' });
    await merge(house.ctx, one.id, other.id, 'OLGA');
    expect(await one.now()).toMatchObject({ state: 'merged', mergedInto: other.id });
    expect((await other.times()).onset).toEqual(new Date('2026-03-02T06:00:00Z'));
    expect((await other.times()).declared).toEqual(new Date('2026-03-02T09:10:00Z'));
    expect(await one.card()).toContain('*Merged* by <@OLGA> into incident 2, Calls fail. Go on there.');
    expect((await another(house, one.model.id, { dedupeKey: 'k' })).id).toBe(other.id);
  });

  it('is taken back within a day: times and key return to where they were, and what was put right stays', async ({
    house,
  }) => {
    const one = await declared(house, { dedupeKey: 'k', onset: new Date('2026-03-02T06:00:00Z') });
    house.later(10);
    const other = await another(house, one.model.id, { title: 'Calls fail' });
    const before = await other.times();
    await merge(house.ctx, one.id, other.id, 'OLGA');
    expect(await one.card()).toContain('[Take out again]');
    await correctTimes(house.ctx, other.id, ['detected'], { detected: new Date('2026-03-02T07:00:00Z') }, 'PROD');
    await unmerge(house.ctx, one.id, 'DEPU');
    expect(await one.now()).toMatchObject({ state: 'active', mergedInto: null, dedupeKey: 'k', endedBy: null });
    expect((await one.now()).askAt).not.toBeNull();
    expect(await other.now()).toMatchObject({ state: 'active', dedupeKey: null });
    expect((await other.times()).onset).toEqual(before.onset);
    expect((await other.times()).detected).toEqual(new Date('2026-03-02T07:00:00Z'));
    await expect(unmerge(house.ctx, one.id, 'DEPU')).rejects.toThrow('Incident 1 is not merged.');
  });

  it('is for good after a day', async ({ house }) => {
    const one = await declared(house);
    const other = await another(house, one.model.id);
    await merge(house.ctx, one.id, other.id, 'OLGA');
    house.later(24 * 60 + 1);
    await expect(unmerge(house.ctx, one.id, 'OLGA')).rejects.toThrow('was merged more than a day ago');
  });

  it('goes in no circle, not into itself, into nothing that is over or of another kind', async ({ house }) => {
    const one = await declared(house);
    const other = await another(house, one.model.id);
    const drill = await another(house, one.model.id, { kind: 'drill' });
    await expect(merge(house.ctx, one.id, one.id, 'OLGA')).rejects.toThrow('Choose another incident');
    await expect(merge(house.ctx, one.id, drill.id, 'OLGA')).rejects.toThrow('Incident 3 is of another kind (drill).');
    await merge(house.ctx, one.id, other.id, 'OLGA');
    await expect(merge(house.ctx, other.id, one.id, 'OLGA')).rejects.toThrow('Incident 1 is not open.');
    await expect(resolve(house.ctx, one.id, 'over', '', 'OLGA')).rejects.toThrow('already merged into another one');
  });
});

it('of another workspace, nothing is found', async ({ house }) => {
  const { id } = await declared(house, { dedupeKey: 'k' });
  await expect(resolve(house.elsewhere('T2'), id, 'over', '', 'OLGA')).rejects.toThrow('That incident is gone.');
  expect(await openIncidents(house.elsewhere('T2'), 'PROD')).toEqual([]);
});
