import { readFile } from 'node:fs/promises';
import { inject, it as base } from 'vitest';
import { type Context, databaseClock } from '../../src/context.ts';
import { type Database } from '../../src/db/client.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { inbox } from '../../src/messages/schema.ts';
import type { Log, SlackApi } from '../../src/ports.ts';
import { ticks } from '../../src/time/schema.ts';
import { noTools } from '../support/no-tools.ts';

/** A log that remembers. */
function memoryLog(): Log & { lines: { level: string; about: object; text: string }[] } {
  const lines: { level: string; about: object; text: string }[] = [];
  const keep = (level: string) => (about: object, text: string) => void lines.push({ level, about, text });
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** Slack as a list of what was asked of it. */
function memorySlack(): SlackApi & { asked: { method: string; args: unknown }[] } {
  const asked: { method: string; args: unknown }[] = [];
  const answer =
    <T extends object>(method: string, value: T) =>
    (...args: unknown[]) => {
      asked.push({ method, args: args.length === 1 ? args[0] : args });
      return Promise.resolve({ ok: true as const, value });
    };
  return {
    asked,
    post: answer('post', { ts: '1.1' }),
    update: answer('update', {}),
    find: answer('find', {}),
    openDm: answer('openDm', { channel: 'D1' }),
    upload: answer('upload', { file: 'F1' }),
    sendFiles: answer('sendFiles', {}),
    person: answer('person', { id: 'U1', name: 'Ada', zone: 'UTC', standing: 'member' as const }),
    groupMembers: answer('groupMembers', { people: [] }),
    createChannel: answer('createChannel', { channel: 'C9' }),
    findChannel: answer('findChannel', { mine: false }),
    joinChannel: answer('joinChannel', {}),
    archive: answer('archive', {}),
    unarchive: answer('unarchive', {}),
    setTopic: answer('setTopic', {}),
    invite: answer('invite', {}),
    pin: answer('pin', {}),
    read: answer('read', {}),
    bookmark: answer('bookmark', {}),
    canvasIn: answer('canvasIn', { mine: false, isPrivate: false }),
    createCanvas: answer('createCanvas', { canvas: 'F9' }),
    writeCanvas: answer('writeCanvas', {}),
    openView: answer('openView', {}),
    publishHome: answer('publishHome', {}),
    tell: answer('tell', {}),
  };
}

export interface Site {
  readonly database: Database;
  readonly ctx: Context;
  readonly slack: ReturnType<typeof memorySlack>;
  readonly log: ReturnType<typeof memoryLog>;
  /** Moves the app's clock. */
  setNow(now: Date): void;
}

/** A database of its own for each file, emptied for each test of what the runtime writes. */
export const it = base.extend<{ database: Database; site: Site }>({
  database: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the parameter list
    async ({}, use) => {
      const database = await openEmbedded({ loadDataDir: new Blob([await readFile(inject('template'))]) });
      await use(database);
      await database.close();
    },
    { scope: 'file' },
  ],
  site: async ({ database }, use) => {
    await database.db.delete(inbox);
    await database.db.delete(ticks);
    let now = new Date();
    const slack = memorySlack();
    const log = memoryLog();
    const ctx: Context = {
      workspace: 'T1',
      db: database.db,
      now: () => now,
      clock: databaseClock,
      slack,
      registry: undefined,
      tools: noTools,
      allowedHosts: [],
      log,
      publicUrl: 'https://pitcrew.example',
    };
    await use({
      database,
      ctx,
      slack,
      log,
      setNow: (to) => {
        now = to;
      },
    });
  },
});
