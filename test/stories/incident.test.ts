import { afterAll, beforeAll, expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const patience = { timeout: 10_000 };
const channel = 'inc-1-churn-model';
const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1);
const modal = (who: string) => () => stage.slack.as(who).modal() ?? '';
const card = () =>
  stage.slack
    .as(pia)
    .channel(room)
    .find((text) => text.includes('Incident 1: ')) ?? '';
const press = async (who: string, label: string, containing = 'Incident 1: ') =>
  await stage.slack.as(who).press(label, { channel: room, containing });

it('an incident is declared by command, and its channel has people, topic, pin and bookmark', async () => {
  const me = stage.slack.as(dev);
  await me.command('/ml incident declare churn-model', room);
  await expect.poll(modal(dev)).toContain('Declare incident');
  expect(modal(dev)()).not.toContain('Is it one of these?');
  await me.submit({ 'What is wrong': 'Scores are far off', 'What we see': 'Calls go to the wrong people.' });
  await stage.settle();
  expect(card()).toContain('Scores are far off');
  const there = () => stage.slack.as(enzo).channel(channel).join('\n');
  await expect.poll(there, patience).toContain('Scores are far off');
  expect(there()).toContain('set the channel topic: SEV2 active: Scores are far off (churn-model)');
  const added = () => stage.slack.calls('bookmarks.add').map(({ args }) => args['title']);
  await expect.poll(added, patience).toEqual(["Incident 1 in the model's channel"]);
  expect(stage.slack.calls('pins.add')).toHaveLength(1);
});

it('whoever declares the next one sees it first, and the same need not be told twice', async () => {
  const me = stage.slack.as(enzo);
  await me.command('/ml incident declare churn-model', room);
  await expect.poll(modal(enzo)).toContain('Is it one of these? Then go on there instead.');
  expect(modal(enzo)()).toContain('1 Scores are far off (churn-model, SEV2)');
  await me.submit({ 'What is wrong': 'Calls are wrong' });
  await stage.settle();
  await press(enzo, 'Merge', 'Incident 2: ');
  await expect.poll(modal(enzo)).toContain('Everybody goes on there.');
  await me.submit({ Into: 'Incident 1: Scores are far off' });
  await stage.settle();
  const merged = () =>
    stage.slack
      .as(pia)
      .channel(room)
      .find((text) => text.includes('Incident 2: ')) ?? '';
  await expect.poll(merged).toContain('Merged by @enzo into incident 1, Scores are far off');
});

it('command is taken, and handed on once the other says yes', async () => {
  await press(olga, 'Take command');
  await stage.settle();
  await expect.poll(card).toContain('Commander\n@olga');
  await press(olga, 'Roles');
  await expect.poll(modal(olga)).toContain('They have it once they accept');
  await stage.slack.as(olga).submit({ Role: 'Commander', Who: lea });
  await stage.settle();
  expect(card()).toContain('@olga (@lea is asked)');
  await stage.slack.as(lea).press('Accept', { channel: 'dm' });
  await stage.settle();
  await expect.poll(card).toContain('Commander\n@lea');
});

it('everybody hears how it stands, by what is known, done and needed', async () => {
  await press(lea, 'Update');
  await stage.slack.as(lea).submit({ 'How it is': 'All scores are too high.', 'What is needed': 'A list from sales.' });
  await stage.settle();
  await expect.poll(card).toContain('Update 1');
  expect(stage.slack.as(enzo).channel(channel).join('\n')).toContain('What is needed: A list from sales.');
});

