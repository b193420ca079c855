import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Delivery, Hook } from '../../doors.ts';
import { hookOf, liveWebhook } from '../../features/connections/queries.ts';
import { callAnswered } from '../../features/deployers/changes.ts';
import { parsedAs } from '../../lib/parsed-as.ts';
import { pythonJson } from '../../lib/python-json.ts';
import { Refusal } from '../../lib/refusal.ts';
import { verified } from '../../lib/signatures.ts';

const Callback = z.object({
  key: z.string().min(1).max(200),
  state: z.enum(['running', 'done', 'failed']),
  detail: z.string().max(2000).default(''),
});

/** What a team's own deployer calls back, signed as we sign what we send it. */
export async function deployCallback(
  ctx: Context,
  connectionId: string,
): Promise<{ workspace: string; hook: Hook } | undefined> {
  const connection = await liveWebhook(ctx.db, connectionId);
  if (!connection) return undefined;
  const hook: Hook = {
    kind: 'deploy-callback',
    limitBytes: 64 * 1024,
    prove: async (ctx, { headers, raw }: Delivery) => {
      const { secret } = await hookOf(ctx, connectionId);
      return verified('standard-webhooks', { secret, headers, body: raw, now: ctx.now() });
    },
    handle: async (ctx, { raw }) => {
      const { key, state, detail } = parsedAs(Callback, pythonJson(raw), 'a callback of a deployer');
      const call = await callAnswered(ctx, { key, connectionId, state, detail });
      if (!call) throw new Refusal('Nothing was asked under this key.', { field: 'key' });
      return { accepted: 1, state: call.state };
    },
  };
  return { workspace: connection.workspace, hook };
}
