import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Fields = z.record(z.string(), z.unknown());

const KeptWrite = z.object({
  method: z.string(),
  kind: z.enum(['message', 'ephemeral', 'modal', 'home']),
  given: Fields,
  kept: Fields.optional(),
  refused: Fields.optional(),
  workspace: z.object({ app: Fields, people: z.array(Fields), channels: z.array(Fields) }),
  pictures: z.record(z.string(), z.string()),
  test: z.string(),
  file: z.string(),
});
export type KeptWrite = z.infer<typeof KeptWrite>;

const suites = ['test/stories', 'test/features', 'test/runtime/slack-local.test.ts'];

/** Plays what people live through and gives back everything the app wrote meanwhile. */
export async function playSuites(folder: string): Promise<{ writes: KeptWrite[]; passed: boolean }> {
  await rm(folder, { recursive: true, force: true });
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--retry', '1'];
  const child = spawn(process.execPath, [...vitest, '--reporter', 'dot', ...suites], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PITCREW_WRITES: folder },
  });
  const [code] = z.tuple([z.number().nullable(), z.unknown()]).parse(await once(child, 'exit'));
  return { writes: await readWrites(folder), passed: code === 0 };
}

async function readWrites(folder: string): Promise<KeptWrite[]> {
  const files = await readdir(folder).catch(() => []);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n').filter(Boolean));
  return lines.map((line) => KeptWrite.parse(JSON.parse(line)));
}
