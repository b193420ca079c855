import type { Context } from '../../context.ts';
import type { Reply } from '../../ports.ts';
import { limits } from '../../slack/limits.ts';
import { modelById } from '../models/queries.ts';
import { channelName } from './rules.ts';
import type { Incident } from './schema.ts';
import { channelMade, channelReady, claimChannelWork } from './store.ts';
import { topicOf } from './views.ts';

const leaseMs = 15_000;

/** Builds the incident's channel, step by step; each step may be repeated after a crash. */
export async function buildNextChannel(ctx: Context): Promise<boolean> {
  const incident = await claimChannelWork(ctx, leaseMs);
  if (!incident) return false;
  const model = await modelById(ctx, incident.modelId);
  const channel = incident.channel ?? (await makeChannel(ctx, incident, channelName(incident.number, model.name)));
  if (!channel) return true;
  const withRoom = incident.channel ? incident : await channelMade(ctx, incident.id, channel);
  const topic = await ctx.slack.setTopic(channel, topicOf(withRoom, model).slice(0, limits.topic));
  const people = [...new Set([incident.declaredBy, model.ownerId, model.deputyId ?? model.ownerId])];
  const invited = await ctx.slack.invite(channel, people);
  if (!settled(topic) || !settled(invited)) {
    ctx.log.warn({ incident: incident.number }, 'the channel is not finished; trying again soon');
    return true;
  }
  await channelReady(ctx, incident);
  return true;
}

/** A name that is taken by a channel of ours is the one an earlier try made; any other gets a number. */
async function makeChannel(ctx: Context, incident: Incident, wanted: string): Promise<string | undefined> {
  for (const name of [wanted, ...[2, 3, 4, 5].map((n) => `${wanted.slice(0, limits.channelName - 2)}-${n}`)]) {
    const made = await ctx.slack.createChannel(name);
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
