import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PythonPackage {
  /** The folder of its programs. */
  readonly bin: string;
  /** Puts it into a virtual environment of its own, once. Says why when it cannot be had. */
  install(): Promise<{ ok: true } | { ok: false; why: string }>;
}

/** `beside`: pinned packages that have to be there too; with others it is made anew. */
export function pythonPackage(name: string, release: string, ...beside: readonly string[]): PythonPackage {
  const home = fileURLToPath(new URL(`../../node_modules/.cache/${name}-${release}`, import.meta.url));
  const ready = join(home, `${[`${name}-${release}`, ...beside].join('+')}.ready`);
  const bin = join(home, 'bin');
  const install: PythonPackage['install'] = async () => {
    if (existsSync(ready)) return { ok: true };
    await rm(home, { recursive: true, force: true });
    await mkdir(home, { recursive: true });
    await run('python3', ['-m', 'venv', home]);
    try {
      await run(join(bin, 'pip'), ['install', '--quiet', `${name}==${release}`, ...beside], { timeout: 600_000 });
    } catch (error) {
      const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
      if (!isUnreachable(words)) throw error;
      return { ok: false, why: 'the Python package index cannot be reached' };
    }
    await mkdir(ready);
    return { ok: true };
  };
  return { bin, install };
}

/** What pip says when there is no network, against every other way in which it can fail. */
function isUnreachable(words: string): boolean {
  const nothingFound = words.includes('from versions: none');
  return (
    nothingFound &&
    /NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|Network is unreachable/.test(words)
  );
}
