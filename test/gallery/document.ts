import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Item } from './items.ts';

const slackPage = new URL('../../src/local-slack/page/', import.meta.url);
const ownPage = new URL('./page/', import.meta.url);
const vendors = ['preact', 'preact/hooks', 'htm'];

/** One file that needs no server: the page's own modules travel inside it, named in the import map. */
export async function documentOf(items: readonly Item[], head: string): Promise<string> {
  const shown = items.map(({ write, ...about }) => ({ ...about, ...write, given: undefined }));
  const style = await Promise.all([...(await stylesOf(slackPage)), new URL('gallery.css', ownPage)].map(textAt));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gallery: everything the app says</title>
<style>${style.join('\n')}</style>
<script type="importmap">${inScript({ imports: await modules() })}</script>
</head>
<body>
<p id="summary">${head}</p>
<div id="gallery"></div>
<script type="application/json" id="items">${inScript(shown)}</script>
<script type="module">import 'gallery/gallery.ts';</script>
</body>
</html>
`;
}

async function modules(): Promise<Record<string, string>> {
  const pages = (await readdir(slackPage)).filter((name) => name.endsWith('.ts') && name !== 'main.ts');
  const typed = [
    ...pages.map((name) => [`page/${name}`, new URL(name, slackPage)] as const),
    ['gallery/gallery.ts', new URL('gallery.ts', ownPage)] as const,
  ];
  const own = typed.map(async ([name, url]) => [name, asModule(stripTypeScriptTypes(await textAt(url)))] as const);
  const vendored = vendors.map(async (name) => {
    const path = fileURLToPath(import.meta.resolve(name));
    return [name, asModule((await readFile(path, 'utf8')).replaceAll(/\/\/# sourceMappingURL.*/g, ''))] as const;
  });
  return Object.fromEntries(await Promise.all([...own, ...vendored]));
}

/** Modules in the map have no folder, so what stood beside them is called by its name in the map. */
function asModule(code: string): string {
  const named = code.replaceAll(
    /(from\s*|import\s*)(["'])(?:\.\.\/)*(?:src\/local-slack\/page|\.)\/([\w-]+\.ts)\2/g,
    '$1$2page/$3$2',
  );
  return `data:text/javascript;base64,${Buffer.from(named).toString('base64')}`;
}

async function stylesOf(folder: URL): Promise<URL[]> {
  const index = await textAt(new URL('index.html', folder));
  return [...index.matchAll(/href="\/page\/([\w-]+\.css)"/g)].map(([, name = '']) => new URL(name, folder));
}

function textAt(url: URL): Promise<string> {
  return readFile(url, 'utf8');
}

function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
