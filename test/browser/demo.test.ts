import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { room, setTheStage, type Stage } from '../support/stage.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

let stage: Stage;
let browser: Browser;
let me: Newcomer;

beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
  browser = await openBrowser();
  await stage.report(5, 0.03);
  await stage.report(4, 0.31);
  await stage.report(3, 0.42);
});

afterAll(async () => {
  await me?.close();
  await browser?.close();
  await stage?.close();
});

const folder = new URL('../../.pitcrew/screenshots/', import.meta.url).pathname;
const shoot = (name: string) => me.page.screenshot({ path: `${folder}story-${name}.png` });

it('a newcomer plays the whole story by what the page shows', async () => {
  me = await sitDown(browser, stage.slack.url);
  const { page, message, dialog } = me;
  await me.openChannel(room);
  const alert = message('Drift: churn-model');
  await alert.getByText('Open, nobody is on it yet').waitFor();
  await alert.getByRole('img', { name: /Line chart of Wasserstein distance/ }).waitFor();

  await shoot('alert');
  await alert.getByRole('button', { name: 'Acknowledge' }).click();
  await alert.getByText('is on it', { exact: false }).filter({ hasText: 'Olga Marin' }).waitFor();
  await alert.getByText('(edited)').waitFor();

  await me.become('Enzo Gil');
  await page.waitForURL(/user=U04ENZO/);
  await alert.getByRole('button', { name: 'Roll back' }).click();
  await dialog().getByRole('heading', { name: 'Roll back model' }).waitFor();
  await dialog().getByLabel('Why').fill('bad');
  await dialog().getByRole('button', { name: 'Ask for approval' }).click();
  await dialog().getByRole('alert').getByText('Please enter at least 10 characters.').waitFor();
  await dialog().getByLabel('Back to version').click();
  await page.getByRole('option', { name: /Version 13/ }).click();
  await dialog().getByLabel('Why').fill('tenure_days drifts since this morning, scores are off');
  await dialog().getByRole('button', { name: 'Ask for approval' }).click();
  const rollback = message('Roll back churn-model');
  await rollback.getByText('Waiting for a second person').waitFor();
  expect(await dialog().count()).toBe(0);

  await rollback.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
  const refusal = message('someone else has to approve it');
  await refusal.getByText('Only visible to you').waitFor();

  await me.become('Olga Marin');
  await refusal.waitFor({ state: 'detached' });
  await rollback.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
  await rollback.getByText('Alias moved').waitFor();
  await shoot('alias-moved');
  await stage.post('/api/v1/readings', [{ model: 'churn-model', metric: 'served_version', value: '13' }]);
  await rollback.getByText('Rolled back', { exact: false }).first().waitFor();

  await me.become('Dev Patel');
  await alert.getByRole('button', { name: 'Declare incident' }).click();
  await dialog().getByLabel('What we see').fill('Retention calls go to the wrong people.');
  await dialog().locator('footer').getByRole('button').last().click();
  await page
    .getByRole('button', { name: /inc-1-churn-model/ })
    .first()
    .waitFor();

  await me.become('Olga Marin');
  await me.openChannel('inc-1-churn-model');
  const incident = message('Retention calls go to the wrong people.');
  await incident.getByRole('button', { name: 'Take command' }).click();
  await page.getByRole('article').getByRole('button', { name: 'Take command' }).waitFor({ state: 'detached' });
  await incident.getByRole('button', { name: 'Resolve' }).click();
  await dialog().getByLabel('What ended it').fill('Rolled back to version 13.');
  await dialog().locator('footer').getByRole('button').last().click();
  await page.getByRole('button', { name: 'Start post-mortem' }).last().click();
  const draft = message('declared incident 1');
  await draft.waitFor();
  await shoot('post-mortem');
  await draft.getByRole('button', { name: 'Write' }).click();
  await dialog().getByLabel('What made it likely').fill('The feed of tenure_days changed its unit.');
  await dialog().locator('footer').getByRole('button', { name: 'Save' }).click();
  await message('The feed of tenure_days changed its unit.').waitFor();

  await page.getByRole('navigation').getByRole('button', { name: 'Pitcrew' }).click();
  await page.getByRole('tab', { name: 'Home', selected: true }).waitFor();
  await page.getByRole('tabpanel').getByText('My models').waitFor();
  await shoot('home-of-the-owner');
  expect(me.complaints).toEqual([]);
});

it('everything can be done from the keyboard', async () => {
  const other = await sitDown(browser, `${stage.slack.url}/?user=U04ENZO&channel=C02RETAIN`);
  const { page, dialog } = other;
  const composer = page.getByRole('textbox', { name: `Message #${room}` });
  await composer.waitFor();
  expect(await composer.evaluate((element) => element.matches(':focus'))).toBe(true);

  await page.keyboard.type('/ml');
  const commands = page.getByRole('listbox', { name: 'Commands' });
  await commands.getByRole('option', { name: '/ml-rollback' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await commands.getByRole('option', { name: '/ml-rollback', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  expect(await composer.inputValue()).toBe('/ml-rollback ');
  await page.keyboard.type('churn-model');
  await page.keyboard.press('Enter');

  await dialog().getByRole('heading', { name: 'Roll back model' }).waitFor();
  const focused = dialog().locator(':focus');
  await focused.waitFor();
  const why = dialog().getByLabel('Why');
  for (let i = 0; i < 8 && !(await why.evaluate((element) => element.matches(':focus'))); i += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.type('typed without a mouse');
  expect(await why.inputValue()).toBe('typed without a mouse');
  for (let i = 0; i < 8; i += 1) {
    await page.keyboard.press('Tab');
    expect(await focused.count()).toBe(1);
  }
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });

  await page.keyboard.type('two');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('lines');
  expect(await composer.inputValue()).toBe('two\nlines');
  expect(other.complaints).toEqual([]);
  await other.close();
});

it('on a phone the list opens over the messages, and what people write is never more than text', async () => {
  const other = await sitDown(browser, `${stage.slack.url}/?user=U02DEV&channel=C01GENERAL`);
  const { page, message } = other;
  await page.setViewportSize({ width: 390, height: 800 });
  const toggle = page.getByRole('button', { name: 'Channels and people' });
  await toggle.click();
  await other.openChannel('ml-pricing');
  await page.waitForURL(/channel=C03PRICE/);
  expect(await toggle.getAttribute('aria-expanded')).toBe('false');

  const composer = page.getByRole('textbox', { name: 'Message #ml-pricing' });
  await composer.fill('<img src=x onerror=alert(1)> & <b>bold</b> for @olga');
  await composer.press('Enter');
  await message('<img src=x onerror=alert(1)> & <b>bold</b> for @Olga Marin').waitFor();
  const wide = await page.getByRole('main').evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(wide).toBe(0);
  expect(other.complaints).toEqual([]);
  await other.close();
});
