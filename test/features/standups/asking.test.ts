import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { usualAsked } from '../../../src/features/rituals/asked.ts';
import { pauseOrResume, saveRitual } from '../../../src/features/rituals/changes.ts';
import { follow, saveOwnWay } from '../../../src/features/rituals/own/changes.ts';
import { followDays } from '../../../src/features/rituals/following/changes.ts';
import { openDue } from '../../../src/features/rituals/opening/changes.ts';
import { prompts, type Ritual, ritualRuns } from '../../../src/features/rituals/schema.ts';
import { answer, asPlanned, awayToday, later } from '../../../src/features/standups/answers/changes.ts';
import { closeDue, postDue } from '../../../src/features/standups/digest/changes.ts';
import { searchIn } from '../../../src/features/standups/history/queries.ts';
import { askDue } from '../../../src/features/standups/asking/changes.ts';
import { remindDue } from '../../../src/features/standups/reminders/changes.ts';
import { closeTeam, openTeam } from '../../../src/features/calendars/store.ts';
import { models } from '../../../src/features/models/schema.ts';
import { aliasMoved } from '../../../src/features/releases/store.ts';
import { teamById } from '../../../src/features/teams/queries.ts';
import { joinTeam, leaveTeam } from '../../../src/features/teams/store.ts';
import { type House, it } from '../../support/house.ts';

/** Monday 2 March 2026, 09:00 UTC; the standup asks at 09:30 and its digest comes at 11:00. */
async function standup(house: House, change: object = {}): Promise<Ritual> {
  const { teamId } = await house.team();
  const team = await teamById(house.ctx, teamId);
  const { ritual } = await saveRitual(house.ctx, { ...usualAsked('standup', team, '2026-03-02'), ...change }, 'LEAD');
  return ritual;
}

/** Whatever is due is done, as the workers would. */
async function settle(house: House): Promise<void> {
  const work = [openDue, askDue, remindDue, postDue, closeDue];
  for (let busy = true; busy;) {
    busy = false;
    for (const each of work) busy = (await each(house.ctx)) || busy;
  }
}

async function until(house: House, time: string): Promise<void> {
  house.later((Date.parse(time) - house.now().getTime()) / 60_000);
  await settle(house);
}

const nothing = {
  done: [],
  known: [],
  plan: '',
  obstacle: '',
  need: undefined,
  helper: undefined,
  blocks: undefined,
  note: '',
};
const says = (house: House, ritual: Ritual, personId: string, values: object, date = '2026-03-02') =>
  answer(house.ctx, { ritualId: ritual.id, date, personId }, { ...nothing, ...values });
const states = async (house: House) =>
  Object.fromEntries((await house.ctx.db.select().from(prompts)).map(({ personId, state }) => [personId, state]));
const digest = async (house: House) => (await house.said('standup-digest:')).join('\n');

