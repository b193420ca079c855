import { describe, expect } from 'vitest';
import { closingDaysOf, holidaysOf } from '../../../src/features/calendars/queries.ts';
import { closeTeam, confirmForPerson, confirmForTeam, openTeam } from '../../../src/features/calendars/store.ts';
import { coverageOf } from '../../../src/features/duties/gaps/queries.ts';
import { holdersOf } from '../../../src/features/duties/queries.ts';
import { todayOf } from '../../../src/features/home/today/queries.ts';
import { absencesOf, awayInTeams, peopleAway } from '../../../src/features/teams/away/queries.ts';
import { createTeam, keepPerson } from '../../../src/features/teams/store.ts';
import { endAway, setAway } from '../../../src/features/teams/away/changes.ts';
import { linesAbout } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';

const berlin = { code: 'DE-BE', name: 'Berlin, Germany', year: 2026 };
const women = { date: '2026-03-08', name: "International Women's Day" };
const friday = { date: '2026-04-03', name: 'Good Friday' };
const easter = { date: '2026-04-06', name: 'Easter Monday' };
const break_ = { from: '2026-12-24', until: '2026-12-27', name: 'Winter break' };

const closed = async (house: House, teamId: string, from = '2026-01-01', until = '2027-12-31') =>
  (await closingDaysOf(house.ctx, [teamId], from, until)).get(teamId) ?? [];

describe('closing days of a team', () => {
  it('are read by date, cut to the days asked about, and named once', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => closeTeam(ctx, teamId, break_, 'LEAD'));
    await house.visit((ctx) =>
      closeTeam(ctx, teamId, { from: '2026-12-25', until: '2026-12-25', name: 'Christmas Day' }, 'ENGI'),
    );
    expect(await closed(house, teamId, '2026-12-25', '2026-12-26')).toEqual([
      { date: '2026-12-25', name: 'Winter break, Christmas Day' },
      { date: '2026-12-26', name: 'Winter break' },
    ]);
    expect(await closed(house, teamId, '2026-12-28', '2027-12-31')).toEqual([]);
    expect((await closingDaysOf(house.ctx, [teamId], '2027-01-01', '2027-12-31')).size).toBe(0);
  });

  it('of several teams are read at once, each its own, and nothing of another workspace', async ({ house }) => {
    const { teamId } = await house.team();
    const other = await house.visit((ctx) =>
      createTeam(ctx, { name: 'Fraud', channel: 'C2', leadId: 'ENGI', zone: 'UTC' }, 'ENGI'),
    );
    await house.visit((ctx) => closeTeam(ctx, teamId, break_, 'LEAD'));
    await house.visit((ctx) =>
      closeTeam(ctx, other.id, { from: '2026-05-04', until: '2026-05-04', name: 'Offsite' }, 'ENGI'),
    );
    const both = await closingDaysOf(house.ctx, [teamId, other.id], '2026-01-01', '2026-12-31');
    expect(both.get(teamId)?.map(({ date }) => date)).toEqual(['2026-12-24', '2026-12-25', '2026-12-26', '2026-12-27']);
    expect(both.get(other.id)).toEqual([{ date: '2026-05-04', name: 'Offsite' }]);
    expect((await closingDaysOf(house.elsewhere('T2'), [teamId], '2026-01-01', '2026-12-31')).size).toBe(0);
    expect((await closingDaysOf(house.ctx, [], '2026-01-01', '2026-12-31')).size).toBe(0);
  });

  it('are changed by the people of the team only, and taken out once', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => keepPerson(ctx, { id: 'NEWB', name: 'New', zone: 'UTC', standing: 'member' }));
    await expect(house.visit((ctx) => closeTeam(ctx, teamId, break_, 'NEWB'))).rejects.toThrow(
      'Only the people of Retention',
    );
    const { id } = await house.visit((ctx) => closeTeam(ctx, teamId, break_, 'LEAD'));
    await expect(house.visit((ctx) => openTeam(ctx, id, 'NEWB'))).rejects.toThrow('Only the people of Retention');
    await house.visit((ctx) => openTeam(ctx, id, 'ENGI'));
    expect(await closed(house, teamId)).toEqual([]);
    await expect(house.visit((ctx) => openTeam(ctx, id, 'ENGI'))).rejects.toThrow('taken out already');
  });

  it('said again from the same day on under the same name are moved, not doubled', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => closeTeam(ctx, teamId, break_, 'LEAD'));
    await house.visit((ctx) => closeTeam(ctx, teamId, { ...break_, until: '2026-12-24' }, 'LEAD'));
    expect(await closed(house, teamId)).toEqual([{ date: '2026-12-24', name: 'Winter break' }]);
  });

  it('are those confirmed of a place and year: a second look takes out what is no longer chosen', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => closeTeam(ctx, teamId, break_, 'LEAD'));
    await house.visit((ctx) => confirmForTeam(ctx, teamId, berlin, [women, friday], 'LEAD'));
    expect(await closed(house, teamId, '2026-01-01', '2026-11-30')).toEqual([women, friday]);
    await house.visit((ctx) => confirmForTeam(ctx, teamId, berlin, [friday, easter], 'ENGI'));
    expect(await closed(house, teamId, '2026-01-01', '2026-11-30')).toEqual([friday, easter]);
    expect(await closed(house, teamId, '2026-12-01')).toHaveLength(4);
    const lines = await linesAbout(house.ctx, { modelId: teamId, subject: `team:${teamId}` }, new Date(0), house.now());
    expect(lines.map(({ summary }) => summary)).toContain('confirmed 2 holidays of DE-BE 2026 for Retention');
  });

  it('are confirmed for their year only, by the people of the team', async ({ house }) => {
    const { teamId } = await house.team();
    const confirm = (days: { date: string; name: string }[], by = 'LEAD') =>
      house.visit((ctx) => confirmForTeam(ctx, teamId, berlin, days, by));
    await expect(confirm([{ date: '2027-01-01', name: 'New Year' }])).rejects.toThrow('no day of 2026');
    await expect(confirm([{ date: '2026-02-30', name: 'x' }])).rejects.toMatchObject({ field: 'days' });
    await house.visit((ctx) => keepPerson(ctx, { id: 'NEWB', name: 'New', zone: 'UTC', standing: 'member' }));
    await expect(confirm([women], 'NEWB')).rejects.toThrow('Only the people of Retention');
    expect(await closed(house, teamId)).toEqual([]);
  });
});

