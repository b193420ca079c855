import { asc, eq } from 'drizzle-orm';
import type { Context } from '../../../../context.ts';
import type { Vocabulary } from '../rules.ts';
import { fairnessWords } from './schema.ts';

export async function vocabularyOf(ctx: Context): Promise<Vocabulary> {
  const rows = await ctx.db
    .select({ kind: fairnessWords.kind, word: fairnessWords.word })
    .from(fairnessWords)
    .where(eq(fairnessWords.workspace, ctx.workspace))
    .orderBy(asc(fairnessWords.word));
  const of = (wanted: string) => rows.filter(({ kind }) => kind === wanted).map(({ word }) => word);
  return { names: of('name'), roles: of('role') };
}
