import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalMlflow, startLocalMlflow } from '../../src/local-mlflow/local-mlflow.ts';
import { type DemoProcess, freePort, startDemo } from '../support/demo-process.ts';
import { lookTwice, shoot } from './guest.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

const model = 'fraud-model';
const patience = { timeout: 60_000 };
let folder: string;
let mlflow: LocalMlflow;
let demo: DemoProcess;
let browser: Browser;
let me: Newcomer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitcrew-releases-'));
  mlflow = await startLocalMlflow({ models: [] });
  const port = await freePort();
  demo = await startDemo(folder, port, '--with-mlflow', mlflow.url);
  browser = await openBrowser();
  me = await sitDown(browser, `http://127.0.0.1:${port}/?user=U02DEV&channel=C04FRAUD`);
});
afterAll(async () => {
  await me?.close();
  await browser?.close();
  demo?.kill();
  await mlflow?.close();
  await rm(folder, { recursive: true, force: true });
});

const says = (message: Locator, words: string | RegExp) => message.getByText(words).first().waitFor(patience);
const alias = () => mlflow.state().find(({ name }) => name === model)?.aliases['champion'];

async function approve(card: Locator, name: string): Promise<void> {
  await me.become(name);
  await card.getByRole('button', { name: 'Approve' }).click();
  await me.page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
}

/** It says what was seen, and nothing before that. */
async function seenOnly(card: Locator, words: string): Promise<void> {
  await says(card, 'Alias moved');
  expect(await card.textContent()).not.toMatch(new RegExp(`${words}: serving was seen`));
  await says(card, new RegExp(`^${words}`));
  await says(card, /serving was seen to serve version/);
}

it('everybody can see what is live, since when, and how it got there', async () => {
  await me.say(`/ml releases ${model}`);
  const live = me.message('How it got there');
  await live.getByText('Only visible to you').waitFor();
  await says(live, /the alias champion points to\s+version 32/);
  await says(live, 'Serving was seen with it');
  await says(live, 'release of version 32');
  await lookTwice(me.page, 'releases-live');
});

it('a version that the gate has not looked at cannot be promoted; a new one goes through the gate first', async () => {
  const { page, message, dialog } = me;
  await me.say(`/ml promote ${model} 31`);
  const refusal = message('/ml gate check');
  await refusal.getByText('Only visible to you').waitFor();
  await lookTwice(page, 'releases-not-checked');

  await me.say(`/ml retrain ${model}`);
  await dialog().getByRole('heading', { name: 'Retrain' }).waitFor();
  await dialog().getByLabel('Why').fill('Card fraud moved abroad since the summer.');
  await lookTwice(page, 'releases-retrain-form');
  await me.send('Retrain');
  const training = message(`Retrain ${model}`);
  await says(training, /Its candidate is/);
  await says(training, 'version 33');
  await lookTwice(page, 'releases-trained');

  const gate = message(`Version 33 of ${model} passes`);
  await says(gate, 'Check 1 by Pitcrew');
  await me.say(`/ml gate check ${model} 33`);
  await says(gate, /^Check 2 by/);
  await lookTwice(page, 'releases-gate');
});

it('a version goes live when two people agree who did not ask, and is called live once it was seen', async () => {
  const { page, message, dialog } = me;
  await me.become('Enzo Gil');
  await message(`Version 33 of ${model} passes`).getByRole('button', { name: 'Promote' }).click();
  await dialog().getByRole('heading', { name: 'Promote a version' }).waitFor();
  await dialog().getByLabel('What is better').fill('It finds fraud abroad that version 32 lets through.');
  await lookTwice(page, 'releases-promotion-form');
  await me.send('Ask for approval');
  const promotion = message(`Promote ${model}`);
  await says(promotion, 'Waiting for 2 people');

  await approve(promotion, 'Enzo Gil');
  await message('someone else has to approve it').getByText('Only visible to you').waitFor();
  await approve(promotion, 'Lea Adler');
  await says(promotion, 'Waiting for one more person');
  expect(alias()).toBe('32');
  await lookTwice(page, 'releases-promotion-waits');
  await approve(promotion, 'Olga Marin');
  await says(promotion, 'Alias moved');
  expect(alias()).toBe('33');
  await seenOnly(promotion, 'Live');
  await lookTwice(page, 'releases-promoted');
});

it('the way back needs two people again, and is called rolled back once that was seen', async () => {
  const { page, message, dialog } = me;
  await me.become('Dev Patel');
  await message(`Promote ${model}`).getByRole('button', { name: 'Roll back' }).click();
  await dialog().getByRole('heading', { name: 'Roll back model' }).waitFor();
  await dialog().getByText('Version 32').waitFor();
  await dialog().getByLabel('Why').fill('It holds payments of good customers since it went live.');
  await me.send('Ask for approval');
  const rollback = message(`Roll back ${model}`);
  await says(rollback, 'Waiting for 2 people');
  await approve(rollback, 'Lea Adler');
  await says(rollback, 'Waiting for one more person');
  expect(alias()).toBe('33');
  await approve(rollback, 'Olga Marin');
  await seenOnly(rollback, 'Rolled back');
  expect(alias()).toBe('32');
  await lookTwice(page, 'releases-rolled-back');
});

it('afterwards the whole way can be read, also on a phone, and nothing went wrong', async () => {
  await me.say(`/ml releases ${model}`);
  const live = me.message('How it got there');
  await says(live, /33 →\s*32/);
  await says(live, /32 →\s*33/);
  await lookTwice(me.page, 'releases-after');
  await me.page.setViewportSize({ width: 390, height: 844 });
  await live.scrollIntoViewIfNeeded();
  await lookTwice(me.page, 'releases-phone');
  await me.message(`Roll back ${model}`).scrollIntoViewIfNeeded();
  await shoot(me.page, 'releases-rolled-back-phone');
  const list = me.page.getByRole('region', { name: 'Messages' });
  expect(await list.evaluate((each) => each.scrollWidth - each.clientWidth)).toBe(0);
  expect(me.complaints).toEqual([]);
  expect(await demo.stop('SIGINT')).toBe(0);
});
