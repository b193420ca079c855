import { chromium } from 'playwright-core';
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
page.setDefaultTimeout(5000);
page.on('console', (m) => console.log('console', m.type(), m.text()));
page.on('pageerror', (e) => console.log('pageerror', e.stack));
page.on('response', (r) => {
  if (r.status() >= 400) console.log(r.status(), r.url());
});
let n = 0;
const shot = async (name) => page.screenshot({ path: `/tmp/page-${String(++n).padStart(2, '0')}-${name}.png` });
const be = (name) => page.getByRole('region', { name: 'You are' }).getByRole('button', { name }).click();
try {
  await page.goto('http://127.0.0.1:4300/');
  const drift = page.getByRole('article').filter({ hasText: 'Drift: churn-model' }).first();
  await drift.waitFor({ timeout: 40000 });
  await page.waitForTimeout(800);
  await shot('alert');
  await drift.getByRole('button', { name: 'Acknowledge' }).click();
  await page.waitForTimeout(1500);
  await shot('acked');
  await be('Enzo Gil');
  await drift.getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('dialog').waitFor();
  await page.waitForTimeout(700);
  await shot('modal');
  await page.getByRole('dialog').getByLabel('Why').fill('bad');
  await page.getByRole('dialog').locator('button[type=submit]').click();
  await page.waitForTimeout(700);
  await shot('modal-error');
  await page.getByRole('dialog').getByLabel('Back to version').click();
  await page.waitForTimeout(300);
  await shot('modal-select');
  await page.getByRole('option').first().click();
  await page.getByRole('dialog').getByLabel('Why').fill('tenure_days drifts since this morning, scores are off');
  await page.getByRole('dialog').locator('button[type=submit]').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.waitForTimeout(1500);
  await shot('asked');
  await page.getByRole('button', { name: 'Approve' }).last().click();
  await page.waitForTimeout(800);
  await shot('confirm');
  const yes = page.getByRole('alertdialog').getByRole('button').last();
  if (await yes.count()) await yes.click();
  await page.waitForTimeout(1500);
  await shot('own-approve');
  await be('Olga Marin');
  await page.getByRole('button', { name: 'Approve' }).last().click();
  await page.waitForTimeout(600);
  if (await yes.count()) await yes.click();
  await page.waitForTimeout(2500);
  await shot('approved');
  await page.getByRole('textbox', { name: /Message/ }).fill('/');
  await page.waitForTimeout(300);
  await shot('suggest');
  await page.getByRole('textbox', { name: /Message/ }).fill('/ml');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(1500);
  await shot('ml');
  await page.getByRole('button', { name: 'Pitcrew' }).click();
  await page.waitForTimeout(1500);
  await shot('home');
  await page.getByRole('tab', { name: 'Messages' }).click();
  await page.waitForTimeout(1500);
  await shot('dm');
  await page.getByRole('button', { name: 'ml-retention' }).click();
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await page.waitForTimeout(500);
  await shot('dark');
  await page.setViewportSize({ width: 390, height: 800 });
  await page.waitForTimeout(500);
  await shot('narrow');
  await page.getByRole('button', { name: 'Channels and people' }).click();
  await page.waitForTimeout(500);
  await shot('narrow-rail');
} catch (e) {
  console.log(e.message);
  await shot('failed');
}
await browser.close();
