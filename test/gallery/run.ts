import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentOf } from './document.ts';
import { itemsOf } from './items.ts';
import { playSuites } from './writes.ts';

const folder = '.pitcrew/gallery';
const { writes, passed } = await playSuites(join(folder, 'writes'));
const items = itemsOf(writes);
const refused = writes.filter((write) => write.refused !== undefined);

const count = (kinds: readonly string[]) => items.filter(({ kind }) => kinds.includes(kind)).length;
const summary = `${count(['message', 'ephemeral'])} messages, ${count(['modal'])} modals, ${count(['home'])} homes, ${refused.length} refused by the validator`;
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'index.html'), await documentOf(items, summary));

console.log(`${summary}: ${join(folder, 'index.html')}`);
for (const { method, test, refused: why } of refused) console.error(`${method} in "${test}": ${JSON.stringify(why)}`);
if (!passed) console.error('Some tests failed, so something may be missing: run npm test.');
if (!passed || refused.length > 0 || items.length === 0) process.exitCode = 1;
