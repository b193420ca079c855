import { readFile } from 'node:fs/promises';
import type { KnownBlock } from '@slack/types';
import { eq, sql } from 'drizzle-orm';
import { inject, it as base } from 'vitest';
import { type Context, within } from '../../src/context.ts';
import type { Db } from '../../src/db/client.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { registerModel } from '../../src/features/models/store.ts';
import type { Model } from '../../src/features/models/schema.ts';
import { aliasMoved } from '../../src/features/releases/store.ts';
import { type Role, people } from '../../src/features/teams/schema.ts';
import { createTeam, joinTeam, keepPerson } from '../../src/features/teams/store.ts';
import { messages } from '../../src/messages/schema.ts';
import type { Registry, SlackApi, Standing } from '../../src/ports.ts';
import { noTools } from './no-tools.ts';
import { assertDrawn, watchDrawings } from './drawings.ts';

/** The whole house on a real Postgres, with a clock that moves when told. Slack and the registry are remembered, not called. */
export class House {
  readonly ctx: Context;
  readonly registry: MemoryRegistry;
  #now = new Date('2026-03-02T09:00:00Z');

  constructor(db: Db) {
    this.registry = memoryRegistry();
    this.ctx = {
      workspace: 'T1',
      db,
      now: () => this.#now,
      clock: sql``,
      slack: quietSlack(),
      registry: this.registry,
      tools: noTools,
      allowedHosts: [],
      log: { info: () => {}, warn: () => {}, error: () => {} },
      publicUrl: 'https://pitcrew.example',
    };
    Object.defineProperty(this.ctx, 'clock', {
      enumerable: true,
      get: () => sql`${this.#now.toISOString()}::timestamptz`,
    });
  }

  later(minutes: number): void {
    this.#now = new Date(this.#now.getTime() + minutes * 60_000);
  }

  now(): Date {
    return this.#now;
  }

  /** The same house as another workspace sees it. */
  elsewhere(workspace: string): Context {
    return { ...this.ctx, workspace };
  }

  /** A team of an owner, a deputy, a lead and an engineer, and their model with version 14 live. */
  async team(): Promise<{ model: Model; teamId: string }> {
    for (const [id, name] of Object.entries(crew)) await keepPerson(this.ctx, person(id, name));
    const team = await createTeam(this.ctx, { name: 'Retention', channel: 'C1', leadId: 'LEAD', zone: 'UTC' }, 'LEAD');
    for (const [id, roles] of Object.entries(rolesOf)) await joinTeam(this.ctx, team.id, id, roles);
    const model = await registerModel(
      this.ctx,
      {
        name: 'churn-model',
        teamId: team.id,
        ownerId: 'OLGA',
        deputyId: 'DEPU',
        channel: 'C1',
        tier: 1,
        registryName: 'churn-model',
      },
      'OLGA',
    );
    this.registry.aliases.set('churn-model/champion', '14');
    await aliasMoved(this.ctx, {
      modelId: model.id,
      environment: 'production',
      version: '14',
      who: 'ci',
      why: 'release',
    });
    return { model, teamId: team.id };
  }

  async standing(id: string, standing: Standing): Promise<void> {
    await this.ctx.db.update(people).set({ standing }).where(eq(people.id, id));
  }

  /** Every message that should stand, as a person reads it: text, then buttons in brackets. */
  async said(keyStart = ''): Promise<string[]> {
    const rows = await this.ctx.db.select().from(messages).orderBy(messages.key);
    return rows.filter((row) => row.key.startsWith(keyStart)).map((row) => row.wanted.blocks.map(read).join('\n'));
  }

  /** The same as notifications and screen readers say it. */
  async heard(keyStart = ''): Promise<string[]> {
    const rows = await this.ctx.db.select().from(messages).orderBy(messages.key);
    return rows.filter((row) => row.key.startsWith(keyStart)).map((row) => row.wanted.text);
  }

  /** Runs `work` as one door would: in a transaction of its own. */
  async visit<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
    return await within(this.ctx, work);
  }
}

