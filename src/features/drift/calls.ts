import { type Context, within } from '../../context.ts';
import { announce } from '../../messages/announce.ts';
import type { Model } from '../models/schema.ts';
import { modelById } from '../models/queries.ts';
import { afterWorkdays, dayIn, isAway, workFrom } from '../teams/rules.ts';
import type { Team } from '../teams/schema.ts';
import { personById, teamById } from '../teams/queries.ts';
import { absencesOf } from '../teams/away/queries.ts';
import { calling, change, note, tell } from './changes.ts';
import { nextCall } from './leases.ts';
import { nextToCall } from './queries.ts';
import { lapsed } from './rules.ts';
import type { Alert } from './schema.ts';
import { callMessage } from './views.ts';

/** Makes one call that is due; false when none is. */
export function callNext(ctx: Context): Promise<boolean> {
  return within(ctx, async (ctx) => {
    const due = await nextToCall(ctx);
    if (!due) return false;
    const isOver = due.state === 'resolved' || due.state === 'snoozed';
    if (isOver) await change(ctx, due, { nextCallAt: null });
    else await call(ctx, due, await modelById(ctx, due.modelId));
    return true;
  });
}

/**
 * The first call is the card itself, for the owner; then the deputy and the lead are called below it. Whoever is away
 * or gone is passed over. After the lead nobody new is left: all are called once every working day.
 */
export async function call(ctx: Context, alert: Alert, model: Model): Promise<void> {
  const now = ctx.now();
  const team = await teamById(ctx, model.teamId);
  const over = lapsed(alert, now);
  const people = await chain(ctx, alert, model, team, over !== undefined);
  const step = over ? 0 : alert.calls;
  const who = step < people.length ? people.slice(step, step + 1) : people;
  const later = step + 1 < people.length ? nextCall(alert.severity, team, now) : afterWorkdays(team, now, 1);
  const after = await change(ctx, alert, {
    ...over,
    calls: step + 1,
    called: who[0] ?? null,
    nextCallAt: alert.severity === 'critical' ? later : workFrom(team, later),
    shownAt: alert.shownAt ?? now,
  });
  await tell(ctx, after, model);
  if (!alert.shownAt) return;
  note(ctx, after, 'monitor', 'called', `called ${who.join(', ')} about drift alert ${after.number}`);
  await announce(
    ctx,
    `call:alert:${alert.id}:${after.revision}`,
    { channel: model.channel, thread: `alert:${alert.id}`, calls: calling(after, model) },
    callMessage(after, model, who, over ? 'lapsed' : 'unanswered'),
  );
}

/** Owner, deputy, lead, without those who are away today or no longer here; whose time lapsed comes first. */
async function chain(ctx: Context, alert: Alert, model: Model, team: Team, isLapsed: boolean): Promise<string[]> {
  const taker = isLapsed ? alert.takenBy : null;
  const wanted = [taker, model.ownerId, model.deputyId, team.leadId].filter((id) => id !== null);
  const people = [...new Set(wanted)];
  const today = dayIn(team.zone, ctx.now());
  const away = await absencesOf(ctx, people, today, today);
  const there: string[] = [];
  for (const id of people) {
    const person = await personById(ctx, id);
    const mine = away.filter(({ personId }) => personId === id);
    if (person.standing === 'member' && !isAway(mine, dayIn(person.zone, ctx.now()))) there.push(id);
  }
  return there.length > 0 ? there : [team.leadId];
}
