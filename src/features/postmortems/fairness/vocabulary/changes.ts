import { and, eq } from 'drizzle-orm';
import { type Context, within } from '../../../../context.ts';
import { record } from '../../../../ledger/ledger.ts';
import { Refusal } from '../../../../lib/refusal.ts';
import { isLead } from '../../../teams/queries.ts';
import { vocabularyOf } from './queries.ts';
import { checkedWord, mayChangeWords, mostWords } from './rules.ts';
import { fairnessWords, type WordKind } from './schema.ts';

/** For the whole workspace: what is asked about post-mortems leaves a name alone, or takes a role for a person. */
export function addWord(ctx: Context, kind: WordKind, typed: string, by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    mayChangeWords(await isLead(ctx, by));
    const word = checkedWord(kind, typed);
    const { names, roles } = await vocabularyOf(ctx);
    if ((kind === 'name' ? names : roles).length >= mostWords)
      throw new Refusal(`There are ${mostWords} of them already. Take some out first.`, { field: 'word' });
    const [added] = await ctx.db
      .insert(fairnessWords)
      .values({ workspace: ctx.workspace, kind, word, by, at: ctx.now() })
      .onConflictDoNothing()
      .returning();
    if (!added) throw new Refusal(`"${word}" is there already.`, { field: 'word' });
    note(ctx, by, 'word_added', `added the ${kind} "${word}" to the words of this workspace`);
  });
}

/** `chosen`: kind and word, as in `role:steward`. */
export function dropWords(ctx: Context, chosen: readonly string[], by: string): Promise<void> {
  return within(ctx, async (ctx) => {
    mayChangeWords(await isLead(ctx, by));
    for (const each of chosen) {
      const kind = each.startsWith('role:') ? 'role' : 'name';
      const [gone] = await ctx.db
        .delete(fairnessWords)
        .where(
          and(
            eq(fairnessWords.workspace, ctx.workspace),
            eq(fairnessWords.kind, kind),
            eq(fairnessWords.word, each.slice(kind.length + 1)),
          ),
        )
        .returning();
      if (gone) note(ctx, by, 'word_dropped', `took the ${kind} "${gone.word}" out of the words of this workspace`);
    }
  });
}

function note(ctx: Context, who: string, verb: string, summary: string): void {
  record(ctx, { who, what: `postmortem.${verb}`, subject: 'vocabulary', summary });
}
