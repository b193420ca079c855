import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { keepVerdict, setWatch } from '../../../src/features/drift/store.ts';
import { takeVerdicts } from '../../../src/features/drift/verdicts.ts';
import { saveGate } from '../../../src/features/gates/changes.ts';
import { takeEvidence } from '../../../src/features/gates/evidence/changes.ts';
import { gateStanding, newestOfEach } from '../../../src/features/gates/queries.ts';
import { askForCheck, checkNext, evaluate, lookAgain } from '../../../src/features/gates/store.ts';
import { type Model, models } from '../../../src/features/models/schema.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { Refusal } from '../../../src/lib/refusal.ts';
import { type House, it } from '../../support/house.ts';

const usual = 'auc >= 0.8, at most 0.01 worse';

/** Version 14 is live with an AUC of 0.92; 15 is as good, 16 is worse. */
async function gated(house: House, checks = usual) {
  const { model, teamId } = await house.team();
  for (const [version, auc] of Object.entries({ 14: 0.92, 15: 0.93, 16: 0.9 }))
    house.registry.facts.set(version, { auc });
  await saveGate(house.ctx, place(model), checks, undefined, 'OLGA');
  const check = (version = '15', by = 'ENGI') => evaluate(house.ctx, { ...place(model), version }, by);
  const stands = (version = '15') => gateStanding(house.ctx, model.id, 'production', version);
  const post = (...items: object[]) =>
    takeEvidence(
      house.ctx,
      items.map((item) => ({ model: model.name, version: '15', kind: 'metric', ...item })),
    );
  return { model, teamId, check, stands, post };
}
const place = (model: Model) => ({ modelId: model.id, environment: 'production' });
const card = async (house: House, version = '15') =>
  (await house.said('gate:')).find((text) => text.includes(`Version ${version} of`)) ?? '';
const live = (house: House, model: Model, version: string) =>
  aliasMoved(house.ctx, { ...place(model), version, who: 'ci', why: 'release' });
const silent = () => Promise.reject(new Refusal('MLflow did not answer in time.'));

describe('a version that passes', () => {
  it('is told with both numbers and can be promoted', async ({ house }) => {
    const { check, stands } = await gated(house);
    const evaluation = await check();
    expect(evaluation).toMatchObject({ number: 1, baseline: '14', result: 'pass', gateRevision: 1, by: 'ENGI' });
    const said = await card(house);
    expect(said).toContain(':white_check_mark: *Version 15 of churn-model passes* – gate of production');
    expect(said).toContain('*auc &gt;= 0.8, at most 0.01 worse* – passes\n0.93 (version 14, which is live: 0.92).');
    expect(said).toContain('[Promote] [Check again] [Change the gate]');
    expect(said).toContain('Compared with version 14, which was live. Wording 1 of the gate.');
    expect(await house.heard('gate:')).toEqual([
      'Version 15 of churn-model passes the gate of production with 1 check. <@ENGI>, it can be promoted.',
    ]);
    expect(await stands()).toMatchObject({ state: 'pass', hash: evaluation.hash });
  });

  it('is no longer offered for promotion once it is live, and stays passed', async ({ house }) => {
    const { model, check, stands } = await gated(house);
    await check();
    house.later(5);
    await live(house, model, '15');
    await lookAgain(house.ctx);
    expect((await stands()).state).toBe('pass');
    expect(await card(house)).not.toContain('[Promote]');
  });
});

describe('a version that does not pass', () => {
  it('is told what stands against it and what is to be done', async ({ house }) => {
    const { check, stands } = await gated(house, `${usual}\nexternal "unit tests"`);
    await check('16');
    const said = await card(house, '16');
    expect(said).toContain(':x: *Version 16 of churn-model does not pass*');
    expect(said).toContain('0.9 (version 14, which is live: 0.92) is 0.02 worse; at most 0.01 is allowed.');
    expect(said).toContain(':grey_question: *external "unit tests"* – missing');
    expect(said).toContain(':arrow_right: Let its pipeline post the status of unit tests to /api/v1/evidence.');
    expect(said).toContain('[Check again] [Override…] [Change the gate]');
    expect(said).not.toContain('Promote');
    expect((await stands('16')).words).toBe(
      'Version 16 does not pass the gate of production (check 1): auc >= 0.8, at most 0.01 worse – fails; external "unit tests" – missing.',
    );
    expect((await house.heard('gate:'))[0]).toContain('<@ENGI>, the card says what is to be done.');
  });

  it('a machine that had it checked leaves the next step to the owner', async ({ house }) => {
    const { check } = await gated(house);
    await check('16', 'retraining');
    expect((await house.heard('gate:'))[0]).toContain('<@OLGA>, the card says');
  });
});

