import { describe, expect } from 'vitest';
import { askForNextYear, warnOfZones } from '../../../src/features/calendars/changes.ts';
import { confirmForPerson, confirmForTeam } from '../../../src/features/calendars/store.ts';
import { createTeam, keepPerson, leaveTeam } from '../../../src/features/teams/store.ts';
import { nodeZones } from '../../../src/time/node-zones.ts';
import type { ZoneSource } from '../../../src/time/zone-source.ts';
import { offsetsOf } from '../../../src/time/zones.ts';
import { type House, it } from '../../support/house.ts';

const berlin = (year: number) => ({ code: 'DE-BE', name: 'Berlin, Germany', year });
const india = (year: number) => ({ code: 'IN', name: 'India', year });
const day = 24 * 60;
/** The house opens on 2 March 2026. */
const toNovember = 244 * day;
const ask = (house: House, isTime = () => true) => askForNextYear(house.ctx, isTime);

describe('next year', () => {
  const confirmed = async (house: House) => {
    const { teamId } = await house.team();
    await house.visit((ctx) => confirmForTeam(ctx, teamId, berlin(2026), [], 'LEAD'));
    await house.visit((ctx) => confirmForPerson(ctx, 'LEAD', india(2026), []));
    await house.visit((ctx) => confirmForPerson(ctx, 'OLGA', india(2026), []));
    return teamId;
  };

  it('is asked for from November on, once, in one message to who confirmed this one', async ({ house }) => {
    await confirmed(house);
    house.later(toNovember - day);
    await ask(house);
    expect(await house.said('next-year')).toEqual([]);
    house.later(day);
    await ask(house, () => false);
    expect(await house.said('next-year')).toEqual([]);
    await ask(house);
    const [lead, olga] = await house.said('next-year');
    expect(lead).toContain('Which holidays count in 2027?');
    expect(lead).toContain('*Retention*, Berlin, Germany');
    expect(lead).toContain('*Your own*, India');
    expect(olga).not.toContain('Retention');
    house.later(day);
    await ask(house);
    expect(await house.said('next-year')).toEqual([lead, olga]);
  });

  it('is not asked for again where somebody confirmed it already, nor of who is gone', async ({ house }) => {
    const teamId = await confirmed(house);
    await house.visit((ctx) => confirmForTeam(ctx, teamId, berlin(2027), [], 'ENGI'));
    await house.visit((ctx) => confirmForPerson(ctx, 'LEAD', india(2027), []));
    await house.standing('OLGA', 'deactivated');
    house.later(toNovember);
    await ask(house);
    expect(await house.said('next-year')).toEqual([]);
  });

  it('is shown as done once it is confirmed, by whomever', async ({ house }) => {
    const teamId = await confirmed(house);
    house.later(toNovember);
    await ask(house);
    await house.visit((ctx) => confirmForTeam(ctx, teamId, berlin(2027), [], 'ENGI'));
    const [half] = await house.said('next-year');
    expect(half).toContain(':white_check_mark: *Retention*, Berlin, Germany: confirmed');
    expect(half).toContain('Which holidays count in 2027?');
    await house.visit((ctx) => confirmForPerson(ctx, 'LEAD', india(2027), []));
    const [done] = await house.said('next-year');
    expect(done).toContain('The holidays of 2027 are confirmed. Thank you.');
    expect(done).not.toContain('Which holidays count');
    house.later(day);
    await ask(house);
    expect(await house.said('next-year')).toContain(done);
  });
});

describe('zones that older data gets wrong', () => {
  const old: ZoneSource = {
    name: 'Node',
    version: '2026c',
    offsetsOf: (zone) => offsetsOf(zone === 'America/Winnipeg' ? 'America/Chicago' : zone),
  };
  const inWinnipeg = (house: House, id: string) =>
    house.visit((ctx) => keepPerson(ctx, { id, name: id, zone: 'America/Winnipeg', standing: 'member' }));

  it('are told to the lead of who lives there, once, in one message for all their teams', async ({ house }) => {
    await house.team();
    await house.visit((ctx) => createTeam(ctx, { name: 'Fraud', channel: 'C2', leadId: 'PROD', zone: 'UTC' }, 'PROD'));
    await inWinnipeg(house, 'ENGI');
    await inWinnipeg(house, 'OLGA');
    await warnOfZones(house.ctx, old);
    const [told, ...others] = await house.said('zones:');
    expect(others).toEqual([]);
    expect(told).toContain('• *America/Winnipeg* (2 people of Retention): UTC-05:00 on Sun 1 Nov, not UTC-06:00');
    expect(await house.heard('zones:')).toEqual([
      expect.stringContaining('Clocks in America/Winnipeg follow a new rule'),
    ]);
    house.later(day);
    await warnOfZones(house.ctx, old);
    expect(await house.said('zones:')).toEqual([told]);
  });

  it('are no news where nobody active lives in one', async ({ house }) => {
    const { teamId } = await house.team();
    await inWinnipeg(house, 'ENGI');
    await inWinnipeg(house, 'OLGA');
    await house.visit((ctx) => leaveTeam(ctx, teamId, 'ENGI', 'LEAD'));
    await house.standing('OLGA', 'deactivated');
    await warnOfZones(house.ctx, old);
    expect(await house.said('zones:')).toEqual([]);
  });

  it('are none where Node knows as much', async ({ house }) => {
    await house.team();
    await inWinnipeg(house, 'ENGI');
    await warnOfZones(house.ctx, { ...old, offsetsOf });
    expect(await house.said('zones:')).toEqual([]);
    await warnOfZones(house.ctx);
    expect(await house.said('zones:')).toHaveLength((nodeZones()?.version ?? '') < '2026e' ? 1 : 0);
  });
});
