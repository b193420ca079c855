import { expect, it } from 'vitest';
import { guest, shoot } from './guest.ts';

const here = guest();
const dialog = () => here.me.dialog();
const press = (name: string) => dialog().getByRole('button', { name, exact: true }).click();
const on = (title: string) => dialog().getByRole('heading', { name: title }).waitFor();
const gone = () => dialog().waitFor({ state: 'detached' });

it('a page lies on another, Back leads to the one below, and the focus comes back to the message', async () => {
  await here.say('/sink stack');
  await on('First');
  await press('Next page');
  await on('Second');
  expect(await dialog().count()).toBe(1);
  await press('Back');
  await on('First');
  await here.heard('closed Second', false);
  await here.page.keyboard.press('Escape');
  await gone();
  await here.heard('closed First', false);
  const composer = here.page.getByRole('textbox', { name: 'Message #general' });
  expect(await composer.evaluate((element) => element.matches(':focus'))).toBe(true);
});

it('an answer pushes, changes and clears', async () => {
  await here.say('/sink stack');
  await on('First');
  await press('Submit first');
  await on('Second');
  await press('Submit second');
  await on('Changed');
  await press('Submit changed');
  await on('Third');
  await shoot(here.page, 'stack-third');
  await press('Submit third');
  await gone();
});

it('the cross closes the whole stack', async () => {
  const before = here.kitchen.heard.length;
  await here.say('/sink stack');
  await on('First');
  await press('Next page');
  await on('Second');
  await dialog().getByRole('button', { name: 'Close', exact: true }).first().click();
  await gone();
  await expect.poll(() => here.kitchen.heard.slice(before)).toEqual(['closed Second true', 'closed First true']);
});

it('while the app thinks, a form is sent only once and says that it is busy', async () => {
  const before = here.kitchen.heard.length;
  await here.say('/sink slow');
  await on('Slow');
  await here.page.keyboard.type('typed at once');
  expect(await dialog().getByLabel('Thing').inputValue()).toBe('typed at once');
  await here.page.keyboard.press('Control+Enter');
  const wait = dialog().getByRole('button', { name: 'Wait' });
  await dialog().locator('button[aria-busy="true"]').waitFor();
  await shoot(here.page, 'busy');
  await wait.click();
  await here.page.keyboard.press('Enter');
  here.kitchen.goOn();
  await gone();
  expect(here.kitchen.heard.slice(before)).toEqual(['slow ""']);
});

it('the keyboard cannot leave an open modal', async () => {
  await here.say('/sink stack');
  await on('First');
  const inside = dialog().locator(':focus');
  for (let i = 0; i < 6; i += 1) {
    await here.page.keyboard.press(i < 3 ? 'Tab' : 'Shift+Tab');
    expect(await inside.count()).toBe(1);
  }
  await here.page.keyboard.press('Escape');
  await gone();
  expect(here.me.complaints).toEqual([]);
});