const crew = { OLGA: 'Olga Ivanova', DEPU: 'Dewi Putri', LEAD: 'Lea Adler', ENGI: 'Enzo Gil', PROD: 'Pia Roth' };
const rolesOf: Record<string, readonly Role[]> = {
  OLGA: ['ds'],
  DEPU: ['mle'],
  LEAD: ['mle'],
  ENGI: ['ops'],
  PROD: ['pm'],
};

function person(id: string, name = id, standing: Standing = 'member') {
  return { id, name, zone: 'UTC', standing };
}

function read(block: KnownBlock): string {
  if (block.type === 'header') return block.text.text;
  if (block.type === 'image') return `(picture: ${block.alt_text})`;
  if (block.type === 'section') {
    return [block.text?.text, ...(block.fields ?? []).map((field) => field.text)].filter(Boolean).join('\n');
  }
  if (block.type === 'context') {
    return block.elements.map((element) => ('text' in element ? element.text : '')).join(' ');
  }
  if (block.type !== 'actions') return '';
  return block.elements.map((element) => (element.type === 'button' ? `[${element.text.text}]` : '')).join(' ');
}

type MemoryRegistry = Registry & {
  aliases: Map<string, string>;
  moves: string[];
  tags: string[];
  facts: Map<string, Record<string, number>>;
};

function memoryRegistry(): MemoryRegistry {
  const aliases = new Map<string, string>();
  const moves: string[] = [];
  const tags: string[] = [];
  const facts = new Map<string, Record<string, number>>();
  return {
    facts,
    name: 'MLflow',
    aliases,
    moves,
    tags,
    aliasVersion: ({ model, alias }) => Promise.resolve(aliases.get(`${model}/${alias}`)),
    setAlias: ({ model, alias, version }) => {
      moves.push(version);
      aliases.set(`${model}/${alias}`, version);
      return Promise.resolve();
    },
    versionExists: () => Promise.resolve(true),
    versionFacts: ({ version }) =>
      Promise.resolve({
        createdAt: new Date(0),
        aliases: [],
        tags: {},
        metrics: facts.get(version) ?? {},
        datasets: {},
      }),
    aliasPage: () => Promise.resolve({ models: [] }),
    tellUs: () => Promise.resolve(),
    check: () => Promise.resolve('2 models'),
    tagVersion: ({ version, tags: given }) => {
      tags.push(`${version}: ${Object.keys(given).join(', ')}`);
      return Promise.resolve();
    },
    models: () =>
      Promise.resolve({
        models: [
          { name: 'churn-model', description: '' },
          { name: 'fraud-model', description: 'Payments' },
        ],
      }),
    recentVersions: () =>
      Promise.resolve(['15', '14', '13'].map((version) => ({ version, createdAt: new Date(0), aliases: [] }))),
  };
}

/** Store tests need of Slack only who somebody is; everything that talks is tested through the local Slack. */
export function quietSlack(): SlackApi {
  const no = () => Promise.resolve({ ok: false, why: 'refused', code: 'quiet' } as const);
  return {
    post: no,
    update: no,
    find: no,
    openDm: no,
    upload: no,
    person: (id) => Promise.resolve({ ok: true, value: person(id) }),
    groupMembers: no,
    sendFiles: no,
    createChannel: no,
    findChannel: no,
    joinChannel: no,
    archive: no,
    unarchive: no,
    setTopic: no,
    invite: no,
    pin: no,
    read: no,
    bookmark: no,
    canvasIn: no,
    createCanvas: no,
    writeCanvas: no,
    openView: no,
    publishHome: no,
    tell: no,
  };
}

class Undo extends Error {}

export const it = base.extend<{ database: Db; house: House }>({
  database: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the parameter list
    async ({}, use) => {
      const database = await openEmbedded({ loadDataDir: new Blob([await readFile(inject('template'))]) });
      await use(database.db);
      await database.close();
    },
    { scope: 'file' },
  ],
  house: async ({ database }, use) => {
    const visit = database.transaction(async (db) => {
      await watchDrawings(db);
      await use(new House(db));
      await assertDrawn(db);
      throw new Undo();
    });
    await visit.catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  },
});
