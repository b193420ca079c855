import type { Context } from '../../src/context.ts';
import { type Ask, ask } from '../../src/features/approvals/asking/changes.ts';
import { approve } from '../../src/features/approvals/deciding/changes.ts';
import { planFor } from '../../src/features/approvals/planning.ts';
import { requestById } from '../../src/features/approvals/queries.ts';
import type { ChangeRequest } from '../../src/features/approvals/schema.ts';
import { modelById } from '../../src/features/models/queries.ts';

export type Asking = Pick<Ask, 'modelId'> & Partial<Ask>;

/** As the form does it: with the plan as it is now. Back from 14 to 13 unless said. */
export async function askFor(ctx: Context, asking: Asking, by: string): Promise<ChangeRequest> {
  const input: Ask = {
    kind: 'rollback',
    environment: 'production',
    fromVersion: '14',
    toVersion: '13',
    reason: 'amount keeps drifting since Monday',
    ...asking,
  };
  const plan = await planFor(ctx, await modelById(ctx, input.modelId), input);
  return await ask(ctx, input, plan, by);
}

/** Presses Approve on the card as it stands. */
export async function press(ctx: Context, id: string, by: string): Promise<ChangeRequest> {
  return await approve(ctx, id, (await requestById(ctx, id)).digest, by);
}
