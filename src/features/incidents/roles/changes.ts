import { type Context, within } from '../../../context.ts';
import { Refusal } from '../../../lib/refusal.ts';
import { announce } from '../../../messages/announce.ts';
import { modelById } from '../../models/queries.ts';
import { personById } from '../../teams/queries.ts';
import { lastUpdate, lockIncident, milestonesOf, roleOf } from '../queries.ts';
import { mayOffer, mayTakeCommand, nextAsk, roleWords } from '../rules.ts';
import { type Incident, type IncidentRole, incidentRoles, type Role } from '../schema.ts';
import { calling, cardKey, change, note, setMilestone, tell } from '../store.ts';
import { offerMessage } from './views.ts';
import { mustBelong } from '../visibility/queries.ts';

export function takeCommand(ctx: Context, id: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    const role = await roleOf(ctx, id, 'commander');
    const lastWord = (await lastUpdate(ctx, id))?.at ?? role?.since ?? incident.declaredAt;
    mayTakeCommand(incident, role, { by, lastWord, now: ctx.now() });
    return await give(ctx, incident, 'commander', by, `took command of incident ${incident.number}`);
  });
}

/** Nobody holds a role unasked: it is theirs once they say yes, and until then it stays where it was. */
export function offerRole(ctx: Context, id: string, role: Role, to: string, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    mayOffer(incident, await roleOf(ctx, id, role), to);
    const { standing } = await personById(ctx, to);
    if (standing !== 'member') throw new Refusal('Choose a full member of this workspace.', { field: 'person' });
    await mustBelong(ctx, incident, to, 'person');
    if (to === by) return await give(ctx, incident, role, by, `took on ${role} of incident ${incident.number}`);
    await keep(ctx, incident, role, { offeredTo: to, offeredBy: by, offeredAt: ctx.now() });
    note(ctx, incident, by, 'role_offered', `offered <@${to}> the role of ${role} in incident ${incident.number}`);
    const model = await modelById(ctx, incident.modelId);
    const key = `${cardKey(incident)}:offer:${role}:${to}`;
    const where = { channel: to, owner: by, calls: calling(incident, model) };
    await announce(ctx, key, where, offerMessage(incident, model, role, by, 'open'));
    return await tell(ctx, incident);
  });
}

export function answerOffer(ctx: Context, id: string, role: Role, isYes: boolean, by: string): Promise<Incident> {
  return within(ctx, async (ctx) => {
    const incident = await lockIncident(ctx, id, by);
    const offer = await roleOf(ctx, id, role);
    if (offer?.offeredTo !== by)
      throw new Refusal(`This is no longer offered to you: somebody else has it, or it was taken back.`);
    mayOffer(incident, { ...offer, holder: null }, by);
    const name = roleWords[role].name.toLowerCase();
    const model = await modelById(ctx, incident.modelId);
    const answered = offerMessage(incident, model, role, offer.offeredBy ?? by, isYes ? 'accepted' : 'declined');
    await announce(ctx, `${cardKey(incident)}:offer:${role}:${by}`, { channel: by }, answered);
    if (isYes) return await give(ctx, incident, role, by, `accepted to be ${name} of incident ${incident.number}`);
    await keep(ctx, incident, role, { offeredTo: null, offeredBy: null, offeredAt: null });
    note(ctx, incident, by, 'role_declined', `declined to be ${name} of incident ${incident.number}`);
    return await tell(ctx, incident);
  });
}

async function give(ctx: Context, before: Incident, role: Role, to: string, did: string): Promise<Incident> {
  const now = ctx.now();
  await keep(ctx, before, role, { holder: to, since: now, offeredTo: null, offeredBy: null, offeredAt: null });
  note(ctx, before, to, role === 'commander' ? 'commanded' : 'role_taken', did);
  if (role !== 'commander') return await tell(ctx, before);
  const known = await milestonesOf(ctx, before.id);
  if (!known.some(({ name }) => name === 'acknowledged'))
    await setMilestone(ctx, before, { name: 'acknowledged', at: now, source: 'system', by: to });
  return await tell(ctx, await change(ctx, before, { askAt: nextAsk(before.severity, true, now) }));
}

async function keep(ctx: Context, { id }: Incident, role: Role, to: Partial<IncidentRole>): Promise<void> {
  await ctx.db
    .insert(incidentRoles)
    .values({ workspace: ctx.workspace, incidentId: id, role, ...to })
    .onConflictDoUpdate({ target: [incidentRoles.workspace, incidentRoles.incidentId, incidentRoles.role], set: to });
}