const india = { code: 'IN', name: 'India', year: 2026 };
const holi = { date: '2026-03-04', name: 'Holi' };
const kolkata = { id: 'OLGA', name: 'Olga Ivanova', zone: 'Asia/Kolkata', standing: 'member' } as const;

describe('holidays of a person', () => {
  it('are read in one go by date, and only where they were confirmed', async ({ house }) => {
    await house.team();
    await house.visit((ctx) => confirmForPerson(ctx, 'OLGA', india, [holi]));
    const found = await holidaysOf(house.ctx, ['OLGA', 'DEPU'], '2026-03-04', '2026-03-04');
    expect([...found]).toEqual([['OLGA', [holi]]]);
    expect((await holidaysOf(house.ctx, ['OLGA'], '2026-03-05', '2026-12-31')).size).toBe(0);
    expect((await holidaysOf(house.elsewhere('T2'), ['OLGA'], '2026-01-01', '2026-12-31')).size).toBe(0);
    await house.visit((ctx) => confirmForPerson(ctx, 'OLGA', india, []));
    expect((await holidaysOf(house.ctx, ['OLGA'], '2026-01-01', '2026-12-31')).size).toBe(0);
  });

  it('count as being away, on the day of the zone they live in', async ({ house }) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => keepPerson(ctx, kolkata));
    await house.visit((ctx) => confirmForPerson(ctx, 'OLGA', india, [holi]));
    const away = () => peopleAway(house.ctx, ['OLGA', 'DEPU']);
    // 3 March 18:29 UTC is 23:59 in Kolkata.
    house.later(24 * 60 + 9 * 60 + 29);
    expect(await away()).toEqual([]);
    house.later(1);
    expect(await away()).toEqual(['OLGA']);
    expect(await awayInTeams(house.ctx, [teamId])).toMatchObject([{ teamId, personId: 'OLGA', holiday: 'Holi' }]);
    house.later(24 * 60 - 1);
    expect(await away()).toEqual(['OLGA']);
    house.later(1);
    expect(await away()).toEqual([]);
    expect(await awayInTeams(house.ctx, [teamId])).toEqual([]);
  });

  it('stand beside what people said themselves, the earliest first', async ({ house }) => {
    await house.team();
    await house.visit((ctx) => setAway(ctx, 'OLGA', '2026-03-05', '2026-03-09', ''));
    await house.visit((ctx) => confirmForPerson(ctx, 'OLGA', india, [holi]));
    expect(await absencesOf(house.ctx, ['OLGA'], '2026-03-01', '2026-03-31')).toEqual([
      { personId: 'OLGA', from: '2026-03-04', until: '2026-03-04', holiday: 'Holi' },
      { personId: 'OLGA', from: '2026-03-05', until: '2026-03-09', holiday: null },
    ]);
  });

  it('count in what the duties know and in what Home shows', async ({ house }) => {
    const { model, teamId } = await house.team();
    await house.visit((ctx) => confirmForPerson(ctx, 'ENGI', india, [{ date: '2026-03-02', name: 'Holi' }]));
    const facts = await coverageOf(house.ctx, teamId);
    expect(facts?.facts.people.find(({ id }) => id === 'ENGI')?.away).toMatchObject([{ from: '2026-03-02' }]);
    const on = await holdersOf(house.ctx, { teamId, modelId: model.id }, 'oncall', house.now());
    expect(on).not.toContain('ENGI');
    const [today] = await todayOf(house.ctx, [{ id: teamId, name: 'Retention', models: [] }]);
    expect(today?.away).toMatchObject([{ personId: 'ENGI', until: '2026-03-02', holiday: 'Holi' }]);
  });

  it('is worked on by who says that they are there', async ({ house }) => {
    await house.team();
    await house.visit((ctx) => confirmForPerson(ctx, 'OLGA', india, [{ date: '2026-03-02', name: 'Holi' }, friday]));
    expect(await house.visit((ctx) => endAway(ctx, 'OLGA'))).toBe(true);
    expect(await peopleAway(house.ctx, ['OLGA'])).toEqual([]);
    expect((await holidaysOf(house.ctx, ['OLGA'], '2026-01-01', '2026-12-31')).get('OLGA')).toEqual([friday]);
  });
});
