import { afterAll, beforeAll, expect, it } from 'vitest';
import { confirmForPerson } from '../../src/features/calendars/store.ts';
import { teamsOf } from '../../src/features/rituals/queries.ts';
import { leaveTeam } from '../../src/features/teams/store.ts';
import { setAway } from '../../src/features/teams/away/changes.ts';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

/** Berlin: Olga, Lea, Pia. London: Dev. New York: Enzo. Europe's clocks go forward on Sunday 29 March. */
const clock = { now: new Date('2026-03-26T15:00:00Z') };
let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket', clock });
  const [team] = await teamsOf(stage.app.context, lea);
  await leaveTeam(stage.app.context, team?.id ?? '', 'U06MEI', lea);
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const modal = (who: string) => () => stage.slack.as(who).modal() ?? '';
const dm = (who: string, words: string) => () =>
  stage.slack
    .as(who)
    .dm()
    .findLast((text) => text.includes(words)) ?? '';
const digest = (words: string) => () =>
  stage.slack
    .as(olga)
    .channel(room)
    .findLast((text) => text.includes(words)) ?? '';
const below = async (words: string) =>
  stage.slack
    .as(olga)
    .thread(room, await stage.slack.as(olga).find(room, words))
    .join('\n');
const asked = async () => {
  await stage.settle();
  const people = { olga, dev, lea, enzo, pia };
  return Object.entries(people)
    .filter(([, id]) => dm(id, 'how does it go?')() !== '')
    .map(([name]) => name);
};
/** Presses the button under their message, and waits for the form as a person does. */
const open = async (who: string, label: string, containing: string) => {
  await stage.slack.as(who).press(label, { channel: 'dm', containing });
  await expect.poll(modal(who), { timeout: 10_000 }).toContain('How does it go?');
};
const at = async (time: string) => {
  clock.now = new Date(time);
  await stage.settle();
};

it('has forms for a weekly check-in and an end of day, too, filled in as usual', async () => {
  await stage.slack.as(lea).command('/ml checkin new', room);
  await expect.poll(modal(lea)).toContain('Weekly check-in: Every Friday at 14:00, UTC');
  await stage.slack.as(lea).closeModal();
  await stage.slack.as(lea).command('/ml wrapup new', room);
  await expect.poll(modal(lea)).toContain('End of day: Every weekday at 16:30, UTC');
  await stage.slack.as(lea).closeModal();
});

it('is set up in a form that says the rule in words and the next three dates, and follows what is chosen', async () => {
  await stage.slack.as(lea).command('/ml standup new', room);
  await expect.poll(modal(lea)).toContain('Every weekday at 09:30, UTC');
  expect(modal(lea)()).toContain('Next: Fri 27 Mar, Mon 30 Mar, Tue 31 Mar');
  await stage.slack.as(lea).choose('On whose clock', 'Their own: each at that hour where they are');
  await expect.poll(modal(lea)).toContain('before half an hour to answer has passed for Enzo Gil');
  await stage.slack.as(lea).choose('The digest is posted at the latest at', '16:00');
  await expect.poll(modal(lea)).toContain('Every weekday at 09:30, each on their own clock');
  await stage.slack.as(lea).submit({});
  await expect.poll(modal(lea)).toContain('The digest comes when all have answered, at the latest at 16:00, UTC');
  await stage.slack.as(lea).submit({});
  await expect.poll(dm(lea, 'Standup is saved')).toContain('Next: Fri 27 Mar at 09:30, each on their own clock.');
});

it('on Friday everybody is asked at their own half past nine, and who is away is not', async () => {
  await setAway(stage.app.context, pia, '2026-03-27', '2026-03-27', '');
  await at('2026-03-27T08:29:00Z');
  expect(await asked()).toEqual([]);
  await at('2026-03-27T08:31:00Z');
  expect(await asked()).toEqual(['olga', 'lea']);
  expect(dm(olga, 'how does it go?')()).toContain('[Answer] [Away today] [Later]');
});

it('an answer takes two clicks, and its obstacle finds its way', async () => {
  await open(olga, 'Answer', 'how does it go?');
  const lost = await stage.slack.as(olga).submit({ Plan: 'Look at the drift of tenure_days\nStuck on labels' });
  expect(lost.errors).toBeUndefined();
  await expect.poll(modal(olga)).toContain('Is something in the way?');
  const vague = await stage.slack.as(olga).submit({ 'What is in the way': 'The labels of March are missing' });
  expect(Object.values(vague.errors ?? {}).join()).toContain('Say who or what is needed');
  await stage.slack.as(olga).submit({ 'Who or what is needed': 'An ML engineer' });
  await stage.settle();
  await expect.poll(dm(olga, 'thank you')).toContain('Look at the drift of tenure_days');
  await expect.poll(dm(dev, 'The labels of March are missing')).toContain('Take it');
});

it('a restart in the middle loses and doubles nothing: New York is asked late, once', async () => {
  await at('2026-03-27T09:31:00Z');
  expect(dm(dev, 'how does it go?')()).not.toBe('');
  expect(dm(enzo, 'how does it go?')()).toBe('');
  await stage.restart(() => {
    clock.now = new Date('2026-03-27T13:50:00Z');
  });
  expect(await asked()).toEqual(expect.arrayContaining(['enzo']));
  expect(
    stage.slack
      .as(enzo)
      .dm()
      .filter((text) => text.includes('how does it go?')),
  ).toHaveLength(1);
  expect(
    stage.slack
      .as(dev)
      .dm()
      .filter((text) => text.includes('how does it go?')),
  ).toHaveLength(1);
});

