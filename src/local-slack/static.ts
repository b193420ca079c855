import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { extname } from 'node:path';
import { sendText } from './http.ts';

const page = new URL('./page/', import.meta.url);
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const vendors: Record<string, string> = {
  'preact.js': 'preact',
  'hooks.js': 'preact/hooks',
  'htm.js': 'htm',
};

function vendored(source: string): string {
  return source
    .replaceAll(/from\s*(["'])preact\1/g, 'from "/vendor/preact.js"')
    .replaceAll(/\/\/# sourceMappingURL.*/g, '');
}

async function textAt(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function served(response: ServerResponse, text: string | undefined, type: string | undefined): void {
  if (text === undefined || type === undefined) sendText(response, 404, 'not found');
  else sendText(response, 200, text, type);
}

/** Page sources are served as they are on disk; only types are taken out of .ts files. */
export async function serveStatic(response: ServerResponse, path: string): Promise<void> {
  const vendor = vendors[path.replace(/^\/vendor\//, '')];
  if (path.startsWith('/vendor/') && vendor) {
    const text = await textAt(fileURLToPath(import.meta.resolve(vendor)));
    return served(response, text === undefined ? undefined : vendored(text), types['.js']);
  }
  const name = path === '/' ? 'index.html' : path.replace(/^\/page\//, '');
  if (!/^[\w-]+(\.[\w-]+)*$/.test(name)) return served(response, undefined, undefined);
  const text = await textAt(fileURLToPath(new URL(name, page)));
  const isTyped = extname(name) === '.ts' && text !== undefined;
  served(response, isTyped ? stripTypeScriptTypes(text) : text, types[extname(name)]);
}
