import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DemoProcess, freePort, startDemo } from '../support/demo-process.ts';
import { lookTwice, shoot } from './guest.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

let folder: string;
let demo: DemoProcess;
let browser: Browser;
let me: Newcomer;
const room = 'ml-retention';
const patience = { timeout: 60_000 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitcrew-story-'));
  const port = await freePort();
  demo = await startDemo(folder, port);
  browser = await openBrowser();
  me = await sitDown(browser, `http://127.0.0.1:${port}`);
});
afterAll(async () => {
  await me?.close();
  await browser?.close();
  demo?.kill();
  await rm(folder, { recursive: true, force: true });
});

/** The last look of a message that is edited while things go on. */
const says = (message: ReturnType<Newcomer['message']>, words: string | RegExp) =>
  message.getByText(words).first().waitFor(patience);

it('the newcomer asks around before anything happens', async () => {
  await me.openChannel(room);
  await me.message('Welcome to the pit').waitFor();
  await me.say('/ml who churn-model');
  const who = me.message('May approve a rollback');
  await who.getByText('Only visible to you').waitFor();
  await who.getByText('@Olga Marin').first().waitFor();
  await me.say('/ml models');
  await me.message('3 models registered').getByText('fraud-model').waitFor();
  await me.page.getByRole('navigation').getByRole('button', { name: 'Pitcrew' }).click();
  await me.page.getByRole('tabpanel').getByText('churn-model').first().waitFor();
  await me.openChannel(room);
});

it('an alert comes, somebody takes it, and two people bring the old version back', async () => {
  const { page, message, dialog } = me;
  const alert = message('Drift: churn-model');
  await says(alert, 'Open, nobody is on it yet');
  const drawing = alert.getByRole('button', { name: /Line chart of Wasserstein distance/ });
  await drawing.click();
  await lookTwice(page, 'story-chart');
  await page.keyboard.press('Escape');
  await lookTwice(page, 'story-alert');
  await alert.getByRole('button', { name: 'Acknowledge' }).click();
  await says(alert, /is on it/);
  await alert.getByText('(edited)').waitFor();

  await me.become('Enzo Gil');
  await page.waitForURL(/user=U04ENZO/);
  await alert.getByRole('button', { name: 'Roll back' }).click();
  await dialog().getByRole('heading', { name: 'Roll back model' }).waitFor();
  await dialog().getByLabel('Why').fill('bad');
  await me.send('Ask for approval');
  await dialog().getByRole('alert').getByText('Please enter at least 10 characters.').waitFor();
  await dialog().getByLabel('Back to version').click();
  await page.getByRole('option', { name: /Version 13/ }).click();
  await dialog().getByLabel('Why').fill('tenure_days drifts since this morning, scores are off');
  await lookTwice(page, 'story-rollback-form');
  await me.send('Ask for approval');
  const rollback = message('Roll back churn-model');
  await says(rollback, 'Waiting for 2 people');
  expect(await dialog().count()).toBe(0);

  const approve = async () => {
    await rollback.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
  };
  await approve();
  const refusal = message('someone else has to approve it');
  await refusal.getByText('Only visible to you').waitFor();
  await me.become('Olga Marin');
  await refusal.waitFor({ state: 'detached' });
  await approve();
  await says(rollback, 'Waiting for one more person');
  await me.become('Lea Adler');
  await lookTwice(page, 'story-rollback-waits');
  await approve();
  await says(rollback, 'Alias moved');
  await says(rollback, 'Rolled back');
  await lookTwice(page, 'story-rolled-back');
});

it('an incident is declared, led and ended, and what was learnt is written down', async () => {
  const { page, message, dialog } = me;
  await me.become('Dev Patel');
  await me.openChannel(room);
  await message('Drift: churn-model').getByRole('button', { name: 'Declare incident' }).click();
  await dialog().getByLabel('What we see').fill('Retention calls go to the wrong people.');
  await me.send('Declare');
  const channel = page.getByRole('region', { name: 'Channels' }).getByRole('button', { name: /inc-1-churn-model/ });
  await channel.waitFor();

  await me.become('Olga Marin');
  await channel.click();
  const incident = message('Retention calls go to the wrong people.');
  await incident.getByRole('button', { name: 'Take command' }).click();
  await page.getByRole('article').getByRole('button', { name: 'Take command' }).waitFor({ state: 'detached' });
  await incident.getByRole('button', { name: 'Resolve' }).click();
  await dialog().getByLabel('What ended it').fill('Rolled back to version 13.');
  await me.send('Resolve');
  await dialog().getByRole('alert').getByText('is still open').waitFor();
  await lookTwice(page, 'story-resolve-form');
  await dialog()
    .getByLabel(/In spite of that/)
    .fill('The alert clears with the next windows.');
  await me.send('Resolve');
  await page.getByRole('button', { name: 'Start post-mortem' }).last().click();
  const draft = message('declared incident 1');
  await draft.waitFor();
  await lookTwice(page, 'story-post-mortem');
  await draft.getByRole('button', { name: 'Write', exact: true }).click();
  await dialog()
    .getByLabel(/Why we were surprised/)
    .fill('The feed of tenure_days changed its unit.');
  await lookTwice(page, 'story-post-mortem-form');
  await me.send('Save');
  await message('The feed of tenure_days changed its unit.').waitFor();
});

it('Home says how it stands, and nothing went wrong on the way', async () => {
  await me.page.getByRole('navigation').getByRole('button', { name: 'Pitcrew' }).click();
  await me.page.getByRole('tab', { name: 'Home', selected: true }).waitFor();
  await me.page.getByRole('tabpanel').getByText('version 13 is live').waitFor();
  await lookTwice(me.page, 'story-home');
  await me.page.setViewportSize({ width: 390, height: 844 });
  await shoot(me.page, 'story-home-phone');
  expect(me.complaints).toEqual([]);
  expect(await demo.stop('SIGINT')).toBe(0);
});
