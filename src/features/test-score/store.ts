import { type Context, within } from '../../context.ts';
import { record } from '../../ledger/ledger.ts';
import { Refusal } from '../../lib/refusal.ts';
import { modelById } from '../models/queries.ts';
import { membershipOf } from '../teams/queries.ts';
import { checkAnswer } from './rules.ts';
import { type Said, type ScoreAnswer, scoreAnswers } from './schema.ts';
import { itemOf } from './sheet.ts';

/** Stakeholders read; the people who build the model answer. */
export async function mayAnswerScore(ctx: Context, modelId: string, by: string): Promise<void> {
  const model = await modelById(ctx, modelId);
  const { standing, member } = await membershipOf(ctx, model.teamId, by);
  const onlyReads = member !== undefined && member.roles.length > 0 && member.roles.every((role) => role === 'stk');
  if (standing !== 'member' || !member || onlyReads)
    throw new Refusal(`The people who build ${model.name} answer this; everybody reads it.`);
}

export function answerScore(
  ctx: Context,
  input: { modelId: string; item: string; said: Said; evidence: string; note: string },
  by: string,
): Promise<ScoreAnswer> {
  return within(ctx, async (ctx) => {
    await mayAnswerScore(ctx, input.modelId, by);
    const item = itemOf(input.item);
    if (!item) throw new Refusal('I do not know this question.');
    checkAnswer(input.said, input.evidence);
    const { modelId, said } = input;
    const evidence = said === 'not_done' ? '' : input.evidence.trim();
    const [kept] = await ctx.db
      .insert(scoreAnswers)
      .values({ workspace: ctx.workspace, ...input, evidence, by, at: ctx.now() })
      .returning();
    if (!kept) throw new Error('the answer was not kept');
    record(ctx, {
      who: by,
      what: 'test-score.answered',
      modelId,
      subject: `model:${modelId}`,
      summary: `answered "${item.question}" with ${said.replace('_', ' ')}`,
      data: { item: item.id, said, evidence },
    });
    return kept;
  });
}
