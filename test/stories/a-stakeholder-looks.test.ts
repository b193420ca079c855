import { afterAll, beforeAll, expect, it } from 'vitest';
import { enzo, lea, olga, pia, room, setTheStage, type Stage } from '../support/stage.ts';

const mei = 'U06MEI';
let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
});
afterAll(() => stage.close());

const told = (who: string) => () => stage.slack.as(who).ephemerals().at(-1) ?? '';
const card = (words: string) => () =>
  stage.slack
    .as(pia)
    .channel(room)
    .findLast((said) => said.includes(words)) ?? '';
const ask = async (who: string, typed: string, words: string | RegExp) => {
  await stage.slack.as(who).command(typed, room);
  await expect.poll(told(who)).toMatch(words);
};
/** Why not, wherever it stands in the form. */
const refusal = async (who: string, values: Record<string, string | string[]>) => {
  const { errors } = await stage.slack.as(who).submit(values);
  return Object.values(errors ?? {}).join() || (stage.slack.as(who).modal() ?? '');
};

it('the lead names her a stakeholder, and nothing else', async () => {
  const me = stage.slack.as(lea);
  await me.command('/ml team add', room);
  await expect.poll(() => me.modal()).toContain('Add people');
  await me.submit({ People: ['pia'], Roles: ['Stakeholder'] });
  await ask(pia, '/ml team', 'Stakeholders: @pia');
  expect(told(pia)()).toContain('Product manager: :grey_question: nobody yet');
});

it('she reads in the words of the business what is met and what is off goal', async () => {
  const me = stage.slack.as(olga);
  const goals = [
    { Name: 'Customers kept', 'Comes in as': 'kept_rate', 'Good is': 'at least', Goal: '80', Unit: '%' },
    { Name: 'Complaints', 'Comes in as': 'complaints_7d', 'Good is': 'at most', Goal: '50', Unit: 'a week' },
  ];
  for (const goal of goals) {
    await me.command('/ml metrics add churn-model', room);
    await expect.poll(() => me.modal()).toContain('A shared metric');
    await me.submit({ Kind: 'Business', ...goal });
  }
  const at = new Date().toISOString();
  await stage.post('/api/v1/readings', [
    { model: 'churn-model', metric: 'kept_rate', value: 84, at },
    { model: 'churn-model', metric: 'complaints_7d', value: 71, at },
  ]);
  await stage.settle();

  await ask(pia, '/ml metrics', 'Goals of Applied ML\n1 of 2 goals met, off goal: Complaints');
  expect(told(pia)()).toContain('churn-model: :red_circle: Complaints is 71 a week – goal at most 50 a week: off goal');
  await ask(pia, '/ml metrics churn-model', 'Customers kept is 84 % – goal at least 80 %: met');
  expect(told(pia)()).not.toContain('kept_rate');
});

it('her Home says the same, and asks her for nothing', async () => {
  const home = await stage.slack.as(pia).home();
  expect(home).toContain('Nothing waits for you');
  expect(home).toContain('You own no model yet');
  expect(home).toContain('Applied ML: 1 of 2 goals met\n:red_circle: Off goal: churn-model: Complaints');
});

it('her word counts when the team agrees on a goal, and counts once', async () => {
  const me = stage.slack.as(pia);
  await me.press('Agree', { channel: room, containing: 'Customers kept of churn-model' });
  await stage.settle();
  expect(card('Customers kept of churn-model')()).toContain('Agreed by @olga, @pia');
  await me.press('Agree', { channel: room, containing: 'Customers kept of churn-model' });
  await expect.poll(told(pia)).toContain('You agreed to this goal already. Thank you.');
});

it('a rollback is decided by others, however often she presses', async () => {
  const asks = stage.slack.as(enzo);
  await asks.command('/ml rollback churn-model', room);
  await expect.poll(() => asks.modal()).toContain('Back to version');
  await asks.submit({ 'Back to version': 'Version 13', Why: 'complaints doubled since version 14' });
  await stage.settle();
  const me = stage.slack.as(pia);
  for (const decision of ['Approve', 'Reject']) {
    const before = me.ephemerals().length;
    await me.press(decision, { channel: room, containing: 'Roll back churn-model' });
    await expect.poll(() => me.ephemerals().length).toBe(before + 1);
    expect(told(pia)()).toContain("Only the model's owner, its deputy or the team's lead can decide this");
    expect(told(pia)()).toContain('I did not count your click');
    expect(me.modal()).toBeUndefined();
  }
  await me.press('Withdraw', { channel: room, containing: 'Roll back churn-model' });
  await expect.poll(told(pia)).toContain('Only the person who asked can withdraw it');
  await stage.settle();
  expect(card('Roll back churn-model')()).toContain('Waiting for 2 people to approve');
  expect(await me.home()).toContain('Nothing waits for you');
});

