import type { Context } from '../../context.ts';
import type { Reply } from '../../ports.ts';
import { limits } from '../../slack/limits.ts';
import { holdersOf } from '../duties/queries.ts';
import { modelById } from '../models/queries.ts';
import type { Model } from '../models/schema.ts';
import { moveOut } from './archiving/changes.ts';
import { channelName } from './rules.ts';
import type { Incident } from './schema.ts';
import { channelMade, channelReady, claimChannelWork, claimPinning, pinned } from './store.ts';
import { topicOf } from './views.ts';
import { peopleOf } from './visibility/queries.ts';

const leaseMs = 15_000;

/** Builds the incident's channel, step by step; each step may be repeated after a crash. */
export async function buildNextChannel(ctx: Context): Promise<boolean> {
  const incident = await claimChannelWork(ctx, leaseMs);
  if (!incident) return false;
  const model = await modelById(ctx, incident.modelId);
  if (incident.channelStep === 'restoring' && incident.channel) return await restore(ctx, incident, incident.channel);
  const channel = incident.channel ?? (await makeChannel(ctx, incident, channelName(incident, model.name)));
  if (!channel) return true;
  const withRoom = incident.channel ? incident : await channelMade(ctx, incident.id, channel);
  const topic = await ctx.slack.setTopic(channel, topicOf(withRoom, model).slice(0, limits.topic));
  const invited = await inviteAll(ctx, incident, channel, await audience(ctx, incident, model));
  if (!settled(topic) || !settled(invited)) {
    ctx.log.warn({ incident: incident.number }, 'the channel is not finished; trying again soon');
    return true;
  }
  await channelReady(ctx, incident);
  return true;
}

/** Bots are mostly not allowed to open a channel again: then the incident moves. */
async function restore(ctx: Context, incident: Incident, channel: string): Promise<boolean> {
  const reply = await ctx.slack.unarchive(channel);
  if (reply.ok) await channelMade(ctx, incident.id, channel);
  else if (reply.why === 'refused') await moveOut(ctx, incident);
  return true;
}

/** Who declared it, who answers for the model, and who is on call or leads incidents there. */
async function audience(ctx: Context, incident: Incident, model: Model): Promise<readonly string[]> {
  if (incident.isPrivate) return await peopleOf(ctx, incident.id);
  const { declaredBy } = incident;
  const scope = { teamId: model.teamId, modelId: model.id };
  const duties = ['oncall', 'incident.lead'] as const;
  const held = await Promise.all(duties.map((duty) => holdersOf(ctx, scope, duty, ctx.now())));
  return [...new Set([declaredBy, model.ownerId, model.deputyId ?? model.ownerId, ...held.flat()])].filter(isPerson);
}

/** Into a private channel nobody else can let them, and one who is there already would spoil the call for all. */
async function inviteAll(ctx: Context, { isPrivate }: Incident, channel: string, list: readonly string[]) {
  if (!isPrivate) return await ctx.slack.invite(channel, list);
  for (const each of list) {
    const invited = await ctx.slack.invite(channel, [each]);
    if (!settled(invited)) return invited;
  }
  return { ok: true, value: {} } as const;
}

/** Machines declare, too; Slack would refuse the whole invitation. */
const isPerson = (id: string) => /^[UW][A-Z0-9]+$/.test(id);

/** So that whoever comes later finds both at once. What Slack refuses for good is let go. */
export async function pinNext(ctx: Context): Promise<boolean> {
  const claimed = await claimPinning(ctx, leaseMs);
  if (!claimed) return false;
  const { incident, room, card } = claimed;
  const top = await ctx.slack.pin(room.channel, room.ts);
  const title = `Incident ${incident.number} in the model's channel`;
  const link: Reply<object> = card ? await ctx.slack.bookmark(room.channel, title, card) : { ok: true, value: {} };
  if (settled(top) && settled(link)) await pinned(ctx, incident);
  return true;
}

/** A name that is taken by a channel of ours is the one an earlier try made; any other gets a number. */
async function makeChannel(ctx: Context, incident: Incident, wanted: string): Promise<string | undefined> {
  for (const name of [wanted, ...[2, 3, 4, 5].map((n) => `${wanted.slice(0, limits.channelName - 2)}-${n}`)]) {
    const made = await ctx.slack.createChannel(name, { isPrivate: incident.isPrivate });
    if (made.ok) return made.value.channel;
    if (made.why !== 'refused' || made.code !== 'name_taken') {
      ctx.log.warn({ incident: incident.number, why: made.why }, 'the channel could not be made yet');
      return undefined;
    }
    const found = await ctx.slack.findChannel(name);
    if (found.ok && found.value.mine && found.value.channel) return found.value.channel;
  }
  return undefined;
}

/** Done, or refused for good: an invitation that Slack refuses must not keep the channel from being used. */
function settled(reply: Reply<object>): boolean {
  return reply.ok || reply.why === 'refused';
}
