import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { room, setTheStage, type Stage } from '../support/stage.ts';
import { openBrowser, sitDown } from './newcomer.ts';

let stage: Stage;
let browser: Browser;

beforeAll(async () => {
  stage = await setTheStage({ transport: 'socket' });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await stage?.close();
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
  for (const next of ['/ml-standup', '/ml-rollback']) {
    await page.keyboard.press('ArrowDown');
    await commands.getByRole('option', { name: next, selected: true }).waitFor();
  }
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
