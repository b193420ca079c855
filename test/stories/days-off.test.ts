import { afterAll, beforeAll, expect, it } from 'vitest';
import { closingDaysOf, holidaysOf } from '../../src/features/calendars/queries.ts';
import { suggested } from '../../src/features/calendars/suggesting.ts';
import { nextYearCard } from '../../src/features/calendars/views.ts';
import { teamNamed } from '../../src/features/teams/queries.ts';
import { announce } from '../../src/messages/announce.ts';
import { dateWords } from '../../src/time/date-words.ts';
import { dev, lea, olga, room, setTheStage, type Stage } from '../support/stage.ts';

/** Always one that can be chosen, and never over. */
const year = new Date().getUTCFullYear() + 1;
const [from, until] = [`${year}-01-01`, `${year}-12-31`];

let stage: Stage;
let teamId = '';
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
  teamId = (await teamNamed(stage.app.context, 'Applied ML'))?.id ?? '';
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const dm = (who: string) => () => stage.slack.as(who).dm().at(-1) ?? '';
const boxes = async (code: string) =>
  (await suggested({ code, year })).map(({ date, name }) => ({ date, name, box: `${dateWords(date)}: ${name}` }));
const closed = async () => (await closingDaysOf(stage.app.context, [teamId], from, until)).get(teamId) ?? [];
const away = async (id: string) => (await holidaysOf(stage.app.context, [id], from, until)).get(id) ?? [];
const patient = { timeout: 10_000 };

it('a lead chooses Berlin, unticks what does not count, and only what was confirmed closes the team', async () => {
  const me = stage.slack.as(lea);
  const berlin = await boxes('DE-BE');
  const kept = berlin.filter(({ name }) => /Christmas|Easter|Labour/.test(name));
  await me.command('/ml holidays', room);
  await expect.poll(() => me.modal(), patient).toContain('Country');
  expect(await me.submit({ Country: 'Germany', Year: String(year) })).toMatchObject({ ok: true });
  await expect.poll(() => me.modal(), patient).toContain('Only what all of Germany has');
  await me.submit({ Region: 'Berlin' });
  await expect.poll(() => me.modal(), patient).toContain('on which of these days is Applied ML closed?');
  expect(me.modal()).toContain(berlin.map(({ box }) => box).join(', '));
  expect(await closed()).toEqual([]);
  await me.submit({ 'Public holidays': kept.map(({ box }) => box) });
  await expect.poll(dm(lea), patient).toContain(`closed on 3 holidays of Berlin, Germany in ${year}`);
  expect(await closed()).toEqual(kept.map(({ date, name }) => ({ date, name })));
});

it('looked at again, the form shows what was confirmed, and starts where the lead was', async () => {
  const me = stage.slack.as(lea);
  await me.command('/ml holidays', room);
  await expect.poll(() => me.modal(), patient).toContain('Country: {Germany}');
  await me.submit({ Year: String(year) });
  await expect.poll(() => me.modal(), patient).toContain('Region: {Berlin}');
  await me.submit();
  await expect.poll(() => me.modal(), patient).toContain('Christmas');
  expect(me.modal()).not.toContain('Good Friday');
  await me.closeModal();
  expect(await closed()).toHaveLength(3);
});

it('days are added by hand and taken out by anybody of the team, who reads them with their weekday', async () => {
  const me = stage.slack.as(olga);
  await me.command('/ml days', room);
  await expect.poll(told(olga), patient).toContain('Applied ML is closed:');
  await me.press('Add days', { channel: room });
  await expect.poll(() => me.modal(), patient).toContain('Closing days');
  const wrong = await me.submit({ 'First day': `${year}-12-27`, 'Last day': `${year}-12-24`, Name: 'Winter break' });
  expect(wrong.errors?.['Last day']).toContain('before the first');
  await me.submit({ 'First day': `${year}-12-24`, 'Last day': `${year}-12-27` });
  const range = `${dateWords(`${year}-12-24`, '2000-01-01')} to ${dateWords(`${year}-12-27`, '2000-01-01')}`;
  await expect.poll(dm(olga), patient).toContain(`is closed from ${range}, Winter break`);
  await me.command('/ml days', room);
  await expect.poll(told(olga), patient).toContain(`${range}: Winter break`);
  expect(told(olga)()).toContain(`Christmas Day (DE-BE ${year})`);
  await me.press('Remove', { channel: room });
  await expect.poll(told(olga), patient).toContain('is no longer closed on');
  expect((await closed()).map(({ name }) => name)).not.toContain('Easter Monday');
});

it('a member in India confirms their own: they count for them alone', async () => {
  const me = stage.slack.as(dev);
  const india = await boxes('IN');
  const chosen = india.filter(({ name }) => /Republic|Gandhi/.test(name));
  await me.command('/ml holidays mine', room);
  await expect.poll(() => me.modal(), patient).toContain('Country');
  await me.submit({ Country: 'India', Year: String(year) });
  await expect.poll(() => me.modal(), patient).toContain('Region');
  await me.submit();
  await expect.poll(() => me.modal(), patient).toContain('on which of these days are you away?');
  expect(await away(dev)).toEqual([]);
  await me.submit({ 'Public holidays': chosen.map(({ box }) => box) });
  await expect.poll(dm(dev), patient).toContain(`away on 2 holidays of India in ${year}`);
  expect(await away(dev)).toEqual(chosen.map(({ date, name }) => ({ date, name })));
  expect(await away(lea)).toEqual([]);
  expect((await closed()).map(({ name }) => name)).not.toContain('Republic Day');
  expect(stage.errors).toEqual([]);
});

it('the question about the next year opens what is suggested', async () => {
  const { context } = stage.app;
  const me = stage.slack.as(lea);
  // A button that is slow to answer opens nothing: what is suggested is known by now.
  const [first] = await boxes('SG');
  const asked = [{ teamId, team: 'Applied ML', code: 'SG', name: 'Singapore', isDone: false }];
  await announce(context, 'question', { channel: lea, owner: lea }, nextYearCard(asked, year));
  await stage.settle();
  await expect.poll(dm(lea), patient).toContain(`Which holidays count in ${year}?`);
  await me.press('Look through them', { channel: 'dm' });
  await expect
    .poll(() => me.modal(), patient)
    .toContain(`Singapore, ${year}: on which of these days is Applied ML closed?`);
  await me.submit({ 'Public holidays': [first?.box ?? ''], 'Later in the year': [] });
  await expect.poll(dm(lea), patient).toContain(`closed on 1 holiday of Singapore in ${year}`);
  expect(stage.errors).toEqual([]);
});
