import { randomBytes, randomUUID } from 'node:crypto';
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { sourceById } from '../sources/queries.ts';
import type { Source } from '../sources/schema.ts';
import { checkMember, connect, openSecrets } from '../sources/store.ts';
import { sealed } from './access.ts';
import { connectionsOf, lockedConnection } from './queries.ts';
import { checkKey, freeName, hostOf, readTyped, type Typed } from './rules.ts';
import { type Connection, type ConnectionKind, connections } from './schema.ts';

interface Made {
  readonly connection: Connection;
  /** Of a web-hook: handed out here once, the row has it only sealed. */
  readonly signing: string | undefined;
}

export function makeConnection(ctx: Context, kind: ConnectionKind, typed: Typed, by: string): Promise<Made> {
  return within(ctx, async (ctx) => {
    await checkMember(ctx, by);
    const wanted = readTyped(kind, typed);
    const signing = kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64')}` : undefined;
    const secret = signing ?? wanted.secret;
    if (secret !== undefined) checkKey(ctx.sealing !== undefined);
    const taken = (await connectionsOf(ctx)).map((each) => each.name);
    const { workspace } = ctx;
    const id = randomUUID();
    const name = wanted.name ?? freeName(kind, taken);
    const kept = secret === undefined ? null : sealed(ctx, id, secret);
    const [connection] = await ctx.db
      .insert(connections)
      .values({ ...wanted, workspace, id, kind, name, secret: kept, madeBy: by, madeAt: ctx.now() })
      .onConflictDoNothing()
      .returning();
    if (!connection) throw nameTaken(name);
    note(ctx, connection, by, 'made', `connected ${name} (${kind} at ${hostOf(connection)})`);
    return { connection, signing };
  });
}

/** Without a password or token typed anew, the one that is kept stays. */
export function changeConnection(
  ctx: Context,
  { connectionId, revision }: { readonly connectionId: string; readonly revision: number },
  typed: Typed,
  by: string,
): Promise<Connection> {
  return within(ctx, async (ctx) => {
    await checkMember(ctx, by);
    const before = await lockedConnection(ctx, connectionId);
    if (before.revision !== revision) {
      throw new Refusal(`Somebody else changed ${before.name} meanwhile. Please open it again.`);
    }
    const wanted = readTyped(before.kind, typed, before);
    if (wanted.secret !== undefined) checkKey(ctx.sealing !== undefined);
    const { name = before.name, ...rest } = wanted;
    await checkNameFree(ctx, name, connectionId);
    const stays = wanted.signIn === 'none' ? null : before.secret;
    const secret = wanted.secret === undefined ? stays : sealed(ctx, before.id, wanted.secret);
    const untried = { triedAt: null, found: '', problem: '' };
    const after = await change(ctx, before, { ...rest, name, secret, ...untried, revision: revision + 1 });
    note(ctx, after, by, 'changed', `changed the connection ${name} (${after.kind} at ${hostOf(after)})`);
    return after;
  });
}

export function forgetConnection(ctx: Context, connectionId: string, by: string): Promise<Connection> {
  return within(ctx, async (ctx) => {
    await checkMember(ctx, by);
    const before = await lockedConnection(ctx, connectionId);
    const gone = await change(ctx, before, { secret: null, username: '', revokedAt: ctx.now() });
    note(ctx, gone, by, 'forgotten', `forgot the connection ${gone.name}`);
    return gone;
  });
}

/** What a try said of the connection as it was then; of one that was edited meanwhile it says nothing. */
export function noteTried(
  ctx: Context,
  { id, revision }: Pick<Connection, 'id' | 'revision'>,
  said: { readonly found: string; readonly problem: string },
): Promise<void> {
  return within(ctx, async (ctx) => {
    await ctx.db
      .update(connections)
      .set({ ...said, triedAt: ctx.now() })
      .where(and(ofRow(ctx, id), eq(connections.revision, revision)));
  });
}

interface Posting {
  readonly connection: Connection;
  readonly source: Source;
  readonly secret: string;
}

/** A source for what this tool posts here; asked again, the same one. */
export function letPost(ctx: Context, connectionId: string, by: string): Promise<Posting> {
  return within(ctx, async (ctx) => {
    await checkMember(ctx, by);
    const before = await lockedConnection(ctx, connectionId);
    const { kind, name, sourceId } = before;
    if (kind !== 'mlflow' && kind !== 'airflow') throw new Refusal(`What ${name} posts is nothing that I can read.`);
    const standing = sourceId === null ? undefined : await sourceById(ctx.db, sourceId);
    if (standing) return { connection: before, source: standing, secret: secretAgain(ctx, before, standing) };
    const { source, secret } = await connect(ctx, kind, by);
    const hookProblem = kind === 'mlflow' ? 'It was not told yet.' : '';
    const connection = await change(ctx, before, { sourceId: source.id, hookProblem });
    note(ctx, connection, by, 'listened', `let ${name} post here as ${source.name}`);
    return { connection, source, secret };
  });
}

/** Only what signs has its secret kept; of the others a hash is left. */
function secretAgain(ctx: Context, { kind, name }: Connection, source: Source): string {
  const rotate = `\`/ml connect rotate ${source.name}\` gives it a new secret.`;
  if (kind === 'airflow') throw new Refusal(`${name} posts here already, as ${source.name}. ${rotate}`);
  try {
    return openSecrets(ctx, source)[0] ?? '';
  } catch (error) {
    ctx.log.error({ err: error, source: source.id }, 'the secret of a source does not open');
    throw new Refusal(`I cannot open the secret of ${source.name}: PITCREW_SECRET_KEY is another one now. ${rotate}`);
  }
}

/** Whether the tool was told where to post. */
export function noteHook(ctx: Context, connectionId: string, hookProblem: string): Promise<void> {
  return within(ctx, async (ctx) => {
    await ctx.db.update(connections).set({ hookProblem }).where(ofRow(ctx, connectionId));
  });
}

const ofRow = (ctx: Context, id: string) => and(eq(connections.workspace, ctx.workspace), eq(connections.id, id));

async function checkNameFree(ctx: Context, name: string, id: string): Promise<void> {
  const same = and(eq(sql`lower(${connections.name})`, name.toLowerCase()), ne(connections.id, id));
  const [clash] = await ctx.db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.workspace, ctx.workspace), isNull(connections.revokedAt), same));
  if (clash) throw nameTaken(name);
}

const nameTaken = (name: string) => new Refusal(`There is a connection named "${name}" already.`, { field: 'name' });

async function change(ctx: Context, { id }: Connection, to: Partial<Connection>): Promise<Connection> {
  const [connection] = await ctx.db.update(connections).set(to).where(ofRow(ctx, id)).returning();
  if (!connection) throw new Error('the connection is gone');
  return connection;
}

function note(ctx: Context, connection: Connection, who: string, verb: string, summary: string): void {
  const { id, name, kind, signIn, space } = connection;
  const data = { name, kind, host: hostOf(connection), signIn, space };
  record(ctx, { who, what: `connection.${verb}`, subject: `connection:${id}`, summary, data });
}
