import { type Context, within } from '../../context.ts';
import { announce } from '../../messages/announce.ts';
import { modelsByIds } from '../models/queries.ts';
import { teamById } from '../teams/queries.ts';
import { dayIn, isAtWork } from '../teams/rules.ts';
import { openWarnings } from './queries.ts';
import { warningDigest } from './views.ts';

/** One message a team and working day: what gave an early warning. What comes later the same day is added to it. */
export function tellWarnings(ctx: Context): Promise<void> {
  return within(ctx, async (ctx) => {
    const warnings = await openWarnings(ctx);
    const models = new Map(
      (
        await modelsByIds(
          ctx,
          warnings.map(({ modelId }) => modelId),
        )
      ).map((model) => [model.id, model]),
    );
    const rows = warnings.flatMap((alert) => {
      const model = models.get(alert.modelId);
      return model ? [{ alert, model }] : [];
    });
    for (const teamId of new Set(rows.map(({ model }) => model.teamId))) {
      const team = await teamById(ctx, teamId);
      if (!isAtWork(team, ctx.now())) continue;
      const mine = rows.filter(({ model }) => model.teamId === teamId);
      const key = `digest:warnings:${teamId}:${dayIn(team.zone, ctx.now())}`;
      await announce(ctx, key, { channel: team.channel, owner: team.leadId }, warningDigest(team.name, mine));
    }
  });
}
