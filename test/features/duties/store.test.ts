import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { acceptGap, assign, changeCell, confirm, unassign } from '../../../src/features/duties/changes.ts';
import { type Cell, type DutyId, standardOf } from '../../../src/features/duties/matrix.ts';
import { coverageOf, coverageOfTeams } from '../../../src/features/duties/gaps/queries.ts';
import { onDuty, teamMatrix } from '../../../src/features/duties/queries.ts';
import { tellLeads } from '../../../src/features/duties/store.ts';
import { registerModel } from '../../../src/features/models/store.ts';
import { people, teams } from '../../../src/features/teams/schema.ts';
import { createTeam, joinTeam, keepPerson, leaveTeam } from '../../../src/features/teams/store.ts';
import { setAway } from '../../../src/features/teams/away/changes.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { messages } from '../../../src/messages/schema.ts';
import { askFor, press } from '../../support/asking.ts';
import { type House, it } from '../../support/house.ts';

async function gapsOf(house: House, teamId: string): Promise<string[]> {
  const found = await coverageOf(house.ctx, teamId);
  return (found?.gaps ?? []).map(({ duty, kind, accepted }) => `${duty}: ${kind}${accepted ? ' (accepted)' : ''}`);
}
const ofDuty = async (house: House, teamId: string, duty: DutyId) =>
  (await gapsOf(house, teamId)).filter((each) => each.startsWith(`${duty}:`));
const ledgerOf = async (house: House) =>
  (await linesOf(house.ctx.db, 'T1'))
    .filter(({ what }) => what.startsWith('duty.'))
    .map(({ who, summary }) => `${who} ${summary}`);

describe('what a team lacks', () => {
  it('is read from people, roles and cards: no tester, no data engineer, nobody who monitors', async ({ house }) => {
    const { teamId } = await house.team();
    const gaps = await gapsOf(house, teamId);
    expect(gaps.filter((each) => each.endsWith('none')).toSorted()).toEqual([
      'data.freshness: none',
      'data.pipeline: none',
      'data.privacy: none',
      'data.schema: none',
      'monitor.quality: none',
      'monitor.skew: none',
      'monitor.staleness: none',
      'postmortem.facilitate: none',
      'retrain.trigger: none',
      'validate.independent: none',
      'validate.pipeline: none',
    ]);
    expect(gaps).not.toContain('gov.owner: single');
    expect(gaps.filter((each) => /^(gov.deputy|rollback.approve|oncall|incident.lead)/.test(each))).toEqual([]);
  });

  it('follows who is there: away, deactivated, gone', async ({ house }) => {
    const { teamId } = await house.team();
    await setAway(house.ctx, 'ENGI', '2026-03-02', '2026-03-20', '');
    expect(await ofDuty(house, teamId, 'rollback.path')).toEqual(['rollback.path: inactive']);
    await house.standing('PROD', 'deactivated');
    expect(await ofDuty(house, teamId, 'comms.digest')).toEqual(['comms.digest: none']);
    await leaveTeam(house.ctx, teamId, 'OLGA', 'LEAD');
    expect(await ofDuty(house, teamId, 'gov.owner')).toEqual(['gov.owner: inactive']);
  });

  it('is read for many teams in as many reads as for one', async ({ house }) => {
    const { teamId } = await house.team();
    const other = await createTeam(house.ctx, { name: 'Fraud', channel: 'C2', leadId: 'LEAD', zone: 'UTC' }, 'LEAD');
    const both = await coverageOfTeams(house.ctx, [other.id, teamId]);
    expect(both.map(({ team, models, gaps }) => [team.name, models.length, gaps.length > 0])).toEqual([
      ['Fraud', 0, false],
      ['Retention', 1, true],
    ]);
  });

  it('of another workspace is nobody’s business here', async ({ house }) => {
    const { teamId } = await house.team();
    expect(await coverageOf(house.elsewhere('T2'), teamId)).toBeUndefined();
    await expect(assign(house.elsewhere('T2'), { teamId }, 'oncall', ['ENGI'], 'LEAD')).rejects.toThrow('team is gone');
  });
});

