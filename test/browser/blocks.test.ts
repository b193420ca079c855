import { describe, expect, it } from 'vitest';
import { guest, lookTwice, shoot } from './guest.ts';

const here = guest();
const shown = (kind: string) =>
  here.page
    .getByRole('article')
    .filter({ hasText: marks[kind] ?? '' })
    .last();
/** Words that stand in one message only. */
const marks: Record<string, string> = {
  blocks: 'A quiet footnote',
  data: 'Drift by week',
  charts: 'Drift as a line',
  cards: 'A plan',
  actions: 'Several of them',
};

describe('what is read', () => {
  it('every block is drawn', async () => {
    await here.page.setViewportSize({ width: 1280, height: 1500 });
    for (const kind of ['blocks', 'data', 'charts', 'cards', 'actions']) {
      await here.say(`/sink ${kind}`);
      await shown(kind).waitFor();
      await shoot(here.page, `blocks-${kind}`);
    }
    expect(await here.page.getByText('This page does not draw').count()).toBe(0);
    const text = shown('blocks');
    for (const words of ['@Bo Ek', '#random', '@cooks', 'A quote', 'const a = 1;', 'Markdown', 'said', '#e8912d'])
      await text.getByText(words).first().waitFor();
    await shown('data').getByRole('img', { name: 'Drift by week. PSI: W1 1, W2 3; KS: W1 2, W2 1' }).waitFor();
    await shown('charts').getByRole('img', { name: 'Traffic. A 3, B 1' }).waitFor();
    for (const words of ['A card', 'Second card', 'In progress', 'Waiting', 'Failed', 'A video'])
      await shown('cards').getByText(words).first().waitFor();
    await here.page.setViewportSize({ width: 1280, height: 900 });
    await lookTwice(here.page, 'blocks');
  });

  it('a data table sorts and turns its pages', async () => {
    const table = shown('data').getByRole('region', { name: 'Scores' });
    const rows = () => table.locator('tbody tr').allInnerTexts();
    expect(await rows()).toEqual(['model-3\t3', 'model-10\t10']);
    await table.getByRole('button', { name: 'Score' }).click();
    expect(await rows()).toEqual(['model-2\t2', 'model-3\t3']);
    await shown('data').getByRole('button', { name: 'Next' }).click();
    expect(await rows()).toEqual(['model-10\t10']);
    await shown('data').getByText('3–3 of 3').waitFor();
    await table.getByRole('button', { name: 'Score' }).click();
    expect(await rows()).toEqual(['model-10\t10', 'model-3\t3']);
    expect(await table.getByRole('columnheader', { name: 'Score' }).getAttribute('aria-sort')).toBe('descending');
  });

  it('a container opens, a task tells what it found and where', async () => {
    const cards = shown('cards');
    expect(await cards.getByText('Hidden inside').isVisible()).toBe(false);
    await cards.getByText('A container').click();
    await cards.getByText('Hidden inside').waitFor();
    await cards.getByText('Details').click();
    await cards.getByText('Found it').waitFor();
    expect(await cards.getByRole('link', { name: 'The log' }).getAttribute('href')).toBe('https://example.com/log');
    expect(await cards.getByRole('link', { name: 'Play: somebody waves' }).getAttribute('target')).toBe('_blank');
  });
});

describe('what is pressed in a message', () => {
  const { pick, heard } = here;
  const choose = (placeholder: string) => shown('actions').getByRole('button', { name: placeholder });

  it('buttons tell the app, confirmed ones only after a yes', async () => {
    await shown('blocks').getByRole('button', { name: 'Go' }).click();
    await heard('press', 'button');
    await shown('cards').getByRole('button', { name: 'Open card' }).click();
    await heard('card', 'button');
    await shown('cards').getByRole('button', { name: 'Good' }).click();
    await heard('feedback', 'good');
    await shown('cards').getByRole('button', { name: 'Remove' }).click();
    await heard('icon', 'icon_button');
    await choose('Run').click();
    await heard('flow', 'workflow_button');
    const asked = here.page.getByRole('alertdialog', { name: 'Really?' });
    await choose('Sure?').click();
    await lookTwice(here.page, 'confirm');
    await asked.getByRole('button', { name: 'No' }).click();
    await heard('flow', 'workflow_button');
    await choose('Sure?').click();
    await asked.getByRole('button', { name: 'Do it' }).click();
    await heard('sure', 'button');
    expect(await choose('Sure?').evaluate((element) => element.matches(':focus'))).toBe(true);
  });

  it('a button with an address opens it and still tells the app', async () => {
    const opened = here.page.context().waitForEvent('page');
    await choose('Away').click();
    await (await opened).close();
    await heard('away', 'button');
  });

  it('menus and lists tell what was taken', async () => {
    await choose('More actions').first().click();
    await here.page.getByRole('menuitem', { name: 'Option 2' }).click();
    await heard('more', '2');
    await choose('Choose one').click();
    await shoot(here.page, 'select-open');
    await here.page.keyboard.press('ArrowDown');
    await here.page.keyboard.press('Enter');
    await heard('one', '2');
    await choose('Find').click();
    await here.page.keyboard.type('x');
    await here.page.getByRole('option', { name: 'Found x' }).click();
    await heard('found', 'found-x');
    await pick(choose('Who'), 'Bo Ek');
    await heard('who', 'U2');
    await pick(choose('Where'), '#random');
    await heard('where', 'C2');
    await pick(choose('Which channel'), '#general');
    await heard('channel', 'C1');
    await pick(choose('Choose several'), 'Option 1', 'Option 2');
    await heard('several', ['1', '2']);
  });

  it('a choice that is taken back at the question stands no longer', async () => {
    await pick(choose('Choose with care'), 'Option 1');
    await here.page.getByRole('alertdialog').getByRole('button', { name: 'No' }).click();
    await choose('Choose with care').getByText('Choose with care').waitFor();
    await pick(choose('Choose with care'), 'Option 1');
    await here.page.getByRole('alertdialog').getByRole('button', { name: 'Do it' }).click();
    await heard('careful', '1');
  });

  it('days, hours, boxes and words tell what was put in', async () => {
    const message = shown('actions');
    await message.getByLabel('A day').fill('2026-12-24');
    await heard('day', '2026-12-24');
    await message.getByLabel('An hour').fill('18:30');
    await heard('hour', '18:30');
    await message.getByText('Dec 24, 2026').waitFor();
    await message.getByRole('checkbox', { name: 'Option 2' }).check();
    await heard('boxes', ['2']);
    await message.getByRole('radio', { name: 'Option 4' }).check();
    await heard('radio', '4');
    await message.getByLabel('Written here').fill('words');
    await message.getByLabel('Written here').press('Enter');
    await heard('written', 'words');
    expect(here.me.complaints).toEqual([]);
  });
});
