import { eq } from 'drizzle-orm';
import { requests, votes } from '../../../src/features/approvals/schema.ts';
import { firstBreak } from '../../../src/ledger/chain.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { messages } from '../../../src/messages/schema.ts';
import type { Chaos } from './chaos.ts';

const final = ['moved', 'failed', 'rejected', 'withdrawn', 'expired', 'stale', 'superseded', 'revoked'];

/** Everything that must hold afterwards, looked up in what was written; each violation in words. */
export async function violations({ ctx, effects, deadlines }: Chaos): Promise<string[]> {
  const bad: string[] = [];
  const all = await ctx.db.select().from(requests).where(eq(requests.workspace, ctx.workspace));
  const cast = Map.groupBy(
    await ctx.db.select().from(votes).where(eq(votes.workspace, ctx.workspace)),
    ({ requestId }) => requestId,
  );
  const lines = await linesOf(ctx.db, ctx.workspace);
  const about = Map.groupBy(lines, ({ subject }) => subject);
  const said = await ctx.db.select().from(messages).where(eq(messages.workspace, ctx.workspace));
  const results = new Map(said.map((each) => [each.key, each.wanted.text]));

  for (const request of all) {
    const told = about.get(`rollback:${request.id}`) ?? [];
    const mine = cast.get(request.id) ?? [];
    const times = effects.filter((version) => version === request.toVersion).length;
    const violated = (what: string) => bad.push(`${what} (rollback ${request.number}, ${request.state})`);
    if (times > 1) violated('moved twice');
    if (times === 0 && request.state === 'moved') violated('said to be moved, and was not');
    if (times === 1 && !['moved', 'done', 'failed', 'stale'].includes(request.state))
      violated('moved without saying so');
    if (mine.some(({ personId }) => personId === request.requestedBy)) violated('approved by who asked');
    if (mine.some(({ personId }) => personId === 'FAY')) violated('approved by a guest');
    const approval = told.find(({ summary }) => summary.includes('has everyone it needs'));
    if (times > 0 && !approval) violated('moved without approval');
    if (told.filter(({ summary }) => summary.includes('has everyone it needs')).length > 1) violated('approved twice');
    if (approval && mine.length < 2) violated('approved by fewer than two');
    if (approval && !mine.some(({ personId }) => personId === 'ANN' || personId === 'BOB'))
      violated('approved without owner and deputy');
    const end = told.find(({ what }) => final.includes(what.slice('rollback.'.length)) || what === 'rollback.approved');
    const votesTold = told.filter(
      ({ what, summary }) => what === 'rollback.requested' && summary.includes('approved going'),
    );
    if (end && votesTold.some(({ seq }) => seq > end.seq)) violated('a vote after the decision');
    if (votesTold.length !== mine.length) violated('votes and ledger differ');
    if (!final.includes(request.state) && request.state !== 'requested') violated('never ended');
    const result = results.get(`rollback:${request.id}:result`);
    if (['moved', 'failed', 'rejected', 'expired', 'stale', 'revoked'].includes(request.state) && !result)
      violated('its end was not told');
    const deadline = deadlines.get(request.id);
    if (deadline && request.approvedAt && request.approvedAt > deadline) violated('approved after it expired');
    if (deadline && mine.some(({ at }) => at > deadline)) violated('a vote after it expired');
  }
  const broken = firstBreak(lines);
  if (broken) bad.push(`the ledger breaks at line ${broken.seq}`);
  return bad;
}