describe('being asked', () => {
  it('is a direct message each, once, within the minute, with what is known', async ({ house }) => {
    await standup(house);
    await until(house, '2026-03-02T09:29:00Z');
    expect(await house.said('standup:')).toEqual([]);
    await until(house, '2026-03-02T09:31:00Z');
    await settle(house);
    const said = await house.said('standup:');
    expect(said).toHaveLength(5);
    expect(said.filter((text) => text.includes('version 14 of churn-model went live'))).not.toEqual([]);
    expect(said.every((text) => text.includes('[Answer] [Away today] [Later]'))).toBe(true);
  });

  it('leaves out who only looks on, and who left meanwhile', async ({ house }) => {
    const ritual = await standup(house);
    await joinTeam(house.ctx, ritual.teamId, 'PROD', ['stk']);
    house.later((Date.parse('2026-03-02T09:30:00Z') - house.now().getTime()) / 60_000);
    await openDue(house.ctx);
    await leaveTeam(house.ctx, ritual.teamId, 'ENGI', 'LEAD');
    await until(house, '2026-03-02T09:31:00Z');
    expect(await states(house)).toEqual({ OLGA: 'sent', DEPU: 'sent', LEAD: 'sent', ENGI: 'left' });
    await until(house, '2026-03-02T11:00:00Z');
    expect(await digest(house)).toContain('0 answered, 3 not yet');
  });

  it('is left to the Home tab in quiet hours, and held until they end where there is time', async ({ house }) => {
    await standup(house);
    await saveOwnWay(house.ctx, 'OLGA', { time: null, quietFrom: '09:00', quietTo: '10:15', reminders: null });
    await saveOwnWay(house.ctx, 'DEPU', { time: null, quietFrom: '09:00', quietTo: '12:00', reminders: null });
    await until(house, '2026-03-02T09:45:00Z');
    expect(await states(house)).toMatchObject({ OLGA: 'waiting', DEPU: 'home', LEAD: 'sent' });
    await until(house, '2026-03-02T10:15:00Z');
    expect(await states(house)).toMatchObject({ OLGA: 'sent', DEPU: 'home' });
  });

  it('does not happen on a day that was closed after it was planned', async ({ house }) => {
    const ritual = await standup(house);
    await closeTeam(house.ctx, ritual.teamId, { from: '2026-03-02', until: '2026-03-02', name: 'Offsite' }, 'LEAD');
    await until(house, '2026-03-02T10:00:00Z');
    expect(await house.said('standup:')).toEqual([]);
    await until(house, '2026-03-03T09:31:00Z');
    expect(await house.said('standup:')).toHaveLength(5);
  });

  it('three days in which nothing ran are one question, and the digest says what was missed', async ({ house }) => {
    await standup(house);
    await until(house, '2026-03-05T09:50:00Z');
    const runs = await house.ctx.db.select().from(ritualRuns).orderBy(ritualRuns.date);
    expect(runs.map(({ date, state }) => [date, state])).toEqual([
      ['2026-03-02', 'missed'],
      ['2026-03-03', 'missed'],
      ['2026-03-04', 'missed'],
      ['2026-03-05', 'open'],
      ['2026-03-06', 'planned'],
    ]);
    expect(await house.said('standup:')).toHaveLength(5);
    await until(house, '2026-03-05T11:00:00Z');
    expect(await digest(house)).toContain(
      'I was not running at Mon 2 Mar, Tue 3 Mar, Wed 4 Mar, so nobody was asked then.',
    );
  });
});

describe('reminders', () => {
  it('come by level, to those who have not answered only, and each once', async ({ house }) => {
    const ritual = await standup(house, { reminders: 'twice' });
    await saveOwnWay(house.ctx, 'DEPU', { time: null, quietFrom: null, quietTo: null, reminders: 'none' });
    await until(house, '2026-03-02T09:31:00Z');
    await says(house, ritual, 'OLGA', { plan: 'One thing' });
    await until(house, '2026-03-02T10:31:00Z');
    await settle(house);
    const reminded = async () => (await house.heard('standup:')).filter((text) => text.includes('waits for you'));
    expect(await reminded()).toHaveLength(3);
    await until(house, '2026-03-02T10:59:00Z');
    await until(house, '2026-03-02T14:00:00Z');
    expect(await reminded()).toHaveLength(3);
  });

  it('“Later” asks again after an hour, and not after the digest', async ({ house }) => {
    const ritual = await standup(house, { reminders: 'none' });
    await until(house, '2026-03-02T09:31:00Z');
    const mine = { ritualId: ritual.id, date: '2026-03-02', personId: 'OLGA' };
    expect((await later(house.ctx, mine)).toISOString()).toBe('2026-03-02T10:31:00.000Z');
    await until(house, '2026-03-02T10:31:00Z');
    expect((await house.heard('standup:')).filter((text) => text.includes('waits for you'))).toHaveLength(1);
    await expect(later(house.ctx, mine)).rejects.toThrow('The digest comes before an hour has passed.');
  });
});