describe('naming somebody', () => {
  it('who may approve is said by the lead, and by the owner for one model: nobody makes themselves an approver', async ({
    house,
  }) => {
    const { teamId, model } = await house.team();
    const named = (by: string, modelId?: string) =>
      assign(house.ctx, { teamId, ...(modelId && { modelId }) }, 'rollback.approve', ['ENGI'], by);
    await expect(named('ENGI')).rejects.toThrow('only the lead may say who approves');
    await expect(named('OLGA')).rejects.toThrow('only the lead may say who approves');
    await expect(named('ENGI', model.id)).rejects.toThrow('only the lead and the owner of the model may say');
    await named('OLGA', model.id);
    await named('LEAD');
  });

  it('closes the gap, on one model or on all, and is in the ledger', async ({ house }) => {
    const { teamId, model } = await house.team();
    await assign(house.ctx, { teamId }, 'data.schema', ['ENGI', 'DEPU'], 'LEAD');
    await assign(house.ctx, { teamId, modelId: model.id }, 'data.pipeline', ['ENGI'], 'LEAD');
    expect(await ofDuty(house, teamId, 'data.schema')).toEqual([]);
    expect(await ofDuty(house, teamId, 'data.pipeline')).toEqual(['data.pipeline: single']);
    expect(await ledgerOf(house)).toEqual([
      'LEAD named Enzo Gil to keep the schema of the features, for all models of Retention',
      'LEAD named Dewi Putri to keep the schema of the features, for all models of Retention',
      'LEAD named Enzo Gil to look after the input pipelines and their tests, for churn-model',
    ]);
  });

  it('taken back, the level above counts again', async ({ house }) => {
    const { teamId, model } = await house.team();
    const onModel = { teamId, modelId: model.id };
    await assign(house.ctx, { teamId }, 'data.schema', ['ENGI', 'DEPU'], 'LEAD');
    await assign(house.ctx, onModel, 'data.schema', ['PROD'], 'LEAD');
    expect(await ofDuty(house, teamId, 'data.schema')).toEqual(['data.schema: single']);
    await unassign(house.ctx, onModel, 'data.schema', 'PROD', 'LEAD');
    expect(await ofDuty(house, teamId, 'data.schema')).toEqual([]);
    await expect(unassign(house.ctx, onModel, 'data.schema', 'PROD', 'LEAD')).rejects.toThrow('is not named');
  });

  it.for([
    ['nobody', [], 'Choose at least one person'],
    ['somebody who is not in the team', ['STRA'], 'Take them in first'],
    ['an app', ['BOTT'], 'Roles are held by people'],
  ] as const)('%s is refused', async ([, whom, words], { house }) => {
    const { teamId } = await house.team();
    await keepPerson(house.ctx, { id: 'STRA', name: 'Stranger', zone: 'UTC', standing: 'member' });
    await keepPerson(house.ctx, { id: 'BOTT', name: 'Robot', zone: 'UTC', standing: 'bot' });
    await expect(assign(house.ctx, { teamId }, 'oncall', whom, 'LEAD')).rejects.toThrow(words);
  });

  it('is for the people of the team; owners are named on the model; a model of another team is refused', async ({
    house,
  }) => {
    const { teamId } = await house.team();
    await keepPerson(house.ctx, { id: 'STRA', name: 'Stranger', zone: 'UTC', standing: 'member' });
    await expect(assign(house.ctx, { teamId }, 'oncall', ['ENGI'], 'STRA')).rejects.toThrow(
      'Only the people of Retention',
    );
    await expect(assign(house.ctx, { teamId }, 'gov.owner', ['ENGI'], 'LEAD')).rejects.toThrow('on the model itself');
    const other = await createTeam(house.ctx, { name: 'Fraud', channel: 'C2', leadId: 'LEAD', zone: 'UTC' }, 'LEAD');
    await joinTeam(house.ctx, other.id, 'LEAD', []);
    const theirs = await registerModel(
      house.ctx,
      {
        name: 'fraud',
        teamId: other.id,
        ownerId: 'LEAD',
        deputyId: null,
        channel: 'C2',
        tier: 2,
        registryName: 'fraud',
      },
      'LEAD',
    );
    await expect(assign(house.ctx, { teamId, modelId: theirs.id }, 'oncall', ['ENGI'], 'ENGI')).rejects.toThrow(
      'with another team',
    );
  });

  it('is stale after 90 days, until somebody confirms it or names them again', async ({ house }) => {
    const { teamId, model } = await house.team();
    await assign(house.ctx, { teamId }, 'oncall', ['ENGI', 'DEPU'], 'LEAD');
    house.later(91 * 24 * 60);
    expect(await ofDuty(house, teamId, 'oncall')).toEqual(['oncall: stale']);
    await confirm(house.ctx, { teamId }, 'oncall', 'DEPU');
    expect(await ofDuty(house, teamId, 'oncall')).toEqual([]);
    await expect(confirm(house.ctx, { teamId, modelId: model.id }, 'oncall', 'DEPU')).rejects.toThrow(
      'Nobody is named',
    );
  });
});

