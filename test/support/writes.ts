import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import type { Write } from '../../src/local-slack/world.ts';

/** A folder to keep every write in, one line of JSON each; `npm run gallery` sets it. */
const folder = process.env['PITCREW_WRITES'];
export const isKept = folder !== undefined;

export function keep(write: Write): void {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const { currentTestName: test = '', testPath = '' } = expect.getState();
  const line = JSON.stringify({ ...write, test, file: relative('.', testPath) });
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${line}\n`);
}

/** For a local Slack of a test: keeps what the app writes, and says at the end what was refused as badly drawn. */
export function watchWrites(): { onWrite: (write: Write) => void; assertAllTaken: () => void } {
  const refused: string[] = [];
  return {
    onWrite: (write) => {
      keep(write);
      if (write.refused) refused.push(`${write.method}: ${JSON.stringify(write.refused)}`);
    },
    assertAllTaken: () => {
      if (refused.length > 0) throw new Error(`Slack refuses what was drawn: ${refused.join('\n')}`);
    },
  };
}
