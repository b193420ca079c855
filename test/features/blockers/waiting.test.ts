import { describe, expect } from 'vitest';
import { closeTeam } from '../../../src/features/calendars/store.ts';
import { blockers } from '../../../src/features/blockers/doors.ts';
import { closeBlocker } from '../../../src/features/blockers/closing/changes.ts';
import { passOverNext, tickNext } from '../../../src/features/blockers/escalating/changes.ts';
import { takeBlocker } from '../../../src/features/blockers/taking/changes.ts';
import { pairsCsv, pairsOf } from '../../../src/features/blockers/figures/rules.ts';
import { stretchesSince } from '../../../src/features/blockers/figures/queries.ts';
import { pairsReport } from '../../../src/features/blockers/figures/views.ts';
import { leaveTeam } from '../../../src/features/teams/store.ts';
import { setAway } from '../../../src/features/teams/away/changes.ts';
import { people } from '../../../src/features/teams/schema.ts';
import { type House, it } from '../../support/house.ts';
import { asked, dataTeam, join, later, ledger, live, now, raise, work } from './support.ts';

describe('nobody answers', () => {
  it('the next holder, where the model has no deputy or there is no model', async ({ house }) => {
    await house.team();
    await dataTeam(house);
    const blocker = await raise(house, 'role:de');
    await live(house, 4);
    expect(await asked(house, blocker)).toEqual(['DANA', 'DORA']);
    await live(house, 24);
    expect(await asked(house, blocker)).toEqual(['DANA', 'DORA', 'DLEA']);
  });

  it('deputy after four hours, then the lead, then the lead once every working day', async ({ house }) => {
    const { model } = await house.team();
    const blocker = await raise(house, 'role:ops', { modelId: model.id });
    await live(house, 3);
    expect(await asked(house, blocker)).toEqual(['ENGI']);
    await live(house, 1);
    expect(await asked(house, blocker)).toEqual(['ENGI', 'DEPU']);
    // The day ends at 17:00, so the deputy's four hours end the next morning.
    await live(house, 19);
    expect(await asked(house, blocker)).toEqual(['ENGI', 'DEPU']);
    await live(house, 1);
    expect(await asked(house, blocker)).toEqual(['ENGI', 'DEPU', 'LEAD']);
    const reminders = () => house.said(`blocker:${blocker.id}:remind`);
    await live(house, 24 * 3);
    expect(await reminders()).toHaveLength(3);
    await live(house, 24 * 2);
    expect(await reminders()).toHaveLength(3);
    await live(house, 24);
    expect(await reminders()).toEqual(
      Array.from({ length: 4 }, () => expect.stringContaining('still waits for somebody since') as string),
    );
    expect((await ledger(house)).filter((line) => line.startsWith('asked'))).toHaveLength(3);
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    await live(house, 24 * 2);
    expect(await reminders()).toHaveLength(4);
  });

  it('the clock runs in the hours of the recipient where they live', async ({ house }) => {
    const { teamId } = await house.team();
    await join(house, teamId, 'YUKI', ['de'], 'Asia/Tokyo');
    const blocker = await raise(house, 'role:de');
    // 09:00 UTC is 18:00 in Tokyo: four hours of the next day there end at 13:00, which is 04:00 UTC.
    expect(blocker.dueAt).toEqual(new Date('2026-03-03T04:00:00Z'));
    await live(house, 18);
    expect(await asked(house, blocker)).toEqual(['YUKI']);
    await live(house, 1);
    expect((await now(house, blocker)).askedId).toBe('LEAD');
  });

  it('the clock stands on closing days of the team', async ({ house }) => {
    const { model, teamId } = await house.team();
    const offsite = { from: '2026-03-03', until: '2026-03-03', name: 'Offsite' };
    await house.visit((ctx) => closeTeam(ctx, teamId, offsite, 'LEAD'));
    await later(house, 6);
    const blocker = await raise(house, 'role:ops', { modelId: model.id });
    expect(blocker.dueAt).toEqual(new Date('2026-03-04T11:00:00Z'));
  });

  it('a stop of ours over the time loses nothing, doubles nothing, and asks nobody in the night', async ({ house }) => {
    const { model } = await house.team();
    const blocker = await raise(house, 'role:ops', { modelId: model.id });
    await later(house, 14);
    expect(await asked(house, blocker)).toEqual(['ENGI']);
    await later(house, 10);
    expect(await asked(house, blocker)).toEqual(['ENGI', 'DEPU']);
    await work(house);
    await work(house);
    expect(await asked(house, blocker)).toEqual(['ENGI', 'DEPU']);
    expect(await house.visit(tickNext)).toBe(false);
    expect(await house.visit(passOverNext)).toBe(false);
  });
});

