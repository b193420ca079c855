import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { room, setTheStage, type Stage } from '../support/stage.ts';
import { lookTwice, shoot } from './guest.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

/** A Monday before anybody is asked; the clock goes on when it is told. */
const clock = { now: new Date('2026-11-30T06:00:00Z') };
let stage: Stage;
let browser: Browser;
let me: Newcomer;

beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket', clock });
  browser = await openBrowser();
  me = await sitDown(browser, `${stage.slack.url}/?user=U03LEA&channel=C02RETAIN`);
});
afterAll(async () => {
  await me?.close();
  await browser?.close();
  await stage?.close();
});

const at = async (time: string) => {
  clock.now = new Date(time);
  await stage.settle();
};
const choose = async (label: string, option: string) => {
  await me.dialog().getByLabel(label).click();
  await me.page.getByRole('option', { name: option }).click();
};
const openDm = async () => {
  await me.page.getByRole('region', { name: 'Apps' }).getByRole('button', { name: 'Pitcrew' }).click();
  const tab = me.page.getByRole('tab', { name: 'Messages' });
  if (await tab.isVisible()) await tab.click();
};

it('a standup is set up in a form that shows the rule and its dates, and follows what is chosen', async () => {
  await me.say('/ml standup new');
  const { dialog } = me;
  await dialog().getByText('Every weekday at 09:30, UTC').waitFor();
  await dialog().getByText('Mon 30 Nov, Tue 1 Dec, Wed 2 Dec').waitFor();
  await lookTwice(me.page, 'standup-set-up');
  await choose('How often', 'Every second week');
  await dialog().getByText('Every second week from Monday to Friday').waitFor();
  await choose('How often', 'Every week');
  await dialog().getByText('Every weekday at 09:30, UTC').waitFor();
  await me.send('See the rule');
  await dialog().getByText('The digest comes when all have answered').waitFor();
  await shoot(me.page, 'standup-preview');
  await me.send('Save');
  await dialog().waitFor({ state: 'hidden' });
});

it('what somebody said is made a work item from the menu of the message, and started', async () => {
  await me.say('Somebody has to backfill the labels of March.');
  const said = me.message('backfill the labels of March');
  await said.hover();
  await said.getByRole('button', { name: 'More actions' }).click();
  await shoot(me.page, 'work-shortcut');
  await me.page.getByRole('menuitem', { name: 'Make it a work item' }).click();
  await choose('Who does it', 'Olga Marin');
  await lookTwice(me.page, 'work-form');
  await me.send('Make it');
  await me.dialog().waitFor({ state: 'hidden' });
  await stage.settle();
  await me.become('Olga Marin');
  await openDm();
  const card = me.message('Work item 1');
  await card.getByRole('button', { name: 'Start', exact: true }).click();
  await card.getByText('In progress').waitFor();
  await lookTwice(me.page, 'work-card');
  await me.say('/ml work');
  await me.message('1 in progress, 0 in review').waitFor();
  await lookTwice(me.page, 'work-list');
});

it('somebody is asked by direct message with what is known, and answers in a form', async () => {
  await at('2026-11-30T09:31:00Z');
  await me.become('Olga Marin');
  await openDm();
  await me.message('how does it go?').getByRole('button', { name: 'Answer', exact: true }).waitFor();
  await me
    .message('how does it go?')
    .getByText(/Work item 1 .* is in progress since/)
    .waitFor();
  await lookTwice(me.page, 'standup-asked');
  await me.message('how does it go?').getByRole('button', { name: 'Answer', exact: true }).click();
  await me.dialog().getByLabel('Plan').fill('Retrain churn-model without March');
  await me.dialog().getByLabel('What is in the way').fill('The labels of March are missing');
  await choose('Who or what is needed', 'A data engineer');
  await lookTwice(me.page, 'standup-answer');
  await me.send('Send');
  await me.message('thank you').waitFor();
  await stage.settle();
  await shoot(me.page, 'standup-answered');
});

it('what is in the way reaches who can help', async () => {
  await me.become('Mei Chen');
  await openDm();
  await me.message('The labels of March are missing').getByRole('button', { name: 'Take it' }).waitFor();
  await shoot(me.page, 'standup-blocker');
  await me.message('how does it go?').getByRole('button', { name: 'Away today' }).click();
  await me.message('you are away').waitFor();
});

it('the digest stands in the channel, with the details in its thread', async () => {
  await at('2026-11-30T11:01:00Z');
  await me.openChannel(room);
  const parent = me.message('Standup of Applied ML, Mon 30 Nov');
  await parent.getByText(/1 answered, 1 away, 4 not yet/).waitFor();
  await parent.getByRole('button', { name: /repl/ }).click();
  await me.page.getByText('Retrain churn-model without March').first().waitFor();
  await lookTwice(me.page, 'standup-digest');
});

it('fits on a phone, and Home says what waits', async () => {
  await at('2026-12-01T09:31:00Z');
  await me.become('Olga Marin');
  await me.page.setViewportSize({ width: 390, height: 844 });
  await me.page.goto(`${stage.slack.url}/?user=U01OLGA&home`);
  await shoot(me.page, 'standup-phone');
  await me.page.setViewportSize({ width: 1280, height: 900 });
  const home = await stage.slack.as('U01OLGA').home();
  expect(home).toContain('Standup, Tue 1 Dec: how does it go?');
  expect(me.complaints).toEqual([]);
  expect(stage.errors).toEqual([]);
});
