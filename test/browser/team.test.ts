import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lea, room, setTheStage, type Stage } from '../support/stage.ts';
import { lookTwice, shoot } from './guest.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

let stage: Stage;
let browser: Browser;
let me: Newcomer;

beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket', empty: true });
  browser = await openBrowser();
  me = await sitDown(browser, `${stage.slack.url}/?user=${lea}&channel=C02RETAIN`);
});
afterAll(async () => {
  await me?.close();
  await browser?.close();
  await stage?.close();
});

const field = (label: string) =>
  me
    .dialog()
    .getByLabel(new RegExp(`^${label}( \\(optional\\))?$`))
    .first();
const opened = (title: string) => me.dialog().getByRole('heading', { name: title, exact: true }).waitFor();
const save = async (name = 'Save') => {
  await me.send(name);
  await me.dialog().waitFor({ state: 'detached' });
};
const refused = (words: string) => me.dialog().getByRole('alert').filter({ hasText: words }).waitFor();
const says = (message: Locator, words: string | RegExp) => message.getByText(words).first().waitFor();

/** Opens the list of a select and takes these; a list for several stays open until Escape. */
async function pick(label: string, ...options: string[]): Promise<void> {
  await field(label).click();
  for (const name of options) await me.page.getByRole('option', { name }).click();
  if (await me.page.getByRole('combobox', { name: 'Filter' }).isVisible()) await me.page.keyboard.press('Escape');
}
async function home(): Promise<Locator> {
  await me.page.getByRole('navigation').getByRole('button', { name: 'Pitcrew' }).click();
  await me.page.getByRole('tab', { name: 'Home' }).click();
  return me.page.getByRole('tabpanel');
}
async function fromTheApp(): Promise<void> {
  await home();
  await me.page.getByRole('tab', { name: 'Messages' }).click();
}

it('where nothing is yet, the menu and Home say so', async () => {
  await me.say('/ml');
  await says(me.message('Pitcrew – 0 models'), 'you own none');
  await lookTwice(me.page, 'team-nothing-yet');
  await (await home()).getByText('You own no model yet.').waitFor();
  await shoot(me.page, 'team-home-empty');
  await me.openChannel(room);
});

it('the lead makes the team in a form and adds its people with their roles', async () => {
  await me.say('/ml team new');
  await opened('Team');
  await field('Name').fill('Applied ML');
  expect(await field('Channel').textContent()).toContain('#ml-retention');
  expect(await field('Lead').textContent()).toContain('Lea Adler');
  expect(await field('Time zone').inputValue()).toBe('Europe/Berlin');
  await pick('Working days', 'Fri');
  await field('Day begins').fill('8:00');
  await me.send('Save');
  await refused('Write the time like 09:00.');
  await field('Day begins').fill('08:00');
  await lookTwice(me.page, 'team-form');
  await save();
  await fromTheApp();
  await says(me.message('Team Applied ML is made'), 'Add its people');
  await me.openChannel(room);

  const crew = [
    [['Olga Marin'], ['Data scientist', 'Product manager']],
    [
      ['Dev Patel', 'Lea Adler'],
      ['ML engineer', 'Monitoring and retraining'],
    ],
    [['Enzo Gil'], ['DevOps / infrastructure']],
    [['Mei Chen'], ['Data engineer', 'QA / testing']],
    [['Pia Roth'], ['Stakeholder']],
  ] as const;
  for (const [people, roles] of crew) {
    await me.say('/ml team add');
    await opened('Add people');
    await pick('People', ...people);
    await pick('Roles', ...roles);
    if (people.length > 1) await lookTwice(me.page, 'team-add-people');
    await save('Add');
  }
  await me.say('/ml team');
  const team = me.message('Working hours');
  await says(team, 'Mon, Tue, Wed, Thu 08:00–17:00, Europe/Berlin');
  await expect.poll(() => team.textContent()).toMatch(/ML engineer: @Dev Patel, @Lea Adler/);
  await expect.poll(() => team.textContent()).toMatch(/Stakeholders: @Pia Roth/);
  expect(await team.textContent()).not.toContain('nobody yet');
  await lookTwice(me.page, 'team-card');
});

it('the lead registers a model with owner and deputy, and both can be seen', async () => {
  await me.say('/ml model register churn-model');
  await opened('Register a model');
  await pick('Owner', 'Olga Marin');
  await pick('Deputy', 'Olga Marin');
  await pick('Tier', '1, business critical');
  await field('What it does').fill('Who is about to leave');
  await me.send('Register');
  await refused('it has to be somebody else');
  await pick('Deputy', 'Dev Patel');
  await lookTwice(me.page, 'team-register-model');
  await save('Register');
  await me.say('/ml who churn-model');
  const who = me.message('May approve a rollback');
  await expect.poll(() => who.textContent()).toMatch(/Owner\s*@Olga Marin.*Deputy\s*@Dev Patel/s);
  await says(who, 'business critical');
});

