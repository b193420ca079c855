import { expect, it } from 'vitest';
import { guest, lookTwice, shoot } from './guest.ts';

const here = guest();
const message = (saying: string) => here.me.message(saying);
async function tool(saying: string, name: string): Promise<void> {
  await message(saying).hover();
  await message(saying).getByRole('button', { name }).click();
}
const rail = (name: RegExp) => here.page.getByRole('region', { name: 'Channels' }).getByRole('button', { name });

it('what I write may be styled, and names become people', async () => {
  await here.say('*strong* and `code` for @bo and @cooks\n- one\n- two');
  const said = message('strong and code');
  await said.locator('strong', { hasText: 'strong' }).waitFor();
  await said.getByText('@Bo Ek').waitFor();
  await said.getByText('@cooks').waitFor();
  expect(await said.getByRole('listitem').allTextContents()).toEqual(['one', 'two']);
});

it('what I wrote I can edit and delete, also with the arrow key', async () => {
  await here.say('helo @bo');
  await tool('helo', 'More actions');
  await here.page.getByRole('menuitem', { name: 'Edit message' }).click();
  const editor = here.page.getByRole('textbox', { name: 'Edit message' });
  expect(await editor.inputValue()).toBe('helo @bo');
  await editor.fill('hello @bo');
  await here.page.keyboard.press('Enter');
  await message('hello @Bo Ek').getByText('(edited)').waitFor();
  await here.page.getByRole('textbox', { name: 'Message #general' }).press('ArrowUp');
  await editor.fill('hello world');
  await here.page.keyboard.press('Enter');
  await message('hello world').waitFor();
  await here.say('gone soon');
  await tool('gone soon', 'More actions');
  await here.page.getByRole('menuitem', { name: 'Delete message' }).click();
  await message('gone soon').waitFor({ state: 'detached' });
});

it('a message is reacted to and answered in a thread', async () => {
  await tool('hello world', 'Add reaction');
  await here.page.getByRole('menuitem').first().click();
  await message('hello world').locator('.reaction').waitFor();
  await tool('hello world', 'Reply in thread');
  const reply = here.page.getByRole('textbox', { name: /reply/i });
  await reply.fill('In the thread');
  await reply.press('Enter');
  await here.page.getByText('In the thread').waitFor();
  await lookTwice(here.page, 'thread');
  await here.page.keyboard.press('Escape');
  await here.page.getByRole('complementary', { name: 'Thread' }).waitFor({ state: 'detached' });
  await message('hello world').getByText('1 reply').waitFor();
});

it('shortcuts start from a message and from anywhere', async () => {
  await tool('hello world', 'More actions');
  await shoot(here.page, 'message-tools');
  await here.page.getByRole('menuitem', { name: 'Repeat' }).click();
  await here.heard('repeat', 'hello world');
  await here.page.getByRole('button', { name: 'Shortcuts' }).click();
  await here.page.getByRole('menuitem', { name: 'Wave' }).click();
  await here.heard('wave');
});

it('a picture keeps its place free, is enlarged by a press, and closed with Escape', async () => {
  await here.say('/sink picture');
  const picture = message('disc.png').getByRole('button', { name: 'A blue disc' });
  await picture.waitFor();
  await picture.click();
  await here.page.getByRole('dialog', { name: 'disc.png' }).getByRole('img', { name: 'A blue disc' }).waitFor();
  await lookTwice(here.page, 'lightbox');
  await here.page.keyboard.press('Escape');
  await here.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await picture.evaluate((element) => element.matches(':focus'))).toBe(true);
});

/** Runs in the page before it does anything: notes how far what was drawn jumps later. */
const watchJumps = `jumps = [];
new PerformanceObserver((list) => jumps.push(...list.getEntries().map(({ value, sources }) =>
  ({ value, where: sources.map(({ node }) => node?.className ?? '') })),
)).observe({ type: 'layout-shift', buffered: true })`;

it('nothing jumps while the page with its pictures loads', async () => {
  await here.page.addInitScript(watchJumps);
  await here.page.reload();
  const picture = message('disc.png').getByRole('img');
  await picture.evaluate((img: { decode(): Promise<void> }) => img.decode());
  expect(await here.page.evaluate('jumps')).toEqual([]);
});

it('a file goes along with the words beside it', async () => {
  const composer = here.page.getByRole('textbox', { name: 'Message #general' });
  await composer.fill('Look at this');
  const buffer = Buffer.from('hello');
  await here.page.getByLabel('Files to share').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer });
  await message('Look at this').getByRole('link', { name: 'notes.txt' }).waitFor();
  expect(await composer.inputValue()).toBe('');
});

it('elsewhere, what is unread is bold, what calls me is counted, and a line shows where it begins', async () => {
  const bo = here.kitchen.slack.as('U2');
  await bo.say('Lunch?', { channel: 'random' });
  await rail(/random unread$/).waitFor();
  await bo.say('@ana are you coming?', { channel: 'random' });
  await rail(/random 1 unread for you$/).waitFor();
  await rail(/random/).click();
  const line = here.page.getByRole('separator').filter({ hasText: 'New' });
  await line.waitFor();
  expect(
    await line.evaluate(
      (each) => (each as unknown as { nextElementSibling: { textContent: string } }).nextElementSibling.textContent,
    ),
  ).toContain('Lunch?');
  await shoot(here.page, 'unread');
  await rail(/^random$/).waitFor();
  await rail(/general/).click();
  await rail(/random/).click();
  await message('are you coming?').waitFor();
  expect(await line.count()).toBe(0);
  await rail(/general/).click();
});

it('the arrows go from message to message, and the tools of one are within reach', async () => {
  await here.page.getByRole('region', { name: 'Messages' }).focus();
  await here.page.keyboard.press('ArrowUp');
  await here.page.keyboard.press('ArrowUp');
  expect(await message('disc.png').evaluate((element) => element.matches(':focus'))).toBe(true);
  await here.page.keyboard.press('ArrowDown');
  expect(await message('Look at this').evaluate((element) => element.matches(':focus'))).toBe(true);
  await here.page.keyboard.press('Tab');
  await here.page.keyboard.press('Tab');
  await here.page.keyboard.press('Enter');
  await here.page.getByRole('menu').waitFor();
  await here.page.keyboard.press('Escape');
});

it('what only I see says so, and what fails says why', async () => {
  await here.say('/sink whisper');
  await message('Just for you').getByText('Only visible to you').waitFor();
  await here.me.become('Bo Ek');
  await here.page.getByText('Just for you').waitFor({ state: 'detached' });
  await here.me.become('Ana Lind');
  await here.say('/nothing');
  await here.page.getByText('/nothing is not a valid command.').waitFor();
  await here.say('/silent');
  await here.page.getByText('/silent failed with the error "operation_timeout"').waitFor({ timeout: 8000 });
  await lookTwice(here.page, 'conversation');
});

it('Home is a tab of the app, and what stands there tells it', async () => {
  await here.page.getByRole('navigation').getByRole('button', { name: 'Kitchen' }).click();
  const tab = here.page.getByRole('tabpanel');
  await tab.getByText('Your kitchen').waitFor();
  await tab.getByRole('button', { name: 'Go' }).click();
  await here.heard('home', 'button');
  await tab.getByLabel('A wish').fill('soup');
  await tab.getByLabel('A wish').press('Enter');
  await here.heard('wish', 'soup');
  await here.pick(tab.getByRole('button', { name: 'A dish' }), 'Option 2');
  await here.heard('dish', '2');
  await lookTwice(here.page, 'home');
  expect(here.me.complaints).toEqual([]);
});