it('the digest counts who is missing and names nobody, who is away is not missing', async () => {
  await open(enzo, 'Answer', 'how does it go?');
  await stage.slack
    .as(enzo)
    .submit({ Plan: 'Move serving to the new nodes', 'For the next zone': 'The old nodes go on Tuesday' });
  await stage.settle();
  expect(digest('Standup of Applied ML, Fri 27 Mar')()).toBe('');
  await at('2026-03-27T16:00:30Z');
  const parent = digest('Standup of Applied ML, Fri 27 Mar')();
  expect(parent).toContain('2 answered, 1 away, 2 not yet');
  expect(parent).not.toMatch(/\b(lea|dev)\b/i);
  const details = await below('Standup of Applied ML, Fri 27 Mar');
  expect(details).toMatch(/Look at the drift of tenure_days \((olga|Olga Marin)\)/);
  expect(details).toContain('The labels of March are missing');
  expect(details).toMatch(/The old nodes go on Tuesday \((enzo|Enzo Gil)\)/);
  expect(details).toContain('Pia Roth');
  expect(details).not.toMatch(/Lea Adler|Dev Patel|\b(lea|dev)\b/);
});

it('a late answer changes the digest in place, and is marked', async () => {
  await at('2026-03-27T16:20:00Z');
  await open(lea, 'Answer', 'its digest is out');
  await stage.slack.as(lea).submit({ Plan: 'Plan the quarter' });
  await stage.settle();
  expect(digest('Standup of Applied ML, Fri 27 Mar')()).toContain('3 answered, 1 away, 1 not yet');
  expect(await below('Standup of Applied ML, Fri 27 Mar')).toContain('Plan the quarter (lea, added later)');
  expect(
    stage.slack
      .as(olga)
      .channel(room)
      .filter((text) => text.includes('Standup of Applied ML')),
  ).toHaveLength(1);
});

it('on Monday the clocks have changed: Berlin and London are asked an hour earlier, New York is not; a holiday counts as away', async () => {
  await confirmForPerson(stage.app.context, dev, { code: 'GB-ENG', name: 'England, United Kingdom', year: 2026 }, [
    { date: '2026-03-30', name: 'A day of the town' },
  ]);
  await at('2026-03-30T07:31:00Z');
  const monday = (who: string) => dm(who, 'Mon 30 Mar: how does it go?')();
  expect([monday(olga), monday(lea), monday(pia)].every((text) => text !== '')).toBe(true);
  expect([monday(dev), monday(enzo)]).toEqual(['', '']);
  expect(monday(olga)).toContain('Your plan so far');
  expect(monday(olga)).toContain('Look at the drift of tenure_days');
  await at('2026-03-30T13:31:00Z');
  expect(monday(enzo)).not.toBe('');
  expect(monday(dev)).toBe('');
});

it('one click goes on as planned, and what is ticked as done is planned no more', async () => {
  await stage.slack.as(enzo).press('As planned', { channel: 'dm', containing: 'Mon 30 Mar' });
  await stage.settle();
  await expect.poll(dm(enzo, 'Mon 30 Mar: thank you')).toContain('Move serving to the new nodes');
  await open(olga, 'Answer', 'Mon 30 Mar');
  await expect.poll(modal(olga)).toContain('Still in the way');
  await stage.slack.as(olga).submit({ 'Done of what you planned': ['Look at the drift of tenure_days'] });
  await stage.settle();
  const mine = dm(olga, 'Mon 30 Mar: thank you')();
  expect(mine).toMatch(/Done\s+• Look at the drift of tenure_days/);
  expect(mine).toMatch(/Plan\s+• Stuck on labels/);
});

it('who is away today says so with one click; when all have answered the digest comes at once', async () => {
  await stage.slack.as(lea).press('Away today', { channel: 'dm', containing: 'Mon 30 Mar' });
  await open(pia, 'Answer', 'Mon 30 Mar');
  await stage.slack.as(pia).submit({ Plan: 'Write the digest for sales' });
  await stage.settle();
  await expect.poll(digest('Mon 30 Mar')).toContain('3 answered, 2 away');
  expect(digest('Mon 30 Mar')()).not.toContain('not yet');
});

it('after it is closed a change stands below it, marked; the history finds all of it', async () => {
  await at('2026-04-01T17:00:00Z');
  await open(pia, 'Change', 'Mon 30 Mar');
  await stage.slack.as(pia).submit({ Plan: 'Write the digest for support' });
  await stage.settle();
  expect(await below('Standup of Applied ML, Mon 30 Mar')).toContain('pia changed their answer after this was closed');
  await stage.slack.as(dev).command('/ml standup 2026-03-27', room);
  await expect.poll(told(dev)).toContain('Plan the quarter (lea, added later)');
  await stage.slack.as(dev).command('/ml standup search serving nodes', room);
  await expect.poll(told(dev)).toContain('Move serving to the new nodes');
  await stage.slack.as(olga).command('/ml standup mine', room);
  await expect.poll(told(olga)).toContain('1 thing that you planned is done; 1 time something was in your way.');
  await stage.slack.as(dev).command('/ml standup export 2026-03-01 2026-03-31', room);
  await stage.settle();
  await expect
    .poll(() => stage.slack.as(dev).dm().join('\n'))
    .toContain('Standups from 2026-03-01 to 2026-03-31, as a table');
  expect(stage.errors).toEqual([]);
});
