import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { z } from 'zod';

export interface DemoProcess {
  readonly said: string;
  /** Its exit code. */
  stop(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
  kill(): void;
}

/** `npm run demo` in a process of its own, once it has said where it is. */
export async function startDemo(folder: string, port: number, ...flags: string[]): Promise<DemoProcess> {
  const child: ChildProcess = spawn(process.execPath, [
    'src/demo.ts',
    '--port',
    String(port),
    '--folder',
    folder,
    ...flags,
  ]);
  let said = '';
  let complained = '';
  child.stderr?.on('data', (chunk: Buffer) => (complained += String(chunk)));
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (!said.includes('begins anew')) continue;
    return {
      said,
      async stop(signal) {
        const exit = once(child, 'exit');
        child.kill(signal);
        const [code] = z.tuple([z.number().nullable(), z.unknown()]).parse(await exit);
        return code;
      },
      kill: () => void child.kill('SIGKILL'),
    };
  }
  throw new Error(`the demo ended: ${said}${complained}`);
}

/** Three neighbouring ports, below the range that the system hands out: nobody takes them between a stop and a start. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([port, port + 1, port + 2].map(isFree));
    if (free.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}
