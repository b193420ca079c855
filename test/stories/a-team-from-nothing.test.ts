import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({
    transport: 'socket',
    empty: true,
    userGroups: [{ id: 'S0ML', handle: 'ml', name: 'ML people', users: [olga, dev, enzo, 'U0LOCALBOT'] }],
  });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const dm = (who: string) => () => stage.slack.as(who).dm().at(-1) ?? '';

it('a lead makes the team in a form; what does not fit stands under its field', async () => {
  const me = stage.slack.as(lea);
  await me.command('/ml team new', room);
  await expect.poll(() => me.modal()).toContain('Day begins');
  const wrong = await me.submit({ Name: '<!channel>', 'Day ends': '25:00' });
  expect(wrong.errors?.['Day ends']).toContain('Write the time like 09:00');
  expect((await me.submit({ 'Day ends': '17:00' })).errors?.['Name']).toContain('mention');
  expect(await me.submit({ Name: 'Applied ML' })).toMatchObject({ ok: true });
  await me.command('/ml team', room);
  await expect.poll(told(lea)).toContain('Applied ML in #ml-retention, led by @lea');
});

it('there is no second team of the same name in another case', async () => {
  const me = stage.slack.as(lea);
  await me.command('/ml team new', room);
  await expect.poll(() => me.modal()).toContain('Day begins');
  expect((await me.submit({ Name: 'APPLIED ml' })).errors?.['Name']).toContain('already a team named');
  await me.closeModal();
});

it('a user group is taken in with one click; apps are named and left out', async () => {
  const me = stage.slack.as(lea);
  await me.command('/ml team import @ml', room);
  await expect.poll(told(lea)).toContain('would take in @olga, @dev, @enzo');
  expect(told(lea)()).toMatch(/is an app/);
  await me.press('Take them in', { channel: room });
  await expect.poll(told(lea)).toContain('3 people joined');
});

it('people get several roles, and guests are refused kindly', async () => {
  const me = stage.slack.as(lea);
  await me.command('/ml team add', room);
  await expect.poll(() => me.modal()).toContain('People');
  await me.submit({ People: ['dev', 'enzo'], Roles: ['ML engineer', 'Monitoring and retraining'] });
  await me.command('/ml team', room);
  await expect.poll(told(lea)).toContain('ML engineer: @dev, @enzo');
  expect(told(lea)()).toContain('Data engineer: :grey_question: nobody yet');
  stage.slack.setPerson(pia, { kind: 'guest' });
  await me.command('/ml team add', room);
  await expect.poll(() => me.modal()).toContain('People');
  expect(Object.values((await me.submit({ People: ['pia'] })).errors ?? {}).join()).toContain('is a guest here');
  await me.closeModal();
});

it('of two people who edit at once, the later sees both versions and decides', async () => {
  const [first, later] = [stage.slack.as(lea), stage.slack.as(dev)];
  await first.command('/ml team edit', room);
  await later.command('/ml team edit', room);
  await expect.poll(() => later.modal()).toContain('Applied ML');
  await first.submit({ 'Day begins': '08:00' });
  await later.submit({ 'Day begins': '10:00' });
  await expect.poll(() => later.modal()).toContain('theirs 08:00, yours 10:00');
  await later.submit();
  await later.command('/ml team', room);
  await expect.poll(told(dev)).toContain('10:00–17:00');
});

it('only people of the team change it', async () => {
  const me = stage.slack.as(pia);
  await me.command('/ml team remove @dev', room);
  await expect.poll(told(pia)).toContain('Only the people of Applied ML change their team');
});

it('days away are said in a command, wrong ones are refused', async () => {
  const me = stage.slack.as(olga);
  await me.command('/ml away 2099-12-24 2099-12-20', room);
  await expect.poll(told(olga)).toContain('The last day lies before the first');
  await me.command('/ml away 2099-12-24 2099-12-27 skiing', room);
  await expect.poll(told(olga)).toContain('you are away from 2099-12-24 to 2099-12-27');
});

it('who leaves the channel is asked whether they leave the team, too; nothing changes before they say so', async () => {
  await stage.slack.as(enzo).leave(room);
  await expect.poll(dm(enzo)).toContain('Do you leave team Applied ML, too?');
  await stage.slack.as(enzo).press('I am still in the team', { channel: 'dm' });
  await expect.poll(dm(enzo)).toContain('stay in team Applied ML');
  await stage.slack.as(lea).command('/ml team', room);
  await expect.poll(told(lea)).toContain('ML engineer: @dev, @enzo');
});

it('who comes back into the channel has answered, too', async () => {
  await stage.slack.as(enzo).join(room);
  await stage.slack.as(enzo).leave(room);
  await expect.poll(dm(enzo)).toContain('Do you leave team Applied ML, too?');
  await stage.slack.as(enzo).join(room);
  await expect.poll(dm(enzo)).toContain('stay in team Applied ML');
});

it('who says that they leave is out the same minute, and the lead reads it', async () => {
  await stage.slack.as(enzo).leave(room);
  await expect.poll(dm(enzo)).toContain('Do you leave team Applied ML, too?');
  await stage.slack.as(enzo).press('I leave the team', { channel: 'dm', containing: 'Do you leave' });
  await expect.poll(dm(enzo)).toContain('no longer in team Applied ML');
  await expect.poll(dm(lea)).toContain('@enzo is no longer in Applied ML');
  await stage.slack.as(lea).command('/ml team', room);
  await expect.poll(told(lea)).toContain('ML engineer: @dev\n');
});

it('who is back early says so', async () => {
  const today = new Date().toISOString().slice(0, 10);
  await stage.slack.as(olga).command('/ml back', room);
  await expect.poll(told(olga)).toContain('You are not away today');
  await stage.slack.as(olga).command(`/ml away ${today} 2099-01-01`, room);
  await expect.poll(told(olga)).toContain('Have a good time');
  await stage.slack.as(olga).command('/ml back', room);
  await expect.poll(told(olga)).toContain('Welcome back');
  await stage.slack.as(olga).command('/ml away cancel 2099-12-24', room);
  await expect.poll(told(olga)).toContain('not away from 2099-12-24 after all');
});

it('a lead who leaves the channel stays the lead', async () => {
  await stage.slack.as(lea).leave(room);
  await expect.poll(dm(lea)).toContain('still lead team Applied ML');
  await stage.slack.as(lea).join(room);
});

it('a lead hands the lead over before leaving', async () => {
  await stage.slack.as(lea).command('/ml team leave', room);
  await expect.poll(told(lea)).toContain('Choose another lead');
  expect(stage.errors).toEqual([]);
});