it('the model stays with its owner: she cannot take it, end it or put herself beside the owner', async () => {
  await ask(
    pia,
    '/ml model transfer churn-model @pia',
    'Only the owner of churn-model or the lead of Applied ML hands',
  );
  await ask(pia, '/ml model retire churn-model', 'Only the owner of churn-model or the lead of its team retires it');
  const onlyGoals = 'Stakeholders of Applied ML see everything, and change its goals only. Ask its lead.';
  await ask(pia, '/ml duty gov.deputy @pia churn-model', onlyGoals);
  const me = stage.slack.as(pia);
  await me.command('/ml model edit churn-model', room);
  await expect.poll(() => me.modal()).toContain('Change a model');
  const sentence = 'Only the owner of churn-model, or the lead of Applied ML, changes this.';
  expect(await refusal(pia, { Deputy: 'pia' })).toBe(sentence);
  expect(await refusal(pia, { Deputy: 'dev', Tier: '3, experiment' })).toBe(sentence);
  await me.closeModal();
  await ask(pia, '/ml who churn-model', /Owner\n@olga[^]*Deputy\n@dev[^]*May approve a rollback\n@olga, @dev, @lea\n/);
});

it('nobody thinks of her where hands are needed', async () => {
  await ask(pia, '/ml coverage', 'Could help: @');
  const helpers = told(pia)().match(/Could help: .*/g) ?? [];
  expect(helpers.join()).not.toContain('@pia');
});

it('a stakeholder of another team reads the goals, too, but has no say in them', async () => {
  const [me, lead] = [stage.slack.as(mei), stage.slack.as(lea)];
  await ask(mei, '/ml team leave', 'You left Applied ML');
  await lead.command('/ml team new', 'ml-pricing');
  await expect.poll(() => lead.modal()).toContain('Day begins');
  await lead.submit({ Name: 'Pricing' });
  await lead.command('/ml team add Pricing', room);
  await expect.poll(() => lead.modal()).toContain('Add people');
  await lead.submit({ People: ['mei'], Roles: ['Stakeholder'] });
  await ask(mei, '/ml team Pricing', 'Stakeholders: @mei');
  await ask(mei, '/ml metrics churn-model', '1 of 2 goals met, off goal: Complaints');

  const only = 'Only the team of churn-model and its stakeholders set and agree its goals.';
  await me.press('Agree', { channel: room, containing: 'Complaints of churn-model' });
  await expect.poll(told(mei)).toContain(only);
  await me.press('Open', { channel: room, containing: 'Complaints of churn-model' });
  await expect.poll(() => me.modal()).toContain('71 a week');
  await me.press('Change');
  await expect.poll(() => me.modal()).toContain('A shared metric');
  expect(await refusal(mei, { Goal: '90' })).toContain(only);
  await me.closeModal();
  await me.press('Enter a result');
  await expect.poll(() => me.modal()).toContain('Enter a result');
  expect(await refusal(mei, { Value: '12' })).toContain(only);
  await me.closeModal();
  await me.press('Take back');
  await expect.poll(() => me.dm().at(-1)).toContain(only);
  await me.closeModal();
  await ask(pia, '/ml metrics churn-model', 'Complaints is 71 a week – goal at most 50 a week: off goal');
});

it('nor does she change what is not her team', async () => {
  const own = 'Only the people of Applied ML change their team. Ask its lead.';
  await ask(mei, '/ml team edit Applied ML', own);
  await ask(mei, '/ml team add Applied ML', own);
  await ask(mei, '/ml team remove @pia Applied ML', own);
  await ask(mei, '/ml duty oncall @mei churn-model', own);
  await ask(mei, '/ml model edit churn-model', 'Only the people of Applied ML change churn-model.');
  await ask(mei, '/ml coverage Applied ML', 'shown to its own people only. Ask the lead of Applied ML');
  const me = stage.slack.as(mei);
  await me.command('/ml rollback churn-model', room);
  await expect.poll(told(mei)).toContain('already waiting in the channel');
  await me.press('Approve', { channel: room, containing: 'Roll back churn-model' });
  await expect.poll(told(mei)).toContain('no longer in the team that owns this model');
  expect(stage.errors).toEqual([]);
});

it('she makes herself neither lead nor approver, and takes nobody out', async () => {
  const onlyGoals = 'Stakeholders of Applied ML see everything, and change its goals only. Ask its lead.';
  await ask(pia, '/ml duty rollback.approve @pia churn-model', onlyGoals);
  await ask(pia, '/ml team remove @enzo', onlyGoals);
  await ask(pia, '/ml team edit', onlyGoals);
  expect(stage.errors).toEqual([]);
});
