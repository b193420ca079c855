import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DemoProcess, freePort, startDemo } from '../support/demo-process.ts';
import { lookTwice, shoot } from './guest.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

const secret = 'Payments are held by surname';
const room = 'ml-retention';
const patience = { timeout: 60_000 };
let folder: string;
let demo: DemoProcess;
let browser: Browser;
let me: Newcomer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitcrew-incidents-'));
  const port = await freePort();
  demo = await startDemo(folder, port);
  browser = await openBrowser();
  me = await sitDown(browser, `http://127.0.0.1:${port}/?user=U02DEV&channel=C02RETAIN`);
});
afterAll(async () => {
  await me?.close();
  await browser?.close();
  demo?.kill();
  await rm(folder, { recursive: true, force: true });
});

const says = (where: Locator, words: string | RegExp) => where.getByText(words).first().waitFor(patience);
const channel = (name: RegExp | string) =>
  me.page.getByRole('region', { name: 'Channels' }).getByRole('button', { name });
const pressed = (card: Locator, name: string) => card.getByRole('button', { name, exact: true }).click();
const field = (name: string | RegExp) => me.dialog().getByLabel(name);

async function choose(label: string | RegExp, ...options: (string | RegExp)[]): Promise<void> {
  await field(label).click();
  for (const name of options) await me.page.getByRole('option', { name }).click();
  if (await me.page.getByRole('combobox', { name: 'Filter' }).isVisible()) await me.page.keyboard.press('Escape');
}
async function fill(what: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, words] of Object.entries(what)) await field(label).fill(words);
}
/** In the channel of the incident that everybody may see. */
async function at(name: string): Promise<void> {
  await me.become(name);
  await channel(/inc-\d-churn-model/).click();
}
const incident = () => me.message('Calls go to the wrong people.');
const document = () => me.message('Post-mortem – ');

it('one is declared from the alert, with a channel of its own', async () => {
  const { page, message } = me;
  const alert = message('Drift: churn-model');
  await says(alert, 'Open, nobody is on it yet');
  await pressed(alert, 'Declare incident');
  await fill({ 'What we see': 'Calls go to the wrong people.' });
  await lookTwice(page, 'incident-declare');
  await me.send('Declare');
  await channel(/inc-1-churn-model/).waitFor(patience);
});

it('a private one is declared beside it, for two people only', async () => {
  const { page } = me;
  await me.become('Lea Adler');
  await me.openChannel('ml-fraud');
  await me.say('/ml incident declare fraud-model');
  await fill({ 'What is wrong': secret });
  await choose('Who sees it', /private/);
  await choose(/If private/, 'Olga Marin');
  await lookTwice(page, 'incident-private-form');
  await me.send('Declare');
  await channel(/inc-2-fraud-model/).waitFor(patience);
  await channel(/inc-2-fraud-model/).click();
  await says(me.message(secret), /only its own people see it/);
  await lookTwice(page, 'incident-private');
});

it('the open one is led, told about and ended by people who see one card', async () => {
  const { page } = me;
  await at('Olga Marin');
  await pressed(incident(), 'Take command');
  await incident().getByRole('button', { name: 'Take command' }).waitFor({ state: 'detached' });
  await pressed(incident(), 'Update');
  await fill({ 'How it is': 'All scores are too high since noon.', 'What is needed': 'A list of calls from sales.' });
  await me.send('Tell everybody');
  await says(me.message('What is needed'), 'A list of calls from sales.');

  await at('Enzo Gil');
  await me.say('The feed sends months instead of days.');
  await me.message('months instead of days').hover();
  await me.message('months instead of days').getByRole('button', { name: 'More actions' }).click();
  await shoot(page, 'incident-shortcuts');
  await page.getByRole('menuitem', { name: 'Add to timeline' }).click();
  await says(me.message('It is in the timeline'), 'at the time it was said');
  await pressed(incident(), 'Tell stakeholders');
  await field('What it means to them').fill('Some customers get a call too many today. It is being put right.');
  await choose('Whom', 'Pia Roth');
  await lookTwice(page, 'incident-notice-form');
  await me.send('Tell them');

  await at('Olga Marin');
  await pressed(incident(), 'Resolve');
  await fill({ 'What ended it': 'The feed was put right.' });
  await field(/In spite of that/).fill('The alert clears with the next windows.');
  await me.send('Resolve');
  await says(incident(), /Resolved/);
  await says(me.message('Stakeholders heard of incident 1'), 'Please tell them how it ended.');
  await lookTwice(page, 'incident-resolved');
});

