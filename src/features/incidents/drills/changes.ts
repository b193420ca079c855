import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Context } from '../../../context.ts';
import { modelById } from '../../models/queries.ts';
import { openOn } from '../queries.ts';
import { type Incident, incidents, openStates } from '../schema.ts';
import { cardKey, say, turn } from '../store.ts';
import { everybody } from '../visibility/queries.ts';
import { drillGoesOn, drillOver } from './views.ts';

/** Where it really burns nobody rehearses: open drills of the same model end, and their people hear why. */
export async function endDrills(ctx: Context, real: Incident): Promise<void> {
  if (real.kind !== 'incident' || real.state !== 'active') return;
  const drills = await ctx.db
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.workspace, ctx.workspace),
        eq(incidents.modelId, real.modelId),
        eq(incidents.kind, 'drill'),
        inArray(incidents.state, [...openStates]),
      ),
    )
    .orderBy(asc(incidents.id))
    .limit(20)
    .for('update');
  for (const drill of drills) await (real.isPrivate ? warn(ctx, real, drill) : end(ctx, real, drill));
}

async function end(ctx: Context, real: Incident, drill: Incident): Promise<void> {
  const resolution = `Incident ${real.number} on the same model is real.`;
  const to = { state: 'cancelled', cancelReason: 'superseded', resolution, endedBy: null, askAt: null } as const;
  const said = `called off drill ${drill.number} (superseded): ${resolution}`;
  const over = await turn(ctx, drill, to, 'pitcrew', 'cancelled', said);
  const model = await modelById(ctx, drill.modelId);
  await say(ctx, over, `${cardKey(drill)}:real:${real.number}`, drillOver(drill, real, model));
}

/** To end it would tell everybody that there is something: its own people decide. */
async function warn(ctx: Context, real: Incident, drill: Incident): Promise<void> {
  if (drill.isPrivate) return;
  await say(ctx, real, `${cardKey(real)}:drill:${drill.number}`, drillGoesOn(drill));
}

/** A tool that rehearses while it really burns is told to wait. */
export async function realOne(ctx: Context, modelId: string): Promise<Incident | undefined> {
  const open = await openOn(ctx, modelId, everybody);
  return open.find(({ kind, state }) => kind === 'incident' && state !== 'triage');
}
