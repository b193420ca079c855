import { mkdir, writeFile } from 'node:fs/promises';
import { manifestFiles } from './manifest.ts';

const folder = new URL('../manifests/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(manifestFiles())) await writeFile(new URL(name, folder), text);