it('severity is raised by anybody and lowered by few, and an old form overwrites nothing', async () => {
  await press(enzo, 'Severity');
  await press(pia, 'Severity');
  await stage.slack.as(pia).submit({ 'How bad is it': 'SEV1, people outside the team are harmed now' });
  await stage.settle();
  await expect.poll(card).toContain('SEV1');
  const late = await stage.slack.as(enzo).submit({ 'How bad is it': 'SEV1, people outside the team are harmed now' });
  expect(Object.values(late.errors ?? {}).join()).toContain('Somebody made it a SEV1 while you looked.');
  await stage.slack.as(enzo).closeModal();
  await press(pia, 'Severity');
  const no = await stage.slack.as(pia).submit({ 'How bad is it': 'SEV3, degraded, with a workaround' });
  expect(Object.values(no.errors ?? {}).join()).toContain('Only who leads the incident');
  await stage.slack.as(pia).closeModal();
});

it('a rollback in it holds up "mitigated" until it is seen', async () => {
  await press(enzo, 'Roll back');
  await expect.poll(modal(enzo), patience).toContain('Back to version');
  await stage.slack.as(enzo).submit({ 'Back to version': 'Version 13', Why: 'scores are far off since version 14' });
  await stage.settle();
  await press(lea, 'Mitigated');
  const early = await stage.slack.as(lea).submit({ 'What stopped it': 'We go back to version 13.' });
  expect(early.errors?.['In spite of that, because']).toContain('Rollback 1 is not finished');
  await stage.slack.as(lea).closeModal();
  for (const who of [olga, dev]) await press(who, 'Approve', 'Roll back churn-model');
  await stage.settle();
  const at = new Date().toISOString();
  await stage.post('/api/v1/readings', [{ model: 'churn-model', metric: 'served_version', value: 13, at }]);
  await stage.settle();
  await press(lea, 'Mitigated');
  await stage.slack.as(lea).submit({ 'What stopped it': 'We are back at version 13.' });
  await stage.settle();
  await expect.poll(card, patience).toContain('Impact stopped, being watched.');
});

it('is watched for a while; who knows better says why it is over, and times are put right', async () => {
  await press(lea, 'Resolve');
  const early = await stage.slack.as(lea).submit({ 'What ended it': 'Back at version 13.' });
  expect(early.errors?.['In spite of that, because']).toContain('It is watched for 30 minutes first');
  await stage.slack.as(lea).submit({ 'In spite of that, because': 'Sales checked fifty calls.' });
  await stage.settle();
  await expect.poll(card).toContain('Resolved by @lea');
  await press(dev, 'Correct times');
  await expect.poll(modal(dev)).toContain('Figures are made from these.');
  const wrong = await stage.slack.as(dev).submit({ 'Began at the earliest': 'on Sunday' });
  expect(wrong.errors?.['Began at the earliest']).toContain('Write it in UTC like');
  await stage.slack.as(dev).submit({ 'Began at the earliest': '2026-01-05 06:00' });
  await stage.settle();
});

it('a form that was opened before somebody else saved overwrites nothing', async () => {
  await press(dev, 'Correct times');
  await expect.poll(modal(dev)).toContain('Figures are made from these.');
  await press(lea, 'Correct times');
  await expect.poll(modal(lea)).toContain('Figures are made from these.');
  await stage.slack.as(lea).submit({ 'Began at the earliest': '2026-01-05 06:30' });
  await stage.settle();
  await stage.slack.as(dev).submit({ 'Began at the earliest': '2026-01-05 07:00' });
  await expect.poll(modal(dev)).toContain('Somebody changed this incident while you wrote.');
  await stage.slack.as(dev).closeModal();
});

it('opens again with a reason', async () => {
  await press(dev, 'Reopen');
  await stage.slack.as(dev).submit({ Why: 'two more calls were wrong' });
  await stage.settle();
  await expect.poll(card).toContain('Going on');
});

it('a false alarm is called off, with a reason that stays', async () => {
  await press(lea, 'Call off');
  await stage.slack
    .as(lea)
    .submit({ Why: 'Nothing was wrong', 'In your words': 'These two calls were right after all.' });
  await stage.settle();
  await expect.poll(card).toContain('Called off by @lea: Nothing was wrong.');
  await stage.slack.as(dev).command('/ml incident', room);
  await expect.poll(told(dev)).toContain('No incident is open.');
  expect(stage.errors).toEqual([]);
});
