import { expect, it } from 'vitest';
import { guest, lookTwice } from './guest.ts';

const here = guest();

/** How far the page can be pushed sideways: not at all. */
async function sideways(): Promise<number> {
  return Number(
    await here.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
  );
}

it.for(['blocks', 'data', 'cards', 'actions'])('on a phone all of “%s” fits and can be read', async (kind) => {
  await here.page.setViewportSize({ width: 390, height: 844 });
  await here.say(`/sink ${kind}`);
  await expect.poll(() => here.page.getByRole('article').count()).toBeGreaterThan(0);
  await lookTwice(here.page, `phone-${kind}`);
  expect(await sideways()).toBe(0);
  const list = here.page.getByRole('region', { name: 'Messages' });
  expect(await list.evaluate((each) => each.scrollWidth - each.clientWidth)).toBe(0);
});

it('on a phone a form fills the screen, and a list of choices stays on it', async () => {
  await here.say('/sink inputs');
  const dialog = here.me.dialog();
  await dialog.getByRole('heading', { name: 'Every input' }).waitFor();
  await lookTwice(here.page, 'phone-form');
  await dialog.getByLabel('Choices').click();
  const box = await here.page.getByRole('listbox').boundingBox();
  expect(box && box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844).toBe(true);
  expect(await sideways()).toBe(0);
  await here.page.keyboard.press('Escape');
  await here.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(here.me.complaints).toEqual([]);
});