describe('before a check', () => {
  it('there may be no gate, or no check yet', async ({ house }) => {
    const { model } = await house.team();
    const at = { ...place(model), version: '15' };
    expect(await gateStanding(house.ctx, model.id, 'production', '15')).toMatchObject({
      state: 'no_gate',
      words: 'churn-model has no gate in production yet. Make one with /ml gate edit churn-model.',
    });
    await expect(evaluate(house.ctx, at, 'ENGI')).rejects.toThrow('has no gate in production yet');
    await expect(askForCheck(house.ctx, at, 'ENGI')).rejects.toThrow('has no gate in production yet');
    await saveGate(house.ctx, place(model), usual, undefined, 'OLGA');
    expect((await gateStanding(house.ctx, model.id, 'production', '15')).state).toBe('not_checked');
  });

  it('the registry is never asked inside a transaction', async ({ house }) => {
    const { model } = await gated(house);
    const at = { ...place(model), version: '15' };
    await expect(house.visit((ctx) => evaluate(ctx, at, 'ENGI'))).rejects.toThrow('never evaluated inside');
  });
});

it('a first release has nothing to be compared with', async ({ house }) => {
  const { model } = await house.team();
  const ctx = { ...house.ctx, registry: undefined };
  const at = { modelId: model.id, environment: 'staging', version: '15' };
  await ctx.db
    .update(models)
    .set({ environments: ['production', 'staging'] })
    .where(eq(models.id, model.id));
  await saveGate(ctx, at, usual, undefined, 'OLGA');
  await takeEvidence(ctx, [{ model: model.name, version: 15, kind: 'metric', name: 'auc', value: 0.9 }]);
  expect(await evaluate(ctx, at, 'ENGI')).toMatchObject({ baseline: null, result: 'pass' });
  expect(await card(house)).toContain('0.9; there is nothing live to compare it with yet.');
  expect(await card(house)).toContain('Nothing was live to compare it with.');
  expect(await card(house)).not.toContain('Promote');
});