describe('answering', () => {
  it('before being asked counts, and nobody asks any more', async ({ house }) => {
    const ritual = await standup(house);
    await says(house, ritual, 'OLGA', { plan: 'Early bird' });
    await until(house, '2026-03-02T09:31:00Z');
    expect(await states(house)).toMatchObject({ OLGA: 'answered', DEPU: 'sent' });
    expect((await house.said('standup:')).filter((text) => text.includes('how does it go?'))).toHaveLength(4);
  });

  it('again keeps every version, and the digest shows the newest', async ({ house }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    await says(house, ritual, 'OLGA', { plan: 'First thought' });
    await says(house, ritual, 'OLGA', { plan: 'Second thought' });
    await until(house, '2026-03-02T11:00:00Z');
    expect(await digest(house)).toContain('Second thought');
    expect(await digest(house)).not.toContain('First thought');
    await says(house, ritual, 'OLGA', { plan: 'Third thought' });
    expect(await digest(house)).toContain('Third thought');
    await until(house, '2026-03-03T11:30:00Z');
    await says(house, ritual, 'OLGA', { plan: 'Fourth thought' });
    const all = await digest(house);
    expect(all).toContain('Third thought');
    expect(all).toMatch(/changed their answer\* after this was closed|changed their answer after this was closed/);
    expect(all).toContain('Planned: Fourth thought');
  });

  it('a guest, a stranger and who left are refused with a sentence', async ({ house }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    await house.standing('OLGA', 'guest');
    await expect(says(house, ritual, 'OLGA', { plan: 'x' })).rejects.toThrow('This asks the people of the team only.');
    await leaveTeam(house.ctx, ritual.teamId, 'ENGI', 'LEAD');
    await expect(says(house, ritual, 'ENGI', { plan: 'x' })).rejects.toThrow('This asks the people of the team only.');
  });

  it('“As planned” needs a plan, once', async ({ house }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    const mine = (date: string) => ({ ritualId: ritual.id, date, personId: 'DEPU' });
    await expect(asPlanned(house.ctx, mine('2026-03-02'))).rejects.toThrow('Nothing was planned the last time.');
    await says(house, ritual, 'DEPU', { plan: 'Write the gate' });
    await until(house, '2026-03-03T09:31:00Z');
    expect((await asPlanned(house.ctx, mine('2026-03-03'))).plan).toEqual([{ text: 'Write the gate' }]);
    await expect(asPlanned(house.ctx, mine('2026-03-03'))).rejects.toThrow('You answered already.');
  });

  it('too long a plan, or an obstacle without who is needed, is refused at its input and nothing is kept', async ({
    house,
  }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    await expect(says(house, ritual, 'OLGA', { plan: 'row\n'.repeat(1) + 'x'.repeat(301) })).rejects.toMatchObject({
      field: 'plan',
    });
    await expect(
      house.visit((ctx) =>
        answer(
          ctx,
          { ritualId: ritual.id, date: '2026-03-02', personId: 'OLGA' },
          { ...nothing, obstacle: 'No labels' },
        ),
      ),
    ).rejects.toMatchObject({ field: 'need' });
    await expect(says(house, ritual, 'OLGA', { obstacle: 'No', need: 'role:de' })).rejects.toMatchObject({
      field: 'obstacle',
    });
  });

  it('what somebody writes pings nobody', async ({ house }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    await says(house, ritual, 'OLGA', {
      plan: 'Tell <!channel> and <@LEAD> *now*',
      note: '<https://evil.example|click>',
    });
    await until(house, '2026-03-02T11:00:00Z');
    expect(await digest(house)).not.toMatch(/<!channel>|<@LEAD>|<https/);
  });
});

