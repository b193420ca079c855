import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import type { Db } from '../../db/client.ts';
import { record } from '../../ledger/ledger.ts';
import { type Source, sources } from './schema.ts';

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A new source and its token; the token is shown once and kept only as its hash. */
export function connect(ctx: Context, kind: string, by: string): Promise<{ source: Source; token: string }> {
  return within(ctx, async (ctx) => {
    const token = `pit_${randomBytes(24).toString('base64url')}`;
    const [source] = await ctx.db
      .insert(sources)
      .values({ workspace: ctx.workspace, kind, tokenHash: hashOf(token), madeBy: by, madeAt: ctx.now() })
      .returning();
    if (!source) throw new Error('the source was not kept');
    record(ctx, { who: by, what: 'source.connected', subject: `source:${source.id}`, summary: `connected ${kind}` });
    return { source, token };
  });
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The source of a delivery, before its workspace is known: the unguessable id and its token say which it is. */
export async function sourceOf(db: Db, id: string, token: string): Promise<Source | undefined> {
  if (!uuid.test(id)) return undefined;
  const [source] = await db
    .select()
    .from(sources)
    .where(and(eq(sources.id, id), eq(sources.tokenHash, hashOf(token)), isNull(sources.revokedAt)));
  return source;
}
