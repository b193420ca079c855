import { and, asc, desc, eq, ilike, inArray, isNull, sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';
import type { Db } from '../../db/client.ts';
import { allowedFor } from '../../lib/outgoing.ts';
import { Refusal } from '../../lib/refusal.ts';
import type { Pipelines, Registry } from '../../ports.ts';
import { sources } from '../sources/schema.ts';
import { pipelinesAt, registryAt, secretOf } from './access.ts';
import { type Connection, type ConnectionKind, connections } from './schema.ts';

const live = (ctx: Context) => and(eq(connections.workspace, ctx.workspace), isNull(connections.revokedAt));

/** The registry of this workspace: its newest connection to one, else that of the whole install. */
export async function registryFor(ctx: Context): Promise<Registry | undefined> {
  const [newest] = await ctx.db
    .select()
    .from(connections)
    .where(and(live(ctx), eq(connections.kind, 'mlflow')))
    .orderBy(desc(connections.madeAt), desc(connections.id))
    .limit(1);
  return newest ? registryAt(ctx, newest) : ctx.registry;
}

export async function pipelinesOf(
  ctx: Context,
  connectionId: string,
): Promise<{ connection: Connection; pipelines: Pipelines }> {
  const connection = await connectionById(ctx, connectionId);
  return { connection, pipelines: pipelinesAt(ctx, connection) };
}

interface WebHook {
  readonly connection: Connection;
  readonly url: string;
  /** whsec_ and base64, as Standard Webhooks signs with it. */
  readonly secret: string;
  readonly allowedHosts: readonly string[];
}

export async function hookOf(ctx: Context, connectionId: string): Promise<WebHook> {
  const connection = await connectionById(ctx, connectionId);
  const secret = connection.kind === 'webhook' ? secretOf(ctx, connection) : undefined;
  if (secret === undefined) throw new Refusal(`${connection.name} is no web-hook.`);
  const { url } = connection;
  return { connection, url, secret, allowedHosts: allowedFor(url, ctx.allowedHosts) };
}

/** By name. */
export function connectionsOf(ctx: Context, kinds?: readonly ConnectionKind[]): Promise<Connection[]> {
  return ctx.db
    .select()
    .from(connections)
    .where(and(live(ctx), kinds && inArray(connections.kind, [...kinds])))
    .orderBy(asc(connections.name), asc(connections.id));
}

const mostChoices = 100;

/** What a person may mean by these letters, by name. */
export function findConnections(ctx: Context, typed: string): Promise<Connection[]> {
  const letters = `%${typed.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return ctx.db
    .select()
    .from(connections)
    .where(and(live(ctx), ilike(connections.name, letters)))
    .orderBy(asc(connections.name), asc(connections.id))
    .limit(mostChoices);
}

export async function connectionById(ctx: Context, id: string): Promise<Connection> {
  return orGone(await ctx.db.select().from(connections).where(liveOne(ctx, id)));
}

/** The same, and nobody changes it until the end of this transaction. */
export async function lockedConnection(ctx: Context, id: string): Promise<Connection> {
  return orGone(await ctx.db.select().from(connections).where(liveOne(ctx, id)).for('no key update'));
}

const liveOne = (ctx: Context, id: string) => and(live(ctx), eq(connections.id, id));

function orGone([connection]: readonly Connection[]): Connection {
  if (connection) return connection;
  throw new Refusal('This connection was forgotten. `/ml connect` lists what is there.', { field: 'connection' });
}

export async function connectionNamed(ctx: Context, name: string): Promise<Connection> {
  const [connection] = await ctx.db
    .select()
    .from(connections)
    .where(and(live(ctx), eq(sql`lower(${connections.name})`, name.toLowerCase())));
  if (connection) return connection;
  throw new Refusal(`I know no connection named "${name}". \`/ml connect\` lists them.`, { field: 'connection' });
}

export interface Listed {
  readonly connection: Connection;
  /** The name it posts here under. */
  readonly source: string | null;
}

/** What does not work comes first, then by name. */
export function listedConnections(ctx: Context, most: number): Promise<Listed[]> {
  return ctx.db
    .select({ connection: connections, source: sources.name })
    .from(connections)
    .leftJoin(
      sources,
      and(
        eq(sources.workspace, connections.workspace),
        eq(sources.id, connections.sourceId),
        isNull(sources.revokedAt),
      ),
    )
    .where(live(ctx))
    .orderBy(desc(sql`${connections.problem} <> ''`), asc(connections.name), asc(connections.id))
    .limit(most);
}

/** The web-hook of a callback, before its workspace is known: nobody guesses its id. */
export async function liveWebhook(db: Db, id: string): Promise<Connection | undefined> {
  if (!uuid.test(id)) return undefined;
  const [connection] = await db
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), eq(connections.kind, 'webhook'), isNull(connections.revokedAt)));
  return connection;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
