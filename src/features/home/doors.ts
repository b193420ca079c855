import { z } from 'zod';
import type { Context } from '../../context.ts';
import { type Doors, onEvent, type Who } from '../../doors.ts';
import type { Message } from '../../slack/blocks.ts';
import { openAlerts } from '../drift/queries.ts';
import { openIncidents } from '../incidents/store.ts';
import { allModels } from '../models/store.ts';
import { requestedRollbacks } from '../rollbacks/queries.ts';
import { homeView, menu, type Standing } from './views.ts';

const opened = z.object({ user: z.string(), tab: z.string() });

export const home: Doors = {
  events: [
    onEvent('app_home_opened', opened, async (ctx, { user, tab }) =>
      tab === 'home' ? { home: homeView(await standing(ctx, user)) } : undefined,
    ),
  ],
};

/** What `/ml` alone shows, with the model of the channel one stands in first. */
export async function menuFor(ctx: Context, who: Who): Promise<Message> {
  const all = await standing(ctx, who.id);
  const models = all.models.toSorted((a, b) => Number(b.channel === who.channel) - Number(a.channel === who.channel));
  return menu({ ...all, models });
}

async function standing(ctx: Context, who: string): Promise<Standing> {
  const models = await allModels(ctx);
  const byId = new Map(models.map((model) => [model.id, model]));
  const withModel = <T extends { modelId: string }, R>(
    list: readonly T[],
    of: (each: T, model: (typeof models)[number]) => R,
  ) =>
    list.flatMap((each) => {
      const model = byId.get(each.modelId);
      return model ? [of(each, model)] : [];
    });
  return {
    who,
    models,
    alerts: withModel(await openAlerts(ctx), (alert, model) => ({ alert, model })),
    rollbacks: withModel(await requestedRollbacks(ctx), (rollback, model) => ({ rollback, model })),
    incidents: withModel(await openIncidents(ctx), (incident, model) => ({ incident, model })),
  };
}
