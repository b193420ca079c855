import { eq, sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { answer, overridable, override, questionFor, saveGate } from '../../../src/features/gates/changes.ts';
import { keyOf } from '../../../src/features/gates/checks/judging.ts';
import { parseChecks } from '../../../src/features/gates/checks/language.ts';
import { takeEvidence } from '../../../src/features/gates/evidence/changes.ts';
import { gateOf, gateStanding, overridesOf } from '../../../src/features/gates/queries.ts';
import { suggested } from '../../../src/features/gates/rules.ts';
import { checkNext, evaluate } from '../../../src/features/gates/store.ts';
import { assign } from '../../../src/features/duties/changes.ts';
import { type Model, models } from '../../../src/features/models/schema.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { joinTeam, keepPerson, leaveTeam } from '../../../src/features/teams/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import type { Standing } from '../../../src/ports.ts';
import { type House, it } from '../../support/house.ts';

const reason = 'The black Friday traffic needs the new features today.';
const place = (model: Model) => ({ modelId: model.id, environment: 'production' });
const card = async (house: House) => (await house.said('gate:'))[0] ?? '';

/** Version 16 is worse than the live one. */
async function failed(house: House, checks = 'auc >= 0.8, no worse') {
  const { model, teamId } = await house.team();
  for (const [version, auc] of Object.entries({ 14: 0.92, 16: 0.9 })) house.registry.facts.set(version, { auc });
  await saveGate(house.ctx, place(model), checks, undefined, 'OLGA');
  const at = { ...place(model), version: '16' };
  const check = () => evaluate(house.ctx, at, 'ENGI');
  const evaluation = await check();
  const stands = () => gateStanding(house.ctx, model.id, 'production', '16');
  return { model, teamId, at, check, evaluation, stands };
}

describe('overriding', () => {
  it('stands for ever: the database lets nobody change it or take it away', async ({ house }) => {
    const { evaluation } = await failed(house);
    await override(house.ctx, evaluation.id, reason, 'OLGA');
    for (const deed of [
      sql`update gate_overrides set reason = 'all fine'`,
      sql`delete from gate_overrides`,
      sql`truncate gate_overrides`,
    ])
      await expect(house.visit((ctx) => ctx.db.execute(deed))).rejects.toMatchObject({
        cause: { message: expect.stringContaining('rows of gate_overrides are only added') },
      });
    expect(await overridesOf(house.ctx, evaluation.modelId, evaluation.at)).toMatchObject([{ reason }]);
  });

  it.for(['OLGA', 'DEPU', 'LEAD'])('is for owner, deputy and lead: %s', async (by, { house }) => {
    const { evaluation, stands } = await failed(house);
    const before = await stands();
    await override(house.ctx, evaluation.id, reason, by);
    const after = await stands();
    expect(after).toMatchObject({ state: 'overridden', override: { by, reason } });
    expect(after.hash).not.toBe(before.hash);
    expect(after.words).toContain(`and that was overridden: ${reason}`);
    const said = await card(house);
    expect(said).toContain(':warning: *Version 16 of churn-model does not pass, and was overridden*');
    expect(said).toContain(`*Overridden* by <@${by}>`);
    expect(said).toContain('[Promote] [Check again] [Change the gate]');
    expect((await house.heard('gate:'))[0]).toBe(
      `Version 16 of churn-model does not pass the gate of production, and <@${by}> overrode that: ${reason}`,
    );
  });

  it.for([
    ['ENGI', 'Only the owner of churn-model'],
    ['PROD', 'Only the owner of churn-model'],
    ['STRANGER', 'Only members of this workspace'],
  ] as const)('is not for %s', async ([by, words], { house }) => {
    const { evaluation } = await failed(house);
    await expect(override(house.ctx, evaluation.id, reason, by)).rejects.toThrow(words);
  });

  it('is for whoever is named to approve releases', async ({ house }) => {
    const { evaluation, teamId } = await failed(house);
    await assign(house.ctx, { teamId }, 'deploy.approve', ['ENGI'], 'LEAD');
    await override(house.ctx, evaluation.id, reason, 'ENGI');
  });

  it.for(['deactivated', 'guest', 'foreign', 'bot'] as const satisfies readonly Standing[])(
    'is not for an owner who is %s',
    async (standing, { house }) => {
      const { evaluation } = await failed(house);
      await house.standing('OLGA', standing);
      await expect(override(house.ctx, evaluation.id, reason, 'OLGA')).rejects.toThrow('decide');
    },
  );

  it('is not for a deputy who left the team', async ({ house }) => {
    const { evaluation, teamId } = await failed(house);
    await leaveTeam(house.ctx, teamId, 'DEPU', 'LEAD');
    await expect(override(house.ctx, evaluation.id, reason, 'DEPU')).rejects.toThrow('Only the owner');
  });

  it('is not for whoever released or trained the version', async ({ house }) => {
    const { model, check, evaluation } = await failed(house);
    await aliasMoved(house.ctx, { modelId: model.id, environment: 'staging', version: '16', who: 'OLGA', why: 'try' });
    await expect(override(house.ctx, evaluation.id, reason, 'OLGA')).rejects.toThrow('You released version 16');
    const { versionFacts } = house.registry;
    house.registry.versionFacts = async (target) => {
      const facts = await versionFacts(target);
      return facts && { ...facts, tags: { trained_by: 'DEPU' } };
    };
    const second = await check();
    await expect(override(house.ctx, second.id, reason, 'DEPU')).rejects.toThrow('You trained version 16');
    await override(house.ctx, second.id, reason, 'LEAD');
  });

  it('needs a reason', async ({ house }) => {
    const { evaluation } = await failed(house);
    await expect(override(house.ctx, evaluation.id, '  we have to              ', 'OLGA')).rejects.toThrow(
      'at least 20 characters',
    );
  });

  it('is for the newest result, once, while it holds', async ({ house }) => {
    const { model, check, evaluation, stands } = await failed(house);
    const second = await check();
    await expect(override(house.ctx, evaluation.id, reason, 'OLGA')).rejects.toThrow(
      'was checked again since (check 2)',
    );
    await override(house.ctx, second.id, reason, 'OLGA');
    await expect(override(house.ctx, second.id, reason, 'DEPU')).rejects.toThrow('was overridden already');
    // The same facts once more need no second word.
    await check();
    expect((await stands()).state).toBe('overridden');
    await saveGate(house.ctx, place(model), 'auc >= 0.95', 1, 'DEPU');
    expect((await stands()).state).toBe('void');
    const third = await check();
    expect(await stands()).toMatchObject({ state: 'failed' });
    await saveGate(house.ctx, place(model), 'auc >= 0.96', 2, 'DEPU');
    await expect(overridable(house.ctx, third.id, 'OLGA')).rejects.toThrow('out of date');
  });

  it('of what passes, or of a version that is not there, is refused', async ({ house }) => {
    const { check } = await failed(house);
    house.registry.facts.set('16', { auc: 0.99 });
    await expect(override(house.ctx, (await check()).id, reason, 'OLGA')).rejects.toThrow('nothing to override');
    house.registry.versionFacts = () => Promise.resolve(undefined);
    await expect(override(house.ctx, (await check()).id, reason, 'OLGA')).rejects.toThrow('There is no version 16');
  });

  it('is shown for ever: on the card after a pass, in the ledger, and to post-mortems', async ({ house }) => {
    const { model, check, evaluation } = await failed(house);
    const since = house.now();
    house.later(5);
    await override(house.ctx, evaluation.id, reason, 'OLGA');
    house.later(5);
    house.registry.facts.set('16', { auc: 0.99 });
    await check();
    expect(await card(house)).toContain('*Version 16 of churn-model passes*');
    expect(await card(house)).toContain(`*Overridden* (an earlier result) by <@OLGA>`);
    expect(await overridesOf(house.ctx, model.id, since)).toMatchObject([
      { number: 1, version: '16', by: 'OLGA', reason },
    ]);
    expect(await overridesOf(house.ctx, model.id, house.now())).toEqual([]);
    const lines = await linesOf(house.ctx.db, 'T1');
    expect(lines.find(({ what }) => what === 'gate.overridden')?.summary).toBe(
      `overrode the gate of production for version 16 (check 1): ${reason}`,
    );
  });
});

describe('a question', () => {
  const line = 'ask qa "Did you look at the worst cases?"';
  const [check] = parseChecks(line);
  const key = check ? keyOf(check) : '';

  it('is answered by whoever holds the role, and the version is checked again with it', async ({ house }) => {
    const { at, teamId, stands } = await failed(house, line);
    expect(await card(house)).toContain(':warning: Nobody of the team is QA.');
    await keepPerson(house.ctx, { id: 'QAAN', name: 'Quan', zone: 'UTC', standing: 'member' });
    await joinTeam(house.ctx, teamId, 'QAAN', ['qa']);
    await answer(house.ctx, at, key, { yes: false, note: 'Not yet' }, 'QAAN');
    expect(await card(house)).toContain('Asked of <@QAAN> (QA).');
    expect((await stands()).state).toBe('void');
    expect(await checkNext(house.ctx)).toBe(true);
    expect((await stands()).evaluation?.results[0]).toMatchObject({ outcome: 'fail', because: 'No: Not yet' });
    house.later(1);
    await answer(house.ctx, at, key, { yes: true, note: '' }, 'QAAN');
    await checkNext(house.ctx);
    expect((await stands()).evaluation).toMatchObject({ result: 'pass', results: [{ because: 'Yes' }] });
  });

  it('that two answer at the same instant hears the no', async ({ house }) => {
    const { at, teamId, check: again } = await failed(house, line);
    for (const id of ['ENGI', 'PROD', 'DEPU']) await joinTeam(house.ctx, teamId, id, ['qa']);
    const say = (yes: boolean, by: string) => answer(house.ctx, at, key, { yes, note: 'The worst cases' }, by);
    await say(true, 'ENGI');
    await say(false, 'PROD');
    await say(true, 'DEPU');
    expect((await again()).results[0]).toMatchObject({ outcome: 'fail', because: 'No: The worst cases' });
  });

  it('is not for others, and not for guests', async ({ house }) => {
    const { at, teamId } = await failed(house, line);
    await expect(questionFor(house.ctx, at, key, 'OLGA')).rejects.toThrow('This question is for the role QA');
    await joinTeam(house.ctx, teamId, 'ENGI', ['qa']);
    await questionFor(house.ctx, at, key, 'ENGI');
    await house.standing('ENGI', 'guest');
    await expect(answer(house.ctx, at, key, { yes: true, note: '' }, 'ENGI')).rejects.toThrow('Guests read along');
    await expect(questionFor(house.ctx, at, key, 'STRANGER')).rejects.toThrow('Only members of this workspace');
  });

  it('may be answered by whoever is named to check the quality', async ({ house }) => {
    const { at, teamId } = await failed(house, line);
    await assign(house.ctx, { teamId }, 'validate.gate', ['ENGI'], 'LEAD');
    await answer(house.ctx, at, key, { yes: true, note: '' }, 'ENGI');
  });

  it('after a no says what is in the way, and is not answered once it is no longer asked', async ({ house }) => {
    const { at, teamId, model } = await failed(house, line);
    await joinTeam(house.ctx, teamId, 'ENGI', ['qa']);
    await expect(answer(house.ctx, at, key, { yes: false, note: ' ' }, 'ENGI')).rejects.toThrow('what is in the way');
    await saveGate(house.ctx, place(model), 'auc >= 0.8', 1, 'OLGA');
    await expect(questionFor(house.ctx, at, key, 'ENGI')).rejects.toThrow('no longer asked');
  });
});

describe('writing the gate', () => {
  it('tells the channel what is asked from now on, and what no longer is', async ({ house }) => {
    const { model } = await failed(house);
    await saveGate(house.ctx, place(model), 'auc >= 0.9\ndrift at most 30%', 1, 'DEPU');
    expect((await house.said('gate-wording')).at(-1)).toContain(
      '<@DEPU> changed the gate of *churn-model* in production.\n*Asked from now on*\n• auc &gt;= 0.9\n• drift at most 30%\n*No longer asked*\n• auc &gt;= 0.8, at most 0 worse',
    );
  });

  it('the same once more changes nothing; of two writers the later is told', async ({ house }) => {
    const { model } = await failed(house);
    await saveGate(house.ctx, place(model), 'auc >= 0.80, no worse', 1, 'DEPU');
    expect(await gateOf(house.ctx, model.id, 'production')).toMatchObject({ revision: 1, changedBy: 'OLGA' });
    await saveGate(house.ctx, place(model), 'auc >= 0.9', 1, 'DEPU');
    await expect(saveGate(house.ctx, place(model), 'auc >= 0.7', 1, 'OLGA')).rejects.toThrow('it is wording 2 now');
    await expect(saveGate(house.ctx, place(model), 'auc >= 0.7', undefined, 'OLGA')).rejects.toThrow(
      'it is wording 2 now',
    );
  });

  it.for([
    ['auc > 0.8', 'Line 1: I do not understand'],
    ['soak moon 24 h', 'churn-model does not run in "moon", but in production'],
  ] as const)('%s is refused', async ([text, words], { house }) => {
    const { model } = await failed(house);
    await expect(saveGate(house.ctx, place(model), text, 1, 'OLGA')).rejects.toThrow(words);
  });

  it('is for the people of the team, and where the model runs', async ({ house }) => {
    const { model, teamId } = await failed(house);
    await expect(saveGate(house.ctx, place(model), 'auc >= 0', 1, 'STRANGER')).rejects.toThrow('Only members');
    await keepPerson(house.ctx, { id: 'STAK', name: 'Stan', zone: 'UTC', standing: 'member' });
    await expect(saveGate(house.ctx, place(model), 'auc >= 0', 1, 'STAK')).rejects.toThrow(
      'Only the people of its team',
    );
    await joinTeam(house.ctx, teamId, 'STAK', ['stk']);
    await expect(saveGate(house.ctx, place(model), 'auc >= 0', 1, 'STAK')).rejects.toThrow(
      'Only the people of its team',
    );
    const elsewhere = { modelId: model.id, environment: 'moon' };
    await expect(saveGate(house.ctx, elsewhere, 'auc >= 0', undefined, 'OLGA')).rejects.toThrow(
      'does not run in "moon"',
    );
  });

  it('begins with what is known of the model', () => {
    const known = { metrics: ['log_loss', 'roc_auc', 'training_auc', 'rows', 'f1 score', '"odd" auc'], hasDrift: true };
    expect(suggested({ ...known, roles: new Set(['ds', 'qa']) })).toBe(
      'log_loss, lower is better, at most 1% worse\nroc_auc, higher is better, at most 1% worse\n"f1 score", higher is better, at most 1% worse\ndrift at most 30%\nask qa "Did you look at how it does on the slices that matter?"',
    );
    expect(suggested({ metrics: [], hasDrift: false, roles: new Set() })).toBe(
      'ask owner "Did you look at how it does on the slices that matter?"',
    );
  });
});

describe('evidence from machines', () => {
  const piece = { model: 'churn-model', version: 15, kind: 'metric', name: 'auc', value: 0.9 };

  it.for<[string, object, string]>([
    ['of a model that nobody registered', { model: 'x' }, 'model: no model is registered under the name "x"'],
    ['of a name that no database keeps', { name: 'a\0b' }, 'name: holds the character'],
    ['of a slice that no database keeps', { slice: 'a\0b' }, 'slice: '],
    ['of a model that no database keeps', { model: 'a\0b' }, 'model: holds the character'],
    ['of the year 0', { at: '0000-01-01T00:00:00Z' }, 'at: lies too far back'],
    ['of the year 0 by its zone', { at: '0001-01-01T00:00:00+14:00' }, 'at: lies too far back'],
    ['of the future', { at: '2026-03-02T09:06:00Z' }, 'at: lies in the future'],
    ['without a number', { value: undefined }, 'value: must be a number'],
    ['that is no number', { value: 'NaN' }, 'value: '],
    ['that is null, as NaN is sent', { value: null }, 'value: '],
    ['of an unknown kind', { kind: 'feeling' }, 'kind: '],
    ['without a version', { version: undefined }, 'version: '],
    ['of nowhere', { environment: 'moon' }, 'environment: churn-model runs in production'],
    ['without a status', { kind: 'external', name: 'ci' }, 'status: is missing'],
    [
      'with a status nobody knows',
      { kind: 'external', status: 'meh' },
      'status: say passed, failed or running, not "meh"',
    ],
    ['of serving by another name', { kind: 'infra', name: 'p99' }, 'name: is one of loaded'],
    ['of serving beyond all', { kind: 'infra', name: 'error_rate', value: 3 }, 'value: is a share'],
    ['that loads half', { kind: 'infra', name: 'loaded', value: 0.5 }, 'value: is true or false'],
    ['at no time', { at: 'yesterday' }, 'at: Write it like'],
    ['with a link to nowhere', { url: 'javascript:alert(1)' }, 'url: '],
  ])('%s is rejected by its field, and the others are kept', async ([, more, reason], { house }) => {
    await house.team();
    const result = await takeEvidence(house.ctx, [
      { ...piece, name: 'f1' },
      { ...piece, ...more },
    ]);
    expect(result).toMatchObject({ accepted: 1, rejected: [{ index: 1, reason: expect.stringContaining(reason) }] });
  });

  it('the same twice is one; another number for the same instant is rejected', async ({ house }) => {
    await house.team();
    const at = house.now().toISOString();
    const dated = { ...piece, at };
    expect(await takeEvidence(house.ctx, [dated, dated])).toEqual({ accepted: 2, rejected: [] });
    expect(
      await takeEvidence(house.ctx, [dated, { ...dated, value: 0.8 }, { ...dated, slice: 'DE', value: 0.8 }]),
    ).toEqual({
      accepted: 2,
      rejected: [{ index: 1, reason: 'at: something else is kept for this instant already' }],
    });
  });

  it('statuses are understood as tools say them', async ({ house }) => {
    await house.team();
    const ci = (status: string) => ({ ...piece, kind: 'external', name: status, status, value: undefined });
    const words = ['SUCCESS', 'failure', 'in_progress', 'ok', 'cancelled'];
    expect((await takeEvidence(house.ctx, words.map(ci))).rejected).toEqual([]);
  });

  it('for one environment does not count in another', async ({ house }) => {
    const { model } = await failed(house);
    await house.ctx.db
      .update(models)
      .set({ environments: ['production', 'staging'] })
      .where(eq(models.id, model.id));
    const staging = { modelId: model.id, environment: 'staging' };
    await saveGate(house.ctx, staging, 'serving loads', undefined, 'OLGA');
    await saveGate(house.ctx, place(model), 'serving loads', 1, 'OLGA');
    const loaded = { ...piece, kind: 'infra', name: 'loaded', value: true, environment: 'staging' };
    await takeEvidence(house.ctx, [loaded]);
    const result = async (of: object) =>
      (await evaluate(house.ctx, { ...place(model), ...of, version: '15' }, 'ENGI')).result;
    expect([await result({}), await result(staging)]).toEqual(['fail', 'pass']);
  });

  it('1,000 at once are kept and judged', async ({ house }) => {
    const { model, at } = await failed(house);
    const items = Array.from({ length: 1000 }, (_, i) => ({
      ...piece,
      version: String(1000 + (i % 40)),
      name: `m${i}`,
    }));
    expect(await takeEvidence(house.ctx, items)).toEqual({ accepted: 1000, rejected: [] });
    expect(await takeEvidence(house.ctx, items)).toEqual({ accepted: 1000, rejected: [] });
    await saveGate(house.ctx, place(model), 'm999 >= 0.9', 1, 'OLGA');
    expect((await evaluate(house.ctx, { ...at, version: '1039' }, 'ENGI')).result).toBe('pass');
  });
});
