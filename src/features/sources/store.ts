import { randomBytes, randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { nextNumber } from '../installations/store.ts';
import type { Model } from '../models/schema.ts';
import { people } from '../teams/schema.ts';
import { kindsOf } from './kinds.ts';
import { liveSource } from './queries.ts';
import { checkEnvironment, checkKey, countingSecrets, graceMs, hashOf } from './rules.ts';
import { type Kind, type Source, sources } from './schema.ts';

/** What its payloads are about when they do not say it. */
export interface Fallback {
  readonly model?: Model | undefined;
  readonly environment?: string | undefined;
}

/** The secret is handed out here once; the row has it only as a hash, or sealed. */
interface Fresh {
  readonly source: Source;
  readonly secret: string;
}

export async function checkMember(ctx: Context, by: string): Promise<void> {
  const [person] = await ctx.db
    .select({ standing: people.standing })
    .from(people)
    .where(and(eq(people.workspace, ctx.workspace), eq(people.id, by)))
    .for('share');
  if (person?.standing !== 'member') throw new Refusal('Only full members of this workspace connect tools.');
}

export function connect(ctx: Context, kind: Kind, by: string, fallback: Fallback = {}): Promise<Fresh> {
  return within(ctx, async (ctx) => {
    await checkMember(ctx, by);
    checkKey(kind, ctx.sealing !== undefined);
    checkEnvironment(fallback.model, fallback.environment);
    const { workspace } = ctx;
    const id = randomUUID();
    const number = await nextNumber(ctx, `source:${kind}`);
    const name = number === 1 ? kind : `${kind}-${number}`;
    const { secret, kept } = freshSecret(ctx, { workspace, id, kind });
    const [source] = await ctx.db
      .insert(sources)
      .values({ workspace, id, name, kind, secret: kept, ...rowOf(fallback), madeBy: by, madeAt: ctx.now() })
      .returning();
    if (!source) throw new Error('the source was not kept');
    note(ctx, source, by, 'connected', `connected ${name}${aboutWords(fallback)}`);
    return { source, secret };
  });
}

/** The old secret counts for a day more, so that the tool can be told of the new one without a gap. */
export function rotate(ctx: Context, sourceId: string, by: string): Promise<Fresh> {
  return within(ctx, async (ctx) => {
    await checkMember(ctx, by);
    const before = await liveSource(ctx, { sourceId });
    checkKey(before.kind, ctx.sealing !== undefined);
    const { secret, kept } = freshSecret(ctx, before);
    const formerUntil = new Date(ctx.now().getTime() + graceMs);
    const source = await change(ctx, before, { secret: kept, formerSecret: before.secret, formerUntil });
    note(ctx, source, by, 'rotated', `gave ${source.name} a new secret; the old one counts for a day more`);
    return { source, secret };
  });
}

export function revoke(ctx: Context, sourceId: string, by: string): Promise<Source> {
  return within(ctx, async (ctx) => {
    await checkMember(ctx, by);
    const before = await liveSource(ctx, { sourceId });
    const gone = { secret: '', formerSecret: null, formerUntil: null };
    const source = await change(ctx, before, { ...gone, revokedAt: ctx.now() });
    note(ctx, source, by, 'revoked', `revoked ${source.name}`);
    return source;
  });
}

export function place(ctx: Context, sourceId: string, fallback: Fallback, by: string): Promise<Source> {
  return within(ctx, async (ctx) => {
    await checkMember(ctx, by);
    checkEnvironment(fallback.model, fallback.environment);
    const source = await change(ctx, await liveSource(ctx, { sourceId }), rowOf(fallback));
    const words = aboutWords(fallback) || ' for whatever its payloads name';
    note(ctx, source, by, 'placed', `set ${source.name}${words}`);
    return source;
  });
}

/** What signatures of this source are checked with, the newest first. Throws where the key is missing or another. */
export function openSecrets(ctx: Context, source: Source): string[] {
  const { sealing } = ctx;
  if (!sealing) throw new Error('there is no PITCREW_SECRET_KEY to open its secret with');
  return countingSecrets(source, ctx.now()).map((sealed) => sealing.open(sealed, sealedFor(source)));
}

type Sealed = Pick<Source, 'workspace' | 'id' | 'kind'>;
const sealedFor = ({ workspace, id }: Sealed) => [workspace, id];

function freshSecret(ctx: Context, source: Sealed): { secret: string; kept: string } {
  const { proof } = kindsOf[source.kind];
  // GitLab takes only signing tokens of this form.
  const secret =
    proof === 'gitlab' ? `whsec_${randomBytes(32).toString('base64')}` : `pit_${randomBytes(32).toString('base64url')}`;
  if (proof === 'bearer') return { secret, kept: hashOf(secret) };
  if (!ctx.sealing) throw new Error('no key to seal with');
  return { secret, kept: ctx.sealing.seal(secret, sealedFor(source)) };
}

async function change(ctx: Context, { id }: Source, to: Partial<Source>): Promise<Source> {
  const [source] = await ctx.db
    .update(sources)
    .set(to)
    .where(and(eq(sources.workspace, ctx.workspace), eq(sources.id, id)))
    .returning();
  if (!source) throw new Error('the source is gone');
  return source;
}

function rowOf({ model, environment }: Fallback) {
  return { modelId: model?.id ?? null, environment: environment || null };
}

function aboutWords({ model, environment }: Fallback): string {
  return `${model ? ` for ${model.name}` : ''}${environment ? ` in ${environment}` : ''}`;
}

function note(ctx: Context, source: Source, who: string, verb: string, summary: string): void {
  const { id, name, kind, modelId } = source;
  const data = { name, kind, environment: source.environment };
  record(ctx, { who, what: `source.${verb}`, subject: `source:${id}`, summary, data, ...(modelId && { modelId }) });
}