describe('a result is out of date', () => {
  it('when the gate is changed: the card and the standing say so', async ({ house }) => {
    const { model, check, stands } = await gated(house);
    const { hash } = await check();
    await saveGate(house.ctx, place(model), 'auc >= 0.5', 1, 'DEPU');
    const now = await stands();
    expect(now.state).toBe('void');
    expect(now.hash).not.toBe(hash);
    expect(await card(house)).toContain(
      'Check 1 of version 15 is out of date: the gate was changed since. Check it again.',
    );
    expect(await card(house)).not.toContain('[Promote]');
    await check();
    expect((await stands()).state).toBe('pass');
  });

  it('when another version went live after it began, not when the registry only knew before us', async ({ house }) => {
    const { model, check, stands } = await gated(house);
    house.registry.aliases.set('churn-model/champion', '13');
    house.registry.facts.set('13', { auc: 0.9 });
    expect((await check()).baseline).toBe('13');
    expect((await stands()).state).toBe('pass');
    house.later(1);
    await live(house, model, '13');
    expect((await stands()).state).toBe('pass');
    house.later(1);
    await live(house, model, '16');
    expect(await stands()).toMatchObject({
      state: 'void',
      words: expect.stringContaining('version 16 went live since'),
    });
  });

  it.for([
    ['of the version', '15'],
    ['of the live one', '14'],
  ] as const)('when more is known %s', async ([, version], { house }) => {
    const { check, stands, post } = await gated(house);
    await check();
    house.later(1);
    await post({ version, name: 'auc', value: 0.925 });
    expect(await stands()).toMatchObject({
      state: 'void',
      words: expect.stringContaining('more is known now of auc >= 0.8'),
    });
    expect(await card(house)).toContain('is out of date');
    expect((await house.heard('gate:'))[0]).toBe(
      'churn-model: Check 1 of version 15 is out of date: more is known now of auc &gt;= 0.8, at most 0.01 worse. <@ENGI>, please check it again.',
    );
  });

  it('not when something is known that no check asks for', async ({ house }) => {
    const { check, stands, post } = await gated(house);
    await check();
    await post({ name: 'f1', value: 0.1 }, { version: '3', name: 'auc', value: 0.1 });
    expect((await stands()).state).toBe('pass');
  });

  it('when drift goes over the limit, and when numbers grow too old', async ({ house }) => {
    const { model, check, stands, post } = await gated(house, 'drift at most 30%\nauc >= 0.8, not older than 2 days');
    const report = (...drifted: boolean[]) =>
      takeVerdicts(house.ctx, [
        {
          model: model.name,
          at: house.now().toISOString(),
          rows: 1000,
          findings: drifted.map((each, i) => ({
            column: `c${i}`,
            method: 'psi',
            score: each ? 0.5 : 0.01,
            limit: 0.2,
          })),
        },
      ]);
    await report(false, false, false, true);
    // An early warning has stricter limits: it says nothing of the gate.
    const early = { modelId: model.id, environment: 'production', metric: 'features', column: '', method: 'psi' };
    const warning = await setWatch(house.ctx, early, { raiseAt: 0.01, clearAt: 0.01, severity: 'warning' }, 'OLGA');
    const all = { drifted: true, share: 1, rows: 1000, findings: [], source: 'histograms' };
    await keepVerdict(house.ctx, { ...all, watchId: warning.id, at: house.now() });
    await post({ name: 'auc', value: 0.9 });
    expect((await check()).results.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
    house.later(60);
    await report(false, false, false, true);
    expect((await stands()).state).toBe('pass');
    house.later(60);
    await report(true, true, false, false);
    expect((await stands()).words).toContain('more is known now of drift at most 30%');
    house.later(60);
    await report(false, false, false, false);
    house.later(48 * 60);
    expect((await stands()).words).toContain('more is known now of auc >= 0.8');
  });
});

describe('soaking', () => {
  it('counts the hours since the version is there, and alerts end it', async ({ house }) => {
    const { model, check } = await gated(house, 'soak production 24 h without alerts');
    const outcome = async () => (await check('14')).results[0];
    house.later(60);
    expect(await outcome()).toMatchObject({ outcome: 'inconclusive', because: 'It ran in production for 1 of 24 h' });
    house.later(24 * 60);
    expect((await outcome())?.outcome).toBe('pass');
    for (const _ of [1, 2]) {
      house.later(60);
      const finding = { column: 'amount', method: 'psi', score: 0.5, limit: 0.2 };
      await takeVerdicts(house.ctx, [
        { model: model.name, at: house.now().toISOString(), rows: 1000, findings: [finding] },
      ]);
    }
    expect(await outcome()).toMatchObject({
      outcome: 'fail',
      because: 'Since it is in production there was drift alert 1',
    });
  });
});

describe('trouble', () => {
  it('a registry that is down closes the gate and says so; afterwards it is checked again', async ({ house }) => {
    const { check } = await gated(house);
    const { versionFacts } = house.registry;
    house.registry.versionFacts = silent;
    expect((await check()).result).toBe('fail');
    expect(await card(house)).toContain(
      ':warning: *version 15 exists in MLflow* – cannot be judged yet\nMLflow did not answer in time.\n:arrow_right: Check again when it answers.',
    );
    house.registry.versionFacts = versionFacts;
    expect((await check()).result).toBe('pass');
  });

  it('a version that was deleted cannot be judged', async ({ house }) => {
    const { check } = await gated(house);
    house.registry.versionFacts = () => Promise.resolve(undefined);
    await check();
    expect(await card(house)).toContain(
      '*version 15 exists in MLflow* – fails\nMLflow has no version 15 of churn-model.',
    );
  });

  it('an alias that was deleted is no first release: what our records know is live is compared with', async ({
    house,
  }) => {
    const { check } = await gated(house);
    house.registry.aliases.clear();
    expect(await check('16')).toMatchObject({ baseline: '14', result: 'fail' });
  });

  it('without a registry, posted numbers are enough', async ({ house }) => {
    const { model, post } = await gated(house);
    await post({ name: 'auc', value: 0.9 }, { version: 14, name: 'auc', value: 0.9 });
    const ctx = { ...house.ctx, registry: undefined };
    expect(await evaluate(ctx, { ...place(model), version: '15' }, 'ENGI')).toMatchObject({
      baseline: '14',
      result: 'pass',
    });
  });

  it('another data set leaves it open', async ({ house }) => {
    const { check, post } = await gated(house);
    await post({ name: 'auc', value: 0.95, dataset: 'a1' }, { version: '14', name: 'auc', value: 0.9, dataset: 'b2' });
    expect((await check()).results[0]).toMatchObject({ outcome: 'inconclusive', failed: ['other_data'] });
  });
});

it('of two pieces of the same instant, that for this environment counts', async ({ house }) => {
  const { check, post } = await gated(house, 'auc >= 0.8');
  const at = house.now().toISOString();
  await post({ name: 'auc', value: 0.7, environment: 'production', at }, { name: 'auc', value: 0.9, at });
  expect((await check()).results[0]).toMatchObject({ outcome: 'fail', because: '0.7 is under 0.8' });
});

describe('two at once', () => {
  it('the one that asked the registry last stands, though the other writes after it', async ({ house }) => {
    const { check, stands } = await gated(house);
    const { aliasVersion } = house.registry;
    const slow = Promise.withResolvers<string>();
    house.registry.aliasVersion = () => slow.promise;
    const first = check();
    await new Promise((done) => setTimeout(done, 50));
    house.registry.aliasVersion = aliasVersion;
    house.later(1);
    const second = await check();
    slow.resolve('13');
    expect((await first).id).toBe(second.id);
    expect((await stands()).evaluation).toMatchObject({ id: second.id, baseline: '14' });
  });

  it('both of the same instant are kept, one after the other', async ({ house }) => {
    const { model, check } = await gated(house);
    const [a, b] = [await check(), await check()];
    expect([a.number, b.number].toSorted((x, y) => x - y)).toEqual([1, 2]);
    expect(a.hash).toBe(b.hash);
    expect(await newestOfEach(house.ctx, { modelId: model.id, most: 9 })).toMatchObject([{ number: 2 }]);
    expect(await house.said('gate:')).toHaveLength(1);
  });
});

describe('a check that was asked for', () => {
  it('of a version longer than any is refused in words', async ({ house }) => {
    const { model } = await gated(house);
    const at = { ...place(model), version: '9'.repeat(4000) };
    await expect(askForCheck(house.ctx, at, 'ENGI')).rejects.toThrow('A version has at most 100 characters.');
  });

  it('is made once by a worker, and the card tells of it', async ({ house }) => {
    const { model } = await gated(house);
    const at = { ...place(model), version: '15' };
    await askForCheck(house.ctx, at, 'ENGI');
    await askForCheck(house.ctx, at, 'OLGA');
    expect([await checkNext(house.ctx), await checkNext(house.ctx)]).toEqual([true, false]);
    expect(await card(house)).toContain('Check 1 by <@OLGA>');
  });

  it('and asked for again while it is made, is made once more', async ({ house }) => {
    const { model } = await gated(house);
    const at = { ...place(model), version: '15' };
    const { aliasVersion } = house.registry;
    const slow = Promise.withResolvers<string>();
    house.registry.aliasVersion = () => slow.promise;
    await askForCheck(house.ctx, at, 'ENGI');
    const first = checkNext(house.ctx);
    await new Promise((done) => setTimeout(done, 50));
    house.registry.aliasVersion = aliasVersion;
    house.later(1);
    await askForCheck(house.ctx, at, 'OLGA');
    slow.resolve('14');
    expect([await first, await checkNext(house.ctx), await checkNext(house.ctx)]).toEqual([true, true, false]);
    expect(await card(house)).toContain('Check 2 by <@OLGA>');
  });

  it('that breaks is tried three times, then whoever asked is told', async ({ house }) => {
    const { model } = await gated(house);
    house.registry.versionFacts = () => Promise.reject(new Error('bug'));
    await askForCheck(house.ctx, { ...place(model), version: '15' }, 'ENGI');
    for (const attempt of [1, 2, 3]) {
      expect([await checkNext(house.ctx), await checkNext(house.ctx)]).toEqual([true, false]);
      expect(await house.said('gate-trouble')).toHaveLength(attempt === 3 ? 1 : 0);
      house.later(2);
    }
    expect(await checkNext(house.ctx)).toBe(false);
    expect((await house.said('gate-trouble'))[0]).toContain('I could not check version 15 of *churn-model*');
  });

  it('of another workspace is not seen', async ({ house }) => {
    const { model, check } = await gated(house);
    await check();
    const there = house.elsewhere('T2');
    await expect(gateStanding(there, model.id, 'production', '15')).rejects.toThrow('no longer registered');
    expect(await newestOfEach(there, { most: 9 })).toEqual([]);
  });
});

it('everything is in the ledger', async ({ house }) => {
  const { check, post } = await gated(house);
  await post({ name: 'auc', value: 0.7 });
  await check();
  const lines = (await linesOf(house.ctx.db, 'T1')).filter(({ what }) => what.startsWith('gate.'));
  expect(lines.map(({ what, summary }) => `${what}: ${summary}`)).toEqual([
    'gate.changed: made the gate of churn-model in production: 1 check',
    'gate.evidence: got evidence for version 15: auc',
    'gate.failed: check 1: version 15 does not pass the gate of production: auc >= 0.8, at most 0.01 worse – fails',
  ]);
});