describe('whoever is not there any more', () => {
  it('is passed over the moment they are away', async ({ house }) => {
    const { model } = await house.team();
    const blocker = await raise(house, 'role:ops', { modelId: model.id });
    await house.visit((ctx) => setAway(ctx, 'ENGI', '2026-03-02', '2026-03-04', ''));
    await work(house);
    expect(await now(house, blocker)).toMatchObject({ askedId: 'DEPU', step: 'deputy' });
    expect(await ledger(house)).toEqual(['raised OLGA', 'asked pitcrew', 'passed_over pitcrew', 'asked pitcrew']);
  });

  const ways = {
    'leave the team': (house: House, teamId: string) => house.visit((ctx) => leaveTeam(ctx, teamId, 'ENGI', 'LEAD')),
    'lose their account': (house: House) => house.standing('ENGI', 'deactivated'),
    'become a guest': (house: House) => house.standing('ENGI', 'guest'),
  } as const;
  for (const [how, goes] of Object.entries(ways)) {
    it(`is passed over when they ${how}`, async ({ house }) => {
      const { model, teamId } = await house.team();
      const blocker = await raise(house, 'role:ops', { modelId: model.id });
      await goes(house, teamId);
      await work(house);
      expect(await now(house, blocker)).toMatchObject({ askedId: 'DEPU', step: 'deputy' });
    });

    it(`hands on what they took when they ${how}`, async ({ house }) => {
      const { model, teamId } = await house.team();
      const blocker = await raise(house, 'role:ops', { modelId: model.id });
      await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
      await goes(house, teamId);
      await work(house);
      expect(await now(house, blocker)).toMatchObject({ state: 'open', askedId: 'DEPU', takenBy: null });
    });
  }

  it('keeps what they took over a day away', async ({ house }) => {
    await house.team();
    const blocker = await raise(house, 'role:ops');
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    await house.visit((ctx) => setAway(ctx, 'ENGI', '2026-03-02', '2026-03-03', ''));
    await work(house);
    expect(await now(house, blocker)).toMatchObject({ state: 'taken', takenBy: 'ENGI' });
    // The third working day of theirs is a Friday then, not a Thursday.
    await live(house, 24 * 3);
    expect(await house.said(`blocker:${blocker.id}:still`)).toEqual([]);
    await live(house, 24);
    expect(await house.said(`blocker:${blocker.id}:still`)).toHaveLength(1);
  });

  it('is asked again once they are back, where nobody else was left', async ({ house }) => {
    await house.team();
    for (const who of ['ENGI', 'LEAD']) await house.visit((ctx) => setAway(ctx, who, '2026-03-02', '2026-03-03', ''));
    const blocker = await raise(house, 'role:ops');
    expect(blocker).toMatchObject({ askedId: null, step: 'nobody' });
    await live(house, 24);
    expect(await now(house, blocker)).toMatchObject({ askedId: null });
    await live(house, 24);
    expect(await now(house, blocker)).toMatchObject({ askedId: 'ENGI', step: 'holder' });
  });
});