it('its post-mortem is written by several, with what only models have', async () => {
  const { page } = me;
  await pressed(incident(), 'Start post-mortem');
  await says(document(), 'Sees to it');
  await says(document(), /The feed sends months instead of days/);
  await pressed(document(), 'Write: Impact');
  await fill({ 'Who and what was affected': 'Forty calls to the wrong people.' });
  await lookTwice(page, 'post-mortem-impact');
  await me.send('Save');
  await says(document(), 'Forty calls to the wrong people.');
  await pressed(document(), 'Write: Labels');
  await choose('How we know the impact', 'Measured on labels');
  await me.send('Save');
  await says(document(), 'Measured on labels');

  await at('Dev Patel');
  await pressed(document(), 'Write: Detection');
  await choose('Who or what noticed first', 'An alert of ours');
  await fill({ 'How we noticed': 'The drift alert.', 'What set it off': 'The feed of tenure_days changed its unit.' });
  await me.send('Save');
  await pressed(document(), 'Write: The model');
  await choose('Where it failed', 'Feature pipeline');
  await lookTwice(page, 'post-mortem-model');
  await me.send('Save');
  await says(document(), 'Feature pipeline');
  for (const [where, which] of [
    ['Data', 'The unit of a feed can change without a word.'],
    ['Evaluation', 'No test looks at the scale of a feature.'],
  ] as const) {
    await pressed(document(), 'Add factor');
    await choose('Where it lies', where);
    await fill({ 'Which condition': which });
    await me.send('Add');
    await says(document(), which);
  }
  await at('Lea Adler');
  await pressed(document(), 'Write: Learning');
  await fill({ 'What went well': 'Everybody knew where to look.' });
  await me.send('Save');
  await says(document(), 'Everybody knew where to look.');
});

it('a promise is made, taken on, and reviewed with the rest by somebody else', async () => {
  const { page } = me;
  await at('Olga Marin');
  await pressed(document(), 'Add commitment');
  await fill({ 'What is promised': 'Alert on the unit of every feed', 'How will we know that it worked': 'A drill.' });
  await choose('What for', 'Notice it sooner');
  await choose('Who sees to it', 'Enzo Gil');
  await field('Until when').fill('2031-03-01');
  await choose('Which condition it changes', /The unit of a feed/);
  await lookTwice(page, 'post-mortem-commitment');
  await me.send('Add');
  await says(document(), /Alert on the unit of every feed/);

  await me.become('Enzo Gil');
  await page.getByRole('navigation').getByRole('button', { name: 'Pitcrew' }).click();
  await page.getByRole('tab', { name: 'Messages' }).click();
  await pressed(me.message('Alert on the unit of every feed'), 'Accept');
  await says(me.message('Alert on the unit of every feed'), /Next: say when it is done/);

  await at('Olga Marin');
  await pressed(document(), 'Ask for review');
  await says(document(), /being reviewed/);
  await at('Lea Adler');
  await pressed(document(), 'Reviewed');
  await says(document(), /\(reviewed\)/);
  await at('Olga Marin');
  await pressed(document(), 'Close');
  await says(document(), /\(closed\)/);
  await says(document(), /Alert on the unit of every feed/);
  await lookTwice(page, 'post-mortem-closed');
});

it.each(['Dev Patel', 'Enzo Gil', 'Pia Roth', 'Mei Chen'])(
  '%s saw nothing of the private one anywhere',
  async (name) => {
    const { page } = me;
    await me.become(name);
    expect(await channel(/inc-2/).count()).toBe(0);
    for (const place of ['ml-fraud', room, 'general']) {
      await me.openChannel(place);
      await page.getByRole('textbox', { name: `Message #${place}` }).waitFor();
      expect(await page.getByRole('region', { name: 'Messages' }).textContent()).not.toContain(secret);
    }
    await me.openChannel(room);
    for (const [command, answer] of [
      ['/ml incident', 'No incident is open.'],
      ['/ml incident timeline 2', 'There is no incident 2.'],
      ['/ml postmortem 2', 'There is no incident 2.'],
      ['/ml incident report', '1 incident ended'],
      ['/ml commitments', 'Alert on the unit of every feed'],
    ] as const) {
      await me.say(command);
      await says(me.message(answer), 'Only visible to you');
    }
    await page.getByRole('navigation').getByRole('button', { name: 'Pitcrew' }).click();
    await page.getByRole('tab', { name: 'Home' }).click();
    await says(page.getByRole('tabpanel'), 'My models');
    const home = await page.textContent('body');
    expect(home).not.toContain(secret);
    expect(home).not.toContain('Incident 2');
  },
);

it('its own people find it where they look', async () => {
  const { page } = me;
  await me.become('Olga Marin');
  await me.openChannel(room);
  await me.say('/ml incident');
  await says(me.message('1 incident is open').or(me.message(secret)), secret);
  await lookTwice(page, 'incident-list');
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, 'incident-phone');
  expect(me.complaints).toEqual([]);
  expect(await demo.stop('SIGINT')).toBe(0);
});
