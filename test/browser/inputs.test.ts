import { expect, it } from 'vitest';
import { guest, lookTwice, shoot } from './guest.ts';

const here = guest();
const dialog = () => here.me.dialog();
const field = (label: string) =>
  dialog()
    .getByLabel(new RegExp(`^${label}( |$)`))
    .first();
const send = () => dialog().getByRole('button', { name: 'Send' }).click();
const refused = (words: string) => dialog().getByRole('alert').filter({ hasText: words }).waitFor();

it('every input is there, and what is wrong is said at its field before the app hears of it', async () => {
  await here.say('/sink inputs');
  await dialog().getByRole('heading', { name: 'Every input' }).waitFor();
  await here.page.setViewportSize({ width: 1280, height: 2600 });
  await lookTwice(here.page, 'every-input');
  await here.page.setViewportSize({ width: 1280, height: 900 });
  await send();
  await refused('Please complete this required field.');
  expect(await field('Name').evaluate((element) => element.matches(':focus'))).toBe(true);
  await field('Name').fill('ab');
  await field('Number').fill('12');
  await field('Mail').fill('nobody');
  await field('Link').fill('nowhere');
  await send();
  await refused('Please enter at least 3 characters.');
  await refused('Please enter a number no more than 9.');
  await refused('Please enter a valid email address.');
  await refused('Please enter a valid URL.');
  await lookTwice(here.page, 'every-input-refused');
  expect(here.kitchen.heard).toEqual([]);
});

it('every input is filled by hand', async () => {
  const { pick, page } = here;
  await field('Name').fill('wrong');
  await field('Story').fill('Once\nupon');
  await field('Number').fill('5.5');
  await field('Mail').fill('ana@example.com');
  await field('Link').fill('https://example.com');
  await field('Day').fill('2026-11-23');
  await field('Time').fill('09:30');
  await field('Moment').fill('2026-11-23T09:30');
  await field('Choice').click();
  await page.getByRole('group', { name: 'High' }).getByRole('option', { name: 'Option 3' }).waitFor();
  await shoot(page, 'select-groups');
  await page.getByRole('option', { name: 'Option 2' }).click();
  await pick(field('Choices'), 'Option 1', 'Option 3', 'Option 2');
  await field('Found').click();
  await page.getByText('Type 1 or more characters').waitFor();
  await page.keyboard.type('abc');
  await page.getByRole('option', { name: 'Found abc' }).click();
  await field('Finds').click();
  await page.keyboard.type('x');
  await page.getByRole('group', { name: 'All finds' }).getByRole('option', { name: 'Found x' }).click();
  await page.keyboard.press('Escape');
  await pick(field('Person'), 'Bo Ek');
  await pick(field('People'), 'Ana Lind', 'Bo Ek');
  await field('People').click();
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Escape');
  await pick(field('Place'), '#random');
  await pick(field('Places'), '#general', '#random');
  await pick(field('Room'), '#general');
  await pick(field('Rooms'), '#random');
  await dialog().getByRole('checkbox', { name: 'Option 1' }).check();
  await dialog().getByRole('checkbox', { name: 'Option 2' }).check();
  await dialog().getByRole('checkbox', { name: 'Option 1' }).uncheck();
  await dialog().getByRole('radio', { name: 'Option 3' }).check();
  await field('Rich').fill('plain and strong');
  await field('Rich').evaluate((area: { setSelectionRange(from: number, to: number): void }) =>
    area.setSelectionRange(10, 16),
  );
  await dialog().getByRole('button', { name: 'Bold' }).click();
  expect(await field('Rich').inputValue()).toBe('plain and *strong*');
  const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await field('Files').setInputFiles([file('notes.txt'), file('more.txt')]);
  await dialog().getByRole('button', { name: 'Remove more.txt' }).click();
  await field('Told').fill('at once');
  await field('Told').press('Enter');
  await here.heard('value', 'at once');
  await field('Overheard').pressSequentially('psst');
  await here.heard('value', 'psst');
  await shoot(page, 'every-input-filled');
});

it('the app refuses it once, takes it then, and reads what was put in', async () => {
  await send();
  await refused('Another name, please.');
  await field('Name').fill('Ana');
  await send();
  await dialog().waitFor({ state: 'detached' });
  await expect.poll(() => here.kitchen.heard.at(-1)).toMatch(/^sent /);
  const sent: unknown = JSON.parse((here.kitchen.heard.at(-1) ?? '').slice('sent '.length));
  const styled = [
    { type: 'text', text: 'plain and ' },
    { type: 'text', text: 'strong', style: { bold: true } },
  ];
  expect(sent).toEqual({
    Name: 'Ana',
    Story: 'Once\nupon',
    Number: '5.5',
    Mail: 'ana@example.com',
    Link: 'https://example.com',
    Day: '2026-11-23',
    Time: '09:30',
    Moment: Date.UTC(2026, 10, 23, 0, 30) / 1000,
    Choice: '2',
    Choices: ['1', '3'],
    Found: 'found-abc',
    Finds: ['found-x'],
    Person: 'U2',
    People: ['U1'],
    Place: 'C2',
    Places: ['C1', 'C2'],
    Room: 'C1',
    Rooms: ['C2'],
    Boxes: ['2'],
    Radio: '3',
    Rich: { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: styled }] },
    Files: [expect.objectContaining({ name: 'notes.txt', size: 5 })],
    Told: 'at once',
    Overheard: 'psst',
  });
  expect(here.me.complaints).toEqual([]);
});