describe('accepting a gap', () => {
  const until = { kind: 'none', until: '2026-04-01', reason: 'the new tester starts in April' } as const;

  it('keeps it out of what is open until its last day is over', async ({ house }) => {
    const { teamId, model } = await house.team();
    const on = { teamId, modelId: model.id };
    expect(await acceptGap(house.ctx, on, { duties: ['validate.pipeline'], ...until }, 'LEAD')).toBe(1);
    expect(await ofDuty(house, teamId, 'validate.pipeline')).toEqual(['validate.pipeline: none (accepted)']);
    house.later(30 * 24 * 60);
    expect(await ofDuty(house, teamId, 'validate.pipeline')).toEqual(['validate.pipeline: none (accepted)']);
    house.later(24 * 60);
    expect(await ofDuty(house, teamId, 'validate.pipeline')).toEqual(['validate.pipeline: none']);
    expect((await ledgerOf(house)).join()).toContain('the new tester starts in April');
  });

  it.for([
    ['a gap that is closed', { duties: ['oncall'] }, 'closed already'],
    ['until yesterday', { until: '2026-03-01' }, 'over already'],
    ['for good', { until: '2036-01-01' }, 'within the next 180 days'],
  ] as const)('%s is refused', async ([, change, words], { house }) => {
    const { teamId } = await house.team();
    const accepted = { duties: ['validate.pipeline'] as const, ...until, ...change };
    await expect(acceptGap(house.ctx, { teamId }, accepted, 'LEAD')).rejects.toThrow(words);
  });
});

describe('the matrix of a team', () => {
  const cellOf = async (house: House, teamId: string, duty: DutyId) =>
    (await teamMatrix(house.ctx, teamId)).find(({ cell }) => cell.id === duty);
  const schema: Cell = { ...standardOf('data.schema'), responsible: ['mle'] };

  it('is the standard, with what the team changed; coverage follows at once', async ({ house }) => {
    const { teamId } = await house.team();
    expect(await changeCell(house.ctx, teamId, 'data.schema', 0, schema, 'DEPU')).toBe(true);
    expect(await cellOf(house, teamId, 'data.schema')).toMatchObject({
      revision: 1,
      changedBy: 'DEPU',
      cell: { responsible: ['mle'], accountable: 'de' },
    });
    expect(await ofDuty(house, teamId, 'data.schema')).toEqual([]);
    expect(await ledgerOf(house)).toEqual([
      'DEPU changed in the matrix: Expectations on features are written as a schema',
    ]);
  });

  it('of two who write at once, the later one is told', async ({ house }) => {
    const { teamId } = await house.team();
    expect(await changeCell(house.ctx, teamId, 'data.schema', 0, schema, 'DEPU')).toBe(true);
    expect(await changeCell(house.ctx, teamId, 'data.schema', 0, { ...schema, responsible: ['ds'] }, 'LEAD')).toBe(
      false,
    );
    expect(await changeCell(house.ctx, teamId, 'data.schema', 1, { ...schema, responsible: ['ds'] }, 'LEAD')).toBe(
      true,
    );
    expect(await changeCell(house.ctx, teamId, 'data.schema', 1, schema, 'DEPU')).toBe(false);
    expect(await cellOf(house, teamId, 'data.schema')).toMatchObject({ revision: 2, cell: { responsible: ['ds'] } });
  });
});