it('the owner offers the model, and it is the taker who says yes', async () => {
  const { page, message } = me;
  await me.become('Olga Marin');
  await fromTheApp();
  await message('with you as its owner').getByRole('button', { name: 'Hand over' }).click();
  await opened('Hand over a model');
  await pick('New owner', 'Enzo Gil');
  await save('Ask them');
  await me.become('Enzo Gil');
  const waits = await home();
  await waits.getByText('asks you to take it over').waitFor();
  await lookTwice(page, 'team-offer-at-home');
  await fromTheApp();
  const offer = message('asks you to take over churn-model');
  await says(offer, 'stays the owner');
  await lookTwice(page, 'team-offer');
  await offer.getByRole('button', { name: 'Accept' }).click();
  await says(offer, 'owns it since');
  await me.openChannel(room);
  await says(message('@Enzo Gil owns churn-model now; it was @Olga Marin'), 'Deputy');
  await lookTwice(page, 'team-new-owner');
});

it('the new owner sees what the team lacks and takes over duties of somebody who was alone with them', async () => {
  const { page, message } = me;
  const alone = /only @Mei Chen can do this/;
  await me.say('/ml coverage');
  const lacks = message('What Applied ML lacks');
  await lacks.getByText('Only visible to you').waitFor();
  await lookTwice(page, 'team-coverage');
  await lacks.getByText(alone).locator('xpath=following::button[.="Assign"][1]').click();
  await opened('Name somebody');
  await pick('People', 'Olga Marin', 'Enzo Gil');
  await expect.poll(() => field('People').textContent()).toBe('Mei ChenEnzo Gil');
  await lookTwice(page, 'team-name-somebody');
  await save();
  await fromTheApp();
  await says(message('@Mei Chen, @Enzo Gil can look after the input pipelines'), 'for churn-model');
  await me.openChannel(room);
  await says(lacks, alone);
  await me.say('/ml coverage');
  await lacks.getByText(alone).waitFor({ state: 'detached' });
  await says(lacks, /only @Olga Marin can do this/);
});

it('a goal is set, the stakeholder agrees, and a first result meets it', async () => {
  const { page, message } = me;
  await me.become('Olga Marin');
  await me.say('/ml metrics add churn-model');
  await opened('A shared metric');
  await field('Name').fill('Customers kept');
  await pick('Kind', 'Business');
  await field('Comes in as').fill('kept');
  await field('Goal').fill('80');
  await field('Unit').fill('%');
  await lookTwice(page, 'team-goal-form');
  await save();
  const goal = message('Customers kept of churn-model');
  await says(goal, 'at least 80 %');
  await me.become('Pia Roth');
  await goal.getByRole('button', { name: 'Agree' }).click();
  await says(goal, /Agreed by @Olga Marin, @Pia Roth/);
  await lookTwice(page, 'team-goal-agreed');
  await goal.getByRole('button', { name: 'Open' }).click();
  await opened('Goal');
  await me.dialog().getByText('no reading in the last 30 days').waitFor();
  await shoot(page, 'team-goal-open');
  await me.dialog().getByRole('button', { name: 'Enter a result' }).click();
  await opened('Enter a result');
  await field('Value').fill('84');
  await me.send('Save');
  await opened('Goal');
  await save('Close');
  await me.say('/ml metrics churn-model');
  await says(message('1 of 1 goal met'), /Customers kept is 84 % – goal at least 80 %: met/);
  await lookTwice(page, 'team-metrics');
});

it('Home shows all of it to its owner, and what is theirs to a stakeholder', async () => {
  const shown = await home();
  await shown.getByText('You own no model yet.').waitFor();
  await shown.getByText('Applied ML: 1 of 1 goal met').waitFor();
  await me.become('Enzo Gil');
  await shown.getByText('Nothing waits for you.').waitFor();
  await shown.getByText(/churn-model, tier 1, in #ml-retention – you are the owner/).waitFor();
  await shown.getByText('Applied ML: 1 of 1 goal met').waitFor();
  await shown.getByText(/Applied ML has gaps in \d+ duties/).waitFor();
  await lookTwice(me.page, 'team-home');
  await me.page.setViewportSize({ width: 390, height: 844 });
  await shoot(me.page, 'team-home-phone');
  expect(me.complaints).toEqual([]);
  expect(stage.errors).toEqual([]);
});
