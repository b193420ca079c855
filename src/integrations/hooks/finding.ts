import { timingSafeEqual } from 'node:crypto';
import type { Context } from '../../context.ts';
import type { Hook } from '../../doors.ts';
import { noteUnproven } from '../../features/sources/changes.ts';
import { kindsOf } from '../../features/sources/kinds.ts';
import { sourceById } from '../../features/sources/queries.ts';
import { hashOf, isTokenOf } from '../../features/sources/rules.ts';
import { deployCallback } from './deploy-callback.ts';
import { entries } from './entries.ts';
import { receiving } from './receiving.ts';

/**
 * What takes in a delivery: a connected tool or a deployer of ours by its id; or, for one workspace, a format by its name with the API
 * token. Undefined where nobody may know whether there is one.
 */
export async function hookFor(
  ctx: Context,
  apiToken: string | undefined,
  name: string,
  bearer: string | undefined,
): Promise<{ workspace: string; hook: Hook } | undefined> {
  const byName = entries.find(({ kind }) => kind === name);
  if (byName) {
    const may = apiToken !== undefined && bearer !== undefined && same(apiToken, bearer);
    return may ? { workspace: ctx.workspace, hook: receiving(byName) } : undefined;
  }
  const source = await sourceById(ctx.db, name);
  const entry = entries.find(({ kind }) => kind === source?.kind);
  if (!source) return await deployCallback(ctx, name);
  if (!entry) return undefined;
  const { workspace } = source;
  if (kindsOf[entry.kind].proof === 'bearer' && !(bearer && isTokenOf(source, bearer, ctx.now()))) {
    const problem = bearer ? 'Its bearer token is not the one of this tool.' : 'It came without a bearer token.';
    await noteUnproven({ ...ctx, workspace }, source.id, problem);
    return undefined;
  }
  return { workspace, hook: receiving(entry, source) };
}

function same(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
}