describe('the weekly word to the lead', () => {
  const atHour = async (house: House, hoursFrom: string, zone = 'UTC') =>
    await house.ctx.db.update(teams).set({ hoursFrom, zone }).where(eq(teams.workspace, 'T1'));

  it('comes in working hours, once a week, to the lead alone', async ({ house }) => {
    await house.team();
    await atHour(house, '10:00');
    await tellLeads(house.ctx);
    expect(await house.said('coverage')).toEqual([]);
    house.later(61);
    await tellLeads(house.ctx);
    await tellLeads(house.ctx);
    const [message, ...more] = await house.said('coverage');
    expect(more).toEqual([]);
    expect(message).toContain('*What Retention lacks this week*');
    expect(message).toContain(
      ':red_circle: *Not held:* nobody is named to do this, and nobody has the role Data engineer (churn-model).\n• look after',
    );
    expect(message).toContain('[Assign] [Accept this gap until …]');
    expect((await house.heard('coverage'))[0]).toMatch(
      /^Retention lacks \d+ things\. The most pressing: nobody is named to look after the input pipelines and their tests, and 3 more duties/,
    );
    expect(await house.ctx.db.select({ to: messages.channel }).from(messages)).toEqual([{ to: 'LEAD' }]);
    house.later(6 * 24 * 60);
    await tellLeads(house.ctx);
    expect(await house.said('coverage')).toHaveLength(1);
    house.later(24 * 60);
    await tellLeads(house.ctx);
    expect(await house.said('coverage')).toHaveLength(2);
  });

  it('follows what is done about it', async ({ house }) => {
    const { teamId } = await house.team();
    await tellLeads(house.ctx);
    expect((await house.said('coverage'))[0]).toContain('keep the schema of the features');
    await assign(house.ctx, { teamId }, 'data.schema', ['ENGI', 'DEPU'], 'LEAD');
    expect((await house.said('coverage'))[0]).not.toContain('keep the schema of the features');
    expect(await house.said('coverage')).toHaveLength(1);
  });

  it('is left out when nothing is lacking', async ({ house }) => {
    await house.team();
    const quiet = await createTeam(house.ctx, { name: 'Quiet', channel: 'C9', leadId: 'LEAD', zone: 'UTC' }, 'LEAD');
    await tellLeads(house.ctx);
    expect(await house.said(`coverage:${quiet.id}`)).toEqual([]);
  });
});

describe('read by others', () => {
  it('who is on duty: available holders of the duty, those awake apart', async ({ house }) => {
    const { teamId, model } = await house.team();
    await house.ctx.db.update(people).set({ zone: 'Pacific/Auckland' }).where(eq(people.id, 'ENGI'));
    await assign(house.ctx, { teamId, modelId: model.id }, 'oncall', ['ENGI'], 'LEAD');
    house.later(1);
    await assign(house.ctx, { teamId, modelId: model.id }, 'oncall', ['DEPU'], 'LEAD');
    const at = new Date('2026-03-02T15:00:00Z');
    expect(await onDuty(house.ctx, model, at)).toMatchObject({ awake: ['DEPU'], asleep: ['ENGI'] });
    await house.standing('DEPU', 'deactivated');
    expect(await onDuty(house.ctx, model, at)).toMatchObject({ awake: [], asleep: ['ENGI'] });
  });

  it('who may approve a rollback: owner, deputy, lead, and whoever is named', async ({ house }) => {
    const { teamId, model } = await house.team();
    await assign(house.ctx, { teamId }, 'rollback.approve', ['PROD'], 'LEAD');
    const { approvers } = await onDuty(house.ctx, model, house.now());
    expect(approvers).toEqual(['OLGA', 'DEPU', 'LEAD', 'PROD']);
  });

  const ask = { fromVersion: '14', toVersion: '13', reason: 'amount keeps drifting since Monday' };

  it('whoever is named to approve rollbacks approves one', async ({ house }) => {
    const { teamId, model } = await house.team();
    await assign(house.ctx, { teamId, modelId: model.id }, 'rollback.approve', ['PROD'], 'LEAD');
    const rollback = await askFor(house.ctx, { modelId: model.id, ...ask }, 'ENGI');
    expect((await house.said('rollback'))[0]).toContain('<@OLGA> or <@DEPU> or <@LEAD> or <@PROD>');
    await press(house.ctx, rollback.id, 'PROD');
    expect((await press(house.ctx, rollback.id, 'OLGA')).state).toBe('approved');
  });

  it('a team that keeps releasing and approving apart: who released the live version does not approve', async ({
    house,
  }) => {
    const { teamId, model } = await house.team();
    const apart = { ...standardOf('rollback.approve'), mustDifferFrom: ['deploy.release'] };
    await changeCell(house.ctx, teamId, 'rollback.approve', 0, apart, 'LEAD');
    const move = { modelId: model.id, environment: 'production', version: '15', who: 'DEPU', why: 'release' };
    house.later(5);
    await aliasMoved(house.ctx, move);
    const rollback = await askFor(house.ctx, { modelId: model.id, ...ask, fromVersion: '15' }, 'ENGI');
    await expect(press(house.ctx, rollback.id, 'DEPU')).rejects.toThrow('Your team keeps two duties apart');
    await press(house.ctx, rollback.id, 'OLGA');
    expect((await press(house.ctx, rollback.id, 'LEAD')).state).toBe('approved');
  });
});