describe('the digest', () => {
  it('comes at once when all have answered or are away, and nobody is left waiting', async ({ house }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    for (const who of ['OLGA', 'DEPU', 'LEAD', 'ENGI']) await says(house, ritual, who, { plan: `Plan of ${who}` });
    await settle(house);
    expect(await digest(house)).toBe('');
    await awayToday(house.ctx, { ritualId: ritual.id, date: '2026-03-02', personId: 'PROD' });
    await settle(house);
    expect(await digest(house)).toContain('4 answered, 1 away');
  });

  it('does not miss who left the team after they were asked', async ({ house }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    await leaveTeam(house.ctx, ritual.teamId, 'ENGI', 'LEAD');
    await until(house, '2026-03-02T11:00:00Z');
    expect(await digest(house)).toContain('0 answered, 4 not yet');
  });

  it('of a weekly one looks back to the time before', async ({ house }) => {
    await standup(house, { days: [1] });
    const [model] = await house.ctx.db.select().from(models);
    await until(house, '2026-03-02T09:31:00Z');
    await until(house, '2026-03-02T11:00:00Z');
    house.later(2 * 24 * 60);
    await aliasMoved(house.ctx, {
      modelId: model?.id ?? '',
      environment: 'production',
      version: '15',
      who: 'ci',
      why: 'release',
    });
    await until(house, '2026-03-09T09:31:00Z');
    await until(house, '2026-03-09T11:00:00Z');
    expect(await digest(house)).toContain('version 15 of churn-model went live');
  });

  it('is not posted where everybody is away', async ({ house }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    for (const personId of ['OLGA', 'DEPU', 'LEAD', 'ENGI', 'PROD'])
      await awayToday(house.ctx, { ritualId: ritual.id, date: '2026-03-02', personId });
    await until(house, '2026-03-02T12:00:00Z');
    expect(await digest(house)).toBe('');
  });

  it('reaches who reads along as a direct message, changed in place, and asks them nothing', async ({ house }) => {
    const ritual = await standup(house);
    await joinTeam(house.ctx, ritual.teamId, 'PROD', ['stk']);
    await follow(house.ctx, ritual.id, 'PROD', true);
    await until(house, '2026-03-02T09:31:00Z');
    await until(house, '2026-03-02T11:00:00Z');
    const copies = async () => (await house.said(`standup-digest:${ritual.id}:2026-03-02:to:PROD`)).join('\n');
    expect(await copies()).toContain('Standup of Retention, Mon 2 Mar');
    await says(house, ritual, 'OLGA', { plan: 'A late thought' });
    expect(await copies()).toContain('A late thought');
    expect(await house.said('standup:')).toHaveLength(4);
  });

  it('says plans by model and never who is missing, on any surface', async ({ house }) => {
    const ritual = await standup(house);
    await until(house, '2026-03-02T09:31:00Z');
    await says(house, ritual, 'OLGA', { plan: 'Look at churn' });
    await until(house, '2026-03-02T11:00:00Z');
    await until(house, '2026-03-03T11:30:00Z');
    const seen = [...(await house.said('standup-digest:')), ...(await house.heard('standup-digest:'))].join('\n');
    expect(seen).toContain('1 answered, 4 not yet');
    for (const name of ['Dewi', 'Lea Adler', 'Enzo', 'Pia', '<@DEPU>', '<@ENGI>', '<@LEAD>', '<@PROD>'])
      expect(seen).not.toContain(name);
    expect(seen).not.toMatch(/streak|score|rank|rate/i);
  });
});

it('a closing day that is taken back lets the run take place again', async ({ house }) => {
  const ritual = await standup(house);
  const day = { from: '2026-03-02', until: '2026-03-02', name: 'Offsite' };
  const closing = await closeTeam(house.ctx, ritual.teamId, day, 'LEAD');
  await followDays(house.ctx, undefined);
  const planned = async () => (await house.ctx.db.select().from(ritualRuns)).map(({ date, state }) => [date, state]);
  expect(await planned()).toEqual([['2026-03-03', 'planned']]);
  await openTeam(house.ctx, closing.id, 'LEAD');
  await followDays(house.ctx, undefined);
  expect(await planned()).toEqual([['2026-03-02', 'planned']]);
});

it('a pause asks nobody, and nothing is caught up', async ({ house }) => {
  const ritual = await standup(house);
  await pauseOrResume(house.ctx, ritual.id, 'pause', 'LEAD');
  await until(house, '2026-03-04T10:00:00Z');
  expect(await house.said('standup:')).toEqual([]);
  const { next } = await pauseOrResume(house.ctx, ritual.id, 'resume', 'LEAD');
  expect(next?.date).toBe('2026-03-05');
  await expect(pauseOrResume(house.ctx, ritual.id, 'resume', 'LEAD')).rejects.toThrow('It takes place already.');
});

it('of another workspace nothing is seen', async ({ house }) => {
  const ritual = await standup(house);
  await until(house, '2026-03-02T09:31:00Z');
  await says(house, ritual, 'OLGA', { plan: 'Secret of T1' });
  await expect(searchIn(house.elsewhere('T2'), 'OLGA', 'Secret')).rejects.toThrow('You are in no team');
  expect(await searchIn(house.ctx, 'LEAD', 'secret')).toHaveLength(1);
  expect((await house.ctx.db.select().from(prompts).where(eq(prompts.workspace, 'T2'))).length).toBe(0);
});
