import { describe, expect } from 'vitest';
import { endUnanswered, leaveAfterChannel, leftChannel, stayInTeam } from '../../../src/features/teams/changes.ts';
import { membersOf, teamById } from '../../../src/features/teams/queries.ts';
import { absencesOf } from '../../../src/features/teams/away/queries.ts';
import { cancelAway, endAway, setAway } from '../../../src/features/teams/away/changes.ts';
import { createTeam, editTeam, joinTeam, keepPerson, leaveTeam, mayEdit } from '../../../src/features/teams/store.ts';
import { type House, it } from '../../support/house.ts';

const idsIn = async (house: House, teamId: string) => (await membersOf(house.ctx, teamId)).map((each) => each.personId);
const input = { name: 'Fraud', channel: 'C2', leadId: 'ENGI', zone: 'UTC' };
const hours = { hoursFrom: '09:00', hoursTo: '17:00', workdays: [1, 2, 3, 4, 5] };

describe('a team', () => {
  it.for(['guest', 'foreign', 'bot', 'deactivated'] as const)(
    'is made by members only, and led by one: not by a %s account',
    async (standing, { house }) => {
      await house.team();
      await house.standing('ENGI', standing);
      await expect(house.visit((ctx) => createTeam(ctx, { ...input, leadId: 'OLGA' }, 'ENGI'))).rejects.toThrow(
        'Only active members',
      );
      await expect(house.visit((ctx) => createTeam(ctx, input, 'OLGA'))).rejects.toMatchObject({ field: 'leadId' });
    },
  );

  it('has one name, in whatever case', async ({ house }) => {
    const { teamId } = await house.team();
    await expect(house.visit((ctx) => createTeam(ctx, { ...input, name: ' RETENTION ' }, 'OLGA'))).rejects.toThrow(
      'already a team named',
    );
    const other = await house.visit((ctx) => createTeam(ctx, input, 'ENGI'));
    await expect(
      house.visit((ctx) => editTeam(ctx, teamId, 1, { ...input, ...hours, name: 'fraud' }, 'LEAD')),
    ).rejects.toMatchObject({ field: 'name' });
    expect(other.name).toBe('Fraud');
  });

  it('edited by two at once: the later one is not saved, and can decide', async ({ house }) => {
    const { teamId } = await house.team();
    const edit = (revision: number, channel: string) =>
      house.visit((ctx) =>
        editTeam(ctx, teamId, revision, { ...input, ...hours, name: 'Retention', channel, leadId: 'LEAD' }, 'LEAD'),
      );
    expect(await edit(1, 'C8')).toMatchObject({ channel: 'C8', revision: 2 });
    expect(await edit(1, 'C9')).toBeUndefined();
    expect(await edit(2, 'C9')).toMatchObject({ channel: 'C9', revision: 3 });
  });

  it('takes its new lead in, whose roles stay if they are in already', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'PROD', 'LEAD'));
    const lead = (leadId: string, revision: number, by: string) =>
      house.visit((ctx) => editTeam(ctx, teamId, revision, { ...input, ...hours, leadId }, by));
    await lead('PROD', 1, 'LEAD');
    expect(await idsIn(house, teamId)).toContain('PROD');
    await expect(lead('OLGA', 2, 'OLGA')).rejects.toThrow('Only Pia Roth hands on the lead of');
    await lead('OLGA', 2, 'PROD');
    expect((await membersOf(house.ctx, teamId)).find((each) => each.personId === 'OLGA')?.roles).toEqual(['ds']);
  });

  it('is changed by its people; by whoever comes only when nobody who counts is left', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => keepPerson(ctx, { id: 'NEWB', name: 'New', zone: 'UTC', standing: 'member' }));
    const mayNew = () => house.visit((ctx) => mayEdit(ctx, teamId, 'NEWB'));
    for (const id of ['OLGA', 'DEPU', 'ENGI', 'PROD']) await house.visit((ctx) => leaveTeam(ctx, teamId, id, 'LEAD'));
    await expect(mayNew()).rejects.toThrow('Only the people of Retention');
    await house.standing('LEAD', 'deactivated');
    await expect(mayNew()).resolves.toBeUndefined();
  });

  it('is not left by its lead before another one is chosen', async ({ house }) => {
    const { teamId } = await house.team();
    await expect(house.visit((ctx) => leaveTeam(ctx, teamId, 'LEAD', 'LEAD'))).rejects.toThrow('Choose another lead');
    await expect(house.visit((ctx) => leaveTeam(ctx, teamId, 'LEAD', 'OLGA'))).rejects.toThrow('Choose another lead');
  });
});

