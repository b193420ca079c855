import { mkdir } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Kitchen, openKitchen } from './kitchen-sink.ts';
import { type Newcomer, openBrowser, sitDown } from './newcomer.ts';

const folder = new URL('../../.pitcrew/screenshots/', import.meta.url).pathname;

/** What the standard checker of accessibility finds wrong, in words. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** Keeps a picture of the page, not in git. */
export async function shoot(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png` });
}

/** Looks at the page in both themes: a picture of each, and no barrier in either. */
export async function lookTwice(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await shoot(page, `${name}-${theme}`);
    expect({ theme, found: await barriers(page) }).toEqual({ theme, found: [] });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

interface Guest {
  readonly kitchen: Kitchen;
  readonly browser: Browser;
  readonly me: Newcomer;
  readonly page: Page;
  say(text: string): Promise<void>;
  /** Until the app was told this last. */
  heard(what: string, value?: unknown): Promise<void>;
  /** Opens the list of a select and takes these; several stay open until Escape. */
  pick(select: Locator, ...options: string[]): Promise<void>;
}

/** A kitchen for the tests of one file, and somebody in front of its page. */
export function guest(): Guest {
  const open: { kitchen?: Kitchen; browser?: Browser; me?: Newcomer } = {};
  beforeAll(async () => {
    open.kitchen = await openKitchen();
    open.browser = await openBrowser();
    open.me = await sitDown(open.browser, `${open.kitchen.slack.url}/?user=U1&channel=C1`);
  });
  afterAll(async () => {
    await open.me?.close();
    await open.browser?.close();
    await open.kitchen?.close();
  });
  const there = <T>(what: T | undefined): T => what ?? expect.unreachable('only within a test');
  const page = () => there(open.me).page;
  return {
    get kitchen() {
      return there(open.kitchen);
    },
    get browser() {
      return there(open.browser);
    },
    get me() {
      return there(open.me);
    },
    get page() {
      return page();
    },
    say: (text) => there(open.me).say(text),
    async heard(what, value = '') {
      await expect.poll(() => there(open.kitchen).heard.at(-1)).toBe(`${what} ${JSON.stringify(value)}`);
    },
    async pick(select, ...options) {
      await select.click();
      for (const name of options) await page().getByRole('option', { name }).click();
      if (await page().getByRole('combobox', { name: 'Filter' }).isVisible()) await page().keyboard.press('Escape');
    },
  };
}
