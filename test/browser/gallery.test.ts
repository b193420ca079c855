import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { normaliseBlocks } from '../../src/local-slack/blocks/normalise.ts';
import { plain, section } from '../../src/slack/blocks.ts';
import { md } from '../../src/slack/mrkdwn.ts';
import { documentOf } from '../gallery/document.ts';
import { itemsOf } from '../gallery/items.ts';
import { writeOf } from '../gallery/write-of.ts';
import { openBrowser, sitDown } from './newcomer.ts';

const blocks = normaliseBlocks([section(md`*Look* at this </script>`)]);
const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const picture = normaliseBlocks([{ type: 'image', slack_file: { id: 'F1' }, alt_text: 'A line' }]);

it('the gallery opens from disk, alone, and shows every kind with the words that are read aloud', async () => {
  const writes = [
    writeOf({ kept: { text: 'Read me aloud', blocks } }),
    writeOf({ given: { text: 'p' }, kept: { text: 'A picture', blocks: picture }, pictures: { F1: png } }),
    writeOf({ kind: 'ephemeral', given: { text: 'Psst' } }),
    writeOf({ kind: 'modal', kept: { type: 'modal', title: plain('A form', 24), blocks } }),
    writeOf({ kind: 'home', kept: { type: 'home', blocks } }),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'gallery-'));
  const browser = await openBrowser();
  try {
    const file = join(folder, 'index.html');
    await writeFile(file, await documentOf(itemsOf(writes), '5 looks'));
    const asked: string[] = [];
    const { page, complaints } = await sitDown(browser, 'about:blank');
    page.on('request', (request) => asked.push(new URL(request.url()).protocol));
    await page.goto(pathToFileURL(file).href);

    expect(await page.locator('.item').count()).toBe(5);
    expect(await page.locator('.look strong').allTextContents()).toEqual(['Look', 'Look', 'Look']);
    expect(await page.locator('.fallback').first().textContent()).toContain('Read me aloud');
    expect(await page.getByText('Only visible to you').count()).toBe(1);
    expect(await page.getByRole('dialog').textContent()).toContain('A form');
    expect(await page.getByAltText('A line').evaluate((img: { naturalWidth: number }) => img.naturalWidth)).toBe(1);
    const theme = () => page.locator('html').getAttribute('data-theme');
    expect(await theme()).toBe('light');
    await page.getByRole('navigation', { name: 'Contents' }).getByRole('button', { name: 'Dark theme' }).click();
    expect(await theme()).toBe('dark');
    expect(asked.filter((protocol) => protocol !== 'file:' && protocol !== 'data:')).toEqual([]);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
});
