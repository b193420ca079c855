import { mkdir } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kitchen, openKitchen } from './kitchen-sink.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

const folder = new URL('../../.pitcrew/screenshots/', import.meta.url).pathname;
let kitchen: Kitchen;
let browser: Browser;
let me: Newcomer;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  kitchen = await openKitchen();
  browser = await openBrowser();
  me = await sitDown(browser, `${kitchen.slack.url}/?user=U1&channel=C1`);
});
afterAll(async () => {
  await me?.close();
  await browser?.close();
  await kitchen?.close();
});

const shoot = (name: string) => me.page.screenshot({ path: `${folder}${name}.png` });
async function heard(what: string | RegExp): Promise<void> {
  await expect.poll(() => kitchen.heard.at(-1) ?? '').toMatch(what);
}

/** What the standard checker of accessibility finds wrong, in words. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

async function say(text: string): Promise<void> {
  const composer = me.page.getByRole('textbox', { name: 'Message #general' });
  await composer.fill(text);
  await composer.press('Enter');
}

const both = ['light', 'dark'] as const;
async function inBothThemes(name: string): Promise<void> {
  for (const theme of both) {
    await me.page.emulateMedia({ colorScheme: theme });
    await shoot(`${name}-${theme}`);
    expect({ theme, found: await barriers(me.page) }).toEqual({ theme, found: [] });
  }
  await me.page.emulateMedia({ colorScheme: 'light' });
}

describe('every block', () => {
  beforeAll(() => say('/sink blocks'));
  const shown = () => me.message('A quiet footnote');

  it('is drawn', async () => {
    await shown().waitFor();
    expect(await me.page.getByText('This page does not draw').count()).toBe(0);
    for (const words of ['Markdown', 'Rich text', 'churn', 'A card', 'Second card', 'A plan', 'Broken', 'A video'])
      await shown().getByText(words).first().waitFor();
    await shown().getByRole('img', { name: 'Drift by week. PSI: W1 1, W2 3' }).waitFor();
    await shown().getByRole('img', { name: 'Traffic. A 3, B 1' }).waitFor();
    await inBothThemes('every-block');
    await me.page.setViewportSize({ width: 1280, height: 4200 });
    await shoot('every-block-whole');
    await me.page.setViewportSize({ width: 1280, height: 900 });
  });

  it('a data table sorts and turns its pages', async () => {
    const table = shown().getByRole('region', { name: 'Scores' });
    await table.getByRole('button', { name: 'Score' }).click();
    expect(await table.locator('tbody tr').allInnerTexts()).toEqual(['model-1\t1', 'model-2\t2']);
    await shown().getByRole('button', { name: 'Next' }).click();
    expect(await table.locator('tbody tr').allInnerTexts()).toEqual(['model-3\t3']);
    await shown().getByText('3–3 of 3').waitFor();
  });

  it('a container opens, and a task tells what it found', async () => {
    expect(await shown().getByText('Hidden inside').isVisible()).toBe(false);
    await shown().getByText('A container').click();
    await shown().getByText('Hidden inside').waitFor();
    await shown().getByText('Details').click();
    await shown().getByText('Found it').waitFor();
  });

  it('buttons, menus, days and confirmations tell the app', async () => {
    await shown().getByRole('button', { name: 'Go' }).first().click();
    await heard(/^press/);
    await shown().getByRole('button', { name: 'Open card' }).click();
    await heard(/^card/);
    await shown().getByRole('button', { name: 'Sure?' }).click();
    await me.page.getByRole('alertdialog').getByRole('button', { name: 'No' }).click();
    await heard(/^card/);
    await shown().getByRole('button', { name: 'Sure?' }).click();
    await me.page.getByRole('alertdialog').getByRole('button', { name: 'Do it' }).click();
    await heard(/^sure/);
    await shown().getByRole('button', { name: 'Good' }).click();
    await heard('feedback good');
    await shown().getByRole('button', { name: 'Remove' }).click();
    await heard(/^icon/);
    await shown().getByLabel('A day').fill('2026-12-24');
    await heard('day 2026-12-24');
  });
});

describe('every input', () => {
  const field = (label: string) => me.dialog().getByLabel(label, { exact: false }).first();
  const pick = async (label: string, ...options: string[]) => {
    await field(label).click();
    for (const option of options) await me.page.getByRole('option', { name: option }).click();
    if (options.length > 1) await me.page.keyboard.press('Escape');
  };

  it('is filled, refused, mended and sent', async () => {
    await say('/sink inputs');
    await me.dialog().getByRole('heading', { name: 'Every input' }).waitFor();
    await inBothThemes('every-input');
    await me.dialog().locator('footer').getByRole('button', { name: 'Send' }).click();
    await me.dialog().getByRole('alert').first().waitFor();
    await shoot('every-input-required');

    await field('Name').fill('wrong');
    await field('Story').fill('Once\nupon');
    await field('Number').fill('5.5');
    await field('Mail').fill('ana@example.com');
    await field('Link').fill('https://example.com');
    await me.dialog().getByLabel('Day (optional)').fill('2026-11-23');
    await me.dialog().getByLabel('Time (optional)').fill('09:30');
    await me.dialog().getByLabel('Moment (optional)').fill('2026-11-23T09:30');
    await pick('Choice (optional)', 'Option 2');
    await pick('Choices (optional)', 'Option 1', 'Option 3');
    await field('Found').click();
    await me.page.keyboard.type('abc');
    await me.page.getByRole('option', { name: 'Found abc' }).click();
    await pick('Person', 'Bo Ek');
    await pick('Channel', 'random');
    await me.dialog().getByRole('checkbox', { name: 'Option 2' }).check();
    await me.dialog().getByRole('radio', { name: 'Option 3' }).check();
    await field('Rich').fill('Rich words');
    await field('Files').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
    await me.dialog().getByText('notes.txt').waitFor();
    await field('Told').fill('at once');
    await field('Told').press('Enter');
    await heard('value at once');

    await me.dialog().locator('footer').getByRole('button', { name: 'Send' }).click();
    await me.dialog().getByText('Another name, please.').waitFor();
    await shoot('every-input-error');
    await field('Name').fill('Ana');
    await me.dialog().locator('footer').getByRole('button', { name: 'Send' }).click();
    await me.dialog().waitFor({ state: 'detached' });
    await heard(/^inputs /);
    const sent = JSON.parse((kitchen.heard.at(-1) ?? '').slice('inputs '.length)) as Record<string, object>;
    expect(sent).toMatchObject({
      Name: { value: 'Ana' },
      Story: { value: 'Once\nupon' },
      Number: { value: '5.5' },
      Mail: { value: 'ana@example.com' },
      Link: { value: 'https://example.com' },
      Day: { selected_date: '2026-11-23' },
      Time: { selected_time: '09:30' },
      Choice: { selected_option: { value: '2' } },
      Choices: { selected_options: [{ value: '1' }, { value: '3' }] },
      Found: { selected_option: { value: 'found-abc' } },
      Person: { selected_user: 'U2' },
      Channel: { selected_conversation: 'C2' },
      Boxes: { selected_options: [{ value: '2' }] },
      Radio: { selected_option: { value: '3' } },
      Files: { files: [{ name: 'notes.txt', size: 5 }] },
    });
    expect(JSON.stringify(sent['Rich'])).toContain('Rich words');
    expect(sent['Moment']).toHaveProperty('selected_date_time', expect.any(Number));
  });
});

describe('getting about', () => {
  it('a page lies on another, and Back leads to the first', async () => {
    await say('/sink stack');
    await me.dialog().getByRole('button', { name: 'Next page' }).click();
    await me.dialog().getByRole('heading', { name: 'Second' }).waitFor();
    await me.dialog().getByRole('button', { name: 'Back', exact: true }).last().click();
    await me.dialog().getByRole('heading', { name: 'First' }).waitFor();
    await me.page.keyboard.press('Escape');
    await me.dialog().waitFor({ state: 'detached' });
  });

  it('what I wrote I can edit and delete, answer in a thread, and react to', async () => {
    await say('helo wrld');
    const row = me.message('helo wrld');
    await row.hover();
    await row.getByRole('button', { name: 'More actions' }).click();
    await me.page.getByRole('menuitem', { name: 'Edit message' }).click();
    await me.page.getByRole('textbox', { name: 'Edit message' }).fill('hello world');
    await me.page.keyboard.press('Enter');
    const mended = me.message('hello world');
    await mended.getByText('(edited)').waitFor();
    await mended.hover();
    await mended.getByRole('button', { name: 'Add reaction' }).click();
    await me.page.getByRole('menuitem').first().click();
    await mended.locator('.reaction').waitFor();
    await mended.hover();
    await mended.getByRole('button', { name: 'Reply in thread' }).click();
    const reply = me.page.getByRole('textbox', { name: /reply/i });
    await reply.fill('In the thread');
    await reply.press('Enter');
    await me.page.getByText('In the thread').waitFor();
    await shoot('thread');
    await me.page.getByRole('button', { name: 'Close thread' }).click();
    await mended.getByText('1 reply').waitFor();
    await say('gone soon');
    const gone = me.message('gone soon');
    await gone.hover();
    await gone.getByRole('button', { name: 'More actions' }).click();
    await me.page.getByRole('menuitem', { name: 'Delete message' }).click();
    await gone.waitFor({ state: 'detached' });
  });

  it('shortcuts start from a message and from anywhere', async () => {
    const row = me.message('hello world');
    await row.hover();
    await row.getByRole('button', { name: 'More actions' }).click();
    await me.page.getByRole('menuitem', { name: 'Repeat' }).click();
    await heard('repeat hello world');
    await me.page.getByRole('button', { name: 'Shortcuts' }).click();
    await me.page.getByRole('menuitem', { name: 'Wave' }).click();
    await heard('wave');
  });

  it('what only I see says so, and what fails says why', async () => {
    await say('/sink whisper');
    await me.message('Just for you').getByText('Only visible to you').waitFor();
    await me.become('Bo Ek');
    expect(await me.page.getByText('Just for you').count()).toBe(0);
    await me.become('Ana Lind');
    await say('/nothing');
    await me.page
      .getByText(/\/nothing/)
      .last()
      .waitFor();
    await shoot('toast');
  });

  it('a command that nobody answers fails as in Slack', async () => {
    await say('/silent');
    await me.page.getByText('/silent failed with the error "operation_timeout"').waitFor({ timeout: 8000 });
    await shoot('operation-timeout');
  });

  it('Home is a tab of the app, and a phone shows it all', async () => {
    await me.page.getByRole('navigation').getByRole('button', { name: 'Kitchen' }).click();
    await me.page.getByRole('tabpanel').getByText('Your kitchen').waitFor();
    await inBothThemes('home');
    await me.page.setViewportSize({ width: 390, height: 844 });
    await shoot('phone');
    const wide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await me.page.evaluate(wide)).toBe(false);
    await me.page.setViewportSize({ width: 1280, height: 900 });
    expect(me.complaints).toEqual([]);
  });
});