describe('/ml blockers', () => {
  const list = async (house: House, who: string, team = '') => {
    const door = blockers.commands?.find(({ pattern }) => pattern === 'blockers [team…]');
    const answer = await door?.handle(house.ctx, { id: who }, { team });
    return JSON.stringify(answer?.say?.blocks);
  };

  it('shows what waits for me first, then what I raised, then my teams by age, and what happens next', async ({
    house,
  }) => {
    await house.team();
    await raise(house, 'role:pm', { what: 'The goal is open', since: new Date('2026-02-27T09:00:00Z') });
    await raise(house, 'role:ops', { what: 'The feed is late' });
    const said = await list(house, 'ENGI');
    expect(said.indexOf('Waits for you')).toBeGreaterThan(-1);
    expect(said.indexOf('Waits for you')).toBeLessThan(said.indexOf('Open of your teams'));
    const teams = said.slice(said.indexOf('Open of your teams'));
    expect(teams.indexOf('The goal is open')).toBeLessThan(teams.indexOf('The feed is late'));
    expect(teams).toContain('for 3 days');
    expect(teams).toContain('<@PROD> is asked. Without an answer the next one is asked');
    expect(await list(house, 'OLGA')).toContain('You raised');
    expect(await list(house, 'OLGA', 'retention')).toContain('Open of Retention');
    await expect(list(house, 'OLGA', 'nobody')).rejects.toThrow('There is no team named "nobody"');
  });

  it('turns pages', async ({ house }) => {
    const { teamId } = await house.team();
    for (let n = 1; n <= 23; n += 1) await raise(house, 'role:ops', { what: `Thing ${n} is late` });
    const turn = blockers.actions?.find(({ id }) => id === 'blocker.list');
    const page = async (number: number) => {
      const answer = await turn?.handle(house.ctx, { id: 'PROD' }, { teamId, page: number });
      return JSON.stringify(answer?.say?.blocks);
    };
    expect(await page(0)).toContain('"More"');
    expect(await page(0)).not.toContain('Thing 11 is');
    expect(await page(1)).toContain('Thing 11 is');
    expect(await page(2)).toContain('Thing 23 is');
    expect(await page(2)).not.toContain('"More"');
    expect(await page(99)).toContain('Thing 23 is');
  });
});

describe('time blocked', () => {
  const since = new Date('2025-12-02T09:00:00Z');
  const solved = async (house: House, hours: number) => {
    const blocker = await raise(house, 'role:ops', { what: `Olga Ivanova waits for <@ENGI> ${hours}` });
    await house.visit((ctx) => takeBlocker(ctx, blocker.id, 'ENGI'));
    house.later(hours * 60);
    await house.visit((ctx) => closeBlocker(ctx, blocker.id, 'Enzo Gil did it', 'OLGA'));
  };

  it('is counted by pairs of roles, with n, median, p90 and what is open; a mean from ten on', async ({ house }) => {
    await house.team();
    for (const hours of [2, 4, 6]) await solved(house, hours);
    await raise(house, 'role:pm');
    const words = async () => JSON.stringify(pairsReport(pairsOf(await stretchesSince(house.ctx, since)), 90).blocks);
    expect(await words()).toContain('*Data scientist → DevOps / infrastructure*: n 3, median 4 h, p90 6 h');
    expect(await words()).toContain('*Data scientist → Product manager*: none solved yet, 1 open');
    expect(await words()).not.toContain(', mean ');
    for (let n = 0; n < 7; n += 1) await solved(house, 4);
    expect(await words()).toContain('n 10, median 4 h, p90 4 h, mean 4 h');
  });

  it('names no person anywhere: not in the report, not in the file', async ({ house }) => {
    await house.team();
    await dataTeam(house);
    for (const hours of [2, 30]) await solved(house, hours);
    await raise(house, 'person:PROD');
    await raise(house, 'role:de', {}, 'ENGI');
    const known = await house.ctx.db.select({ id: people.id, name: people.name }).from(people);
    const stretches = await stretchesSince(house.ctx, since);
    const said = `${JSON.stringify(pairsReport(pairsOf(stretches), 90))}\n${pairsCsv(stretches)}`;
    expect(known.length).toBeGreaterThan(5);
    for (const { id, name } of known) for (const each of [id, ...name.split(' ')]) expect(said).not.toContain(each);
    const door = blockers.actions?.find(({ id }) => id === 'blocker.figures');
    const answer = await door?.handle(house.ctx, { id: 'OLGA' }, { days: 90 });
    expect(answer?.files?.files.map(({ name }) => name)).toEqual(['blockers.csv']);
    expect(answer?.files?.files[0]?.text.split('\r\n')).toEqual([
      'asking_role,needed_role,how_bad,state,since,solved_at,blocked_minutes,reopened',
      expect.stringMatching(/^[a-z]+,/),
      expect.stringMatching(/^[a-z]+,/),
      expect.stringMatching(/^ds,ops,stopped,solved,.*,1800,0$/),
      expect.stringMatching(/^ds,ops,stopped,solved,.*,120,0$/),
      '',
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/Olga|Enzo|ENGI/);
  });

  it('counts what was solved in these days, and what is open since any', async ({ house }) => {
    await house.team();
    await solved(house, 2);
    house.later(91 * 24 * 60);
    const from = new Date(house.now().getTime() - 90 * 86_400_000);
    expect(pairsOf(await stretchesSince(house.ctx, from))).toEqual([]);
  });
});
