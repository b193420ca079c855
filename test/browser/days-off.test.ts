import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setTheStage, type Stage } from '../support/stage.ts';
import { lookTwice, shoot } from './guest.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

const year = String(new Date().getUTCFullYear() + 1);
let stage: Stage;
let browser: Browser;
let me: Newcomer;

beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
  browser = await openBrowser();
  me = await sitDown(browser, `${stage.slack.url}/?user=U03LEA&channel=C02RETAIN`);
});
afterAll(async () => {
  await me?.close();
  await browser?.close();
  await stage?.close();
});

const choose = async (label: string, option: string) => {
  await me.dialog().getByLabel(label).click();
  await me.page.getByRole('option', { name: option, exact: true }).click();
};

it('a lead is shown the holidays of a region, unticks one, and confirms the rest', async () => {
  await me.say('/ml holidays');
  await me.dialog().getByText('Country').waitFor();
  await choose('Country', 'Germany');
  await choose('Year', year);
  await shoot(me.page, 'holidays-country');
  await me.send('Next');
  await me.dialog().getByText('Only what all of Germany has').waitFor();
  await choose('Region', 'Berlin');
  await me.send('Next');
  await me.dialog().getByText('on which of these days is Applied ML closed?').waitFor();
  await me.dialog().getByLabel(/Women/).uncheck();
  await lookTwice(me.page, 'holidays-days');
  await me.send('Confirm');
  await me.dialog().waitFor({ state: 'hidden' });
});

it('the days of the team are read with their weekday, added to by hand, and taken out', async () => {
  await me.say('/ml days');
  await me
    .message('Applied ML is closed')
    .getByText(/Labour Day/)
    .waitFor();
  expect(await me.message('Applied ML is closed').textContent()).not.toContain('Women');
  await lookTwice(me.page, 'days-closed');
  await me.message('Applied ML is closed').getByRole('button', { name: 'Add days' }).click();
  await me.dialog().getByLabel('First day').fill(`${year}-12-27`);
  await me.dialog().getByLabel('Last day').fill(`${year}-12-29`);
  await me.dialog().getByLabel('Name').fill('Winter break');
  await shoot(me.page, 'days-add');
  await me.send('Save');
  await me.dialog().waitFor({ state: 'hidden' });
  await me.say('/ml days');
  await me.message('Winter break').getByRole('button', { name: 'Remove' }).first().waitFor();
  expect(me.complaints).toEqual([]);
  expect(stage.errors).toEqual([]);
});
