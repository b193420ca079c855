import type { Context } from '../../context.ts';
import { alertFacts } from './providers/alert.ts';
import { approvalFacts } from './providers/approval.ts';
import { gathered, type Provider } from './gathering.ts';
import type { Asked, Gathered } from './rules.ts';

const providers: readonly Provider[] = [
  { kind: 'approval', read: approvalFacts },
  { kind: 'alert', read: alertFacts },
];

/** What the records know for each of these people since their own instant; meant for up to 200 at a time. */
export function factsFor(ctx: Context, asked: readonly Asked[]): Promise<Gathered> {
  return gathered(ctx, asked, providers);
}
