import type { Context } from '../../context.ts';
import type { Delivery } from '../../doors.ts';
import { noteUnproven } from '../../features/sources/changes.ts';
import type { SignedProof } from '../../features/sources/kinds.ts';
import type { Source } from '../../features/sources/schema.ts';
import { openSecrets } from '../../features/sources/store.ts';
import { verified } from '../../lib/signatures.ts';

/** The signature, with the secret of now or the one before it that still counts. */
export async function proven(
  ctx: Context,
  scheme: SignedProof,
  source: Source,
  { headers, raw }: Delivery,
): Promise<true | string> {
  const now = ctx.now();
  const answers = (await secretsOf(ctx, source)).map((secret) => verified(scheme, { secret, headers, body: raw, now }));
  if (answers.includes(true)) return true;
  const why = answers.find((answer) => answer !== true) ?? 'There is no secret to check it with.';
  await noteUnproven(ctx, source.id, why);
  return why;
}

/** The sender is not to blame for a lost key: it is told to come again, and the people to look. */
async function secretsOf(ctx: Context, source: Source): Promise<string[]> {
  try {
    return openSecrets(ctx, source);
  } catch (error) {
    const again = `PITCREW_SECRET_KEY is not the one that its secret was sealed with. Set it again, or: /ml connect rotate ${source.name}`;
    await noteUnproven(ctx, source.id, again);
    throw error;
  }
}