describe('who leaves the channel', () => {
  const leave = async (house: House, id = 'ENGI') => {
    const { teamId } = await house.team();
    const team = await teamById(house.ctx, teamId);
    await house.visit((ctx) => leftChannel(ctx, team, id));
    return team;
  };

  it('is asked, and is in the team until they answer', async ({ house }) => {
    const team = await leave(house);
    expect(await house.said('left-channel')).toEqual([expect.stringContaining('[I am still in the team]')]);
    expect(await idsIn(house, team.id)).toContain('ENGI');
    expect(await house.visit((ctx) => stayInTeam(ctx, team, 'ENGI'))).toBe(true);
    expect(await house.said('left-channel')).toEqual([expect.stringContaining('stay in team')]);
    expect(await house.visit((ctx) => leaveAfterChannel(ctx, team, 'ENGI', 'ENGI'))).toBe(false);
  });

  it('leaves the team when nobody answers for a working day', async ({ house }) => {
    const team = await leave(house);
    house.later(24 * 60 - 1);
    expect(await house.visit(endUnanswered)).toBe(false);
    house.later(1);
    expect(await house.visit(endUnanswered)).toBe(true);
    expect(await idsIn(house, team.id)).not.toContain('ENGI');
    expect(await house.said('left-channel')).toEqual([expect.stringContaining('no longer in team')]);
    expect(await house.visit(endUnanswered)).toBe(false);
  });

  it('was taken out meanwhile: an old button changes nothing', async ({ house }) => {
    const team = await leave(house);
    await house.visit((ctx) => leaveTeam(ctx, team.id, 'ENGI', 'LEAD'));
    expect(await house.visit((ctx) => stayInTeam(ctx, team, 'ENGI'))).toBe(false);
    expect(await idsIn(house, team.id)).not.toContain('ENGI');
  });

  it('became the lead meanwhile, and so stays', async ({ house }) => {
    const team = await leave(house);
    await house.visit((ctx) => editTeam(ctx, team.id, 1, { ...team, leadId: 'ENGI' }, 'LEAD'));
    house.later(48 * 60);
    expect(await house.visit(endUnanswered)).toBe(true);
    expect(await idsIn(house, team.id)).toContain('ENGI');
  });

  it('and is in no team hears nothing', async ({ house }) => {
    await leave(house, 'NOBODY');
    expect(await house.said('left-channel')).toEqual([]);
  });
});

describe('days away', () => {
  const days = async (house: House) =>
    (await absencesOf(house.ctx, ['OLGA'], '2026-01-01', '2026-12-31')).map(({ from, until }) => [from, until]);

  it('end yesterday for who is back today, and later ones stay', async ({ house }) => {
    await house.team();
    await house.visit((ctx) => setAway(ctx, 'OLGA', '2026-03-01', '2026-03-05', ''));
    await house.visit((ctx) => setAway(ctx, 'OLGA', '2026-07-01', '2026-07-05', ''));
    expect(await house.visit((ctx) => endAway(ctx, 'OLGA'))).toBe(true);
    expect(await days(house)).toEqual([
      ['2026-03-01', '2026-03-01'],
      ['2026-07-01', '2026-07-05'],
    ]);
    expect(await house.visit((ctx) => endAway(ctx, 'OLGA'))).toBe(false);
    await house.visit((ctx) => cancelAway(ctx, 'OLGA', '2026-07-01'));
    expect(await days(house)).toHaveLength(1);
  });

  it('that began today are gone for who is back today; only their own are taken back', async ({ house }) => {
    await house.team();
    await house.visit((ctx) => setAway(ctx, 'OLGA', '2026-03-02', '2026-03-05', ''));
    await expect(house.visit((ctx) => cancelAway(ctx, 'DEPU', '2026-03-02'))).rejects.toThrow('no days away');
    await expect(house.visit((ctx) => cancelAway(ctx, 'OLGA', '2nd of March'))).rejects.toMatchObject({
      field: 'from',
    });
    expect(await house.visit((ctx) => endAway(ctx, 'OLGA'))).toBe(true);
    expect(await days(house)).toEqual([]);
  });
});

it('somebody who joins again after leaving holds only the roles given then', async ({ house }) => {
  const { teamId } = await house.team();
  await house.visit((ctx) => leaveTeam(ctx, teamId, 'OLGA', 'LEAD'));
  await house.visit((ctx) => joinTeam(ctx, teamId, 'OLGA', ['qa', 'mon'], 'LEAD'));
  expect((await membersOf(house.ctx, teamId)).find((each) => each.personId === 'OLGA')?.roles).toEqual(['qa', 'mon']);
});
