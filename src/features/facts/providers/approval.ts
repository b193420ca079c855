import type { Context } from '../../../context.ts';
import { waitingOn } from '../../approvals/queries.ts';
import { zonesOf } from '../../teams/queries.ts';
import { type Asked, type Found, mostOfKind } from '../rules.ts';
import { approvalSaid } from '../sentences/approval.ts';

/** What waits for my decision, by the rule of the Home tab. */
export async function approvalFacts(ctx: Context, asked: readonly Asked[]): Promise<Found[]> {
  const people = asked.map(({ personId }) => personId);
  const waiting = await waitingOn(ctx, people, mostOfKind + 1);
  const zones = waiting.size > 0 ? await zonesOf(ctx, [...waiting.keys()]) : new Map<string, string>();
  return [...waiting].flatMap(([personId, requests]) =>
    requests.map(({ request, model }) => ({
      personId,
      fact: {
        key: `approval:${request.id}`,
        kind: 'approval' as const,
        ...approvalSaid(request, model.name, { zone: zones.get(personId) ?? 'UTC', now: ctx.now() }),
        at: request.requestedAt,
        modelId: model.id,
      },
    })),
  );
}
