import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env['PITCREW_CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: flags });
}

/** Somebody who sees the page for the first time: finds everything by what it says and what it is. */
export interface Newcomer {
  readonly page: Page;
  /** What the console and the network complained about. */
  readonly complaints: readonly string[];
  become(name: string): Promise<void>;
  openChannel(name: string): Promise<void>;
  /** Into the conversation that is open. */
  say(text: string): Promise<void>;
  /** The newest message that says so. */
  message(saying: string): Locator;
  dialog(): Locator;
  /** The button at the foot of the form. */
  send(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function sitDown(browser: Browser, url: string): Promise<Newcomer> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url);
  const workspace = page.getByRole('navigation', { name: 'Workspace' });
  return {
    page,
    complaints,
    become: async (name) => {
      const mirror = workspace.getByRole('region', { name: 'You are' });
      await mirror.getByRole('button', { name }).click();
      await mirror.getByRole('button', { name, pressed: true }).waitFor();
    },
    openChannel: (name) => workspace.getByRole('region', { name: 'Channels' }).getByRole('button', { name }).click(),
    say: async (text) => {
      const composer = page.getByRole('textbox', { name: /^Message / });
      await composer.fill(text);
      await composer.press('Enter');
    },
    message: (saying) => page.getByRole('article').filter({ hasText: saying }).last(),
    dialog: () => page.getByRole('dialog'),
    send: (name) => page.getByRole('dialog').locator('footer').getByRole('button', { name, exact: true }).click(),
    close: () => context.close(),
  };
}
