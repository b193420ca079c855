import { channelById } from '../channels.ts';
import type { Channel } from '../data.ts';
import { parsed } from '../json.ts';
import { channelName, token } from '../payloads.ts';
import { personById } from '../people.ts';
import { escaped } from '../mrkdwn.ts';
import { newResponseUrl, respond } from '../response-urls.ts';
import { refusalOf } from '../refusal.ts';
import { newTrigger } from '../triggers.ts';
import { ask } from '../transports.ts';
import { toast, type World } from '../world.ts';
import { failed, type Outcome, reported } from './outcome.ts';

function named(world: World, text: string): string {
  return escaped(text)
    .replaceAll(/@([\w.-]+)/g, (whole, name: string) => {
      const person = world.data.people.find((each) => each.name === name);
      if (person) return `<@${person.id}|${person.name}>`;
      const group = world.data.userGroups.find(({ handle }) => handle === name);
      return group ? `<!subteam^${group.id}|@${group.handle}>` : whole;
    })
    .replaceAll(/#([\w-]+)/g, (whole, name: string) => {
      const channel = world.data.channels.find((each) => each.kind === 'channel' && each.name === name);
      return channel ? `<#${channel.id}|${channel.name}>` : whole;
    });
}

function answered(world: World, user: string, channel: Channel, given: unknown): Outcome {
  const body = typeof given === 'string' ? (parsed(given) ?? { text: given }) : given;
  if (body === undefined) return { ok: true };
  try {
    respond(world, { user, channel: channel.id }, body);
    return { ok: true };
  } catch (thrown) {
    const error = refusalOf(thrown)?.['error'];
    if (typeof error !== 'string') throw thrown;
    return failed(error);
  }
}

export async function runCommand(
  world: World,
  user: string,
  channelId: string,
  typed: string,
  inThread = false,
): Promise<Outcome> {
  const channel = channelById(world, channelId);
  const person = personById(world, user);
  if (!channel || !person) return failed('channel_not_found');
  if (!channel.members.includes(user)) return failed('not_in_channel');
  const [name = '', rest = ''] = typed.split(/\s+(.*)/s);
  const command = world.app.commands.find((each) => each.command === name);
  if (!command || !world.installed || person.kind === 'foreign') {
    toast(world, user, `${name} is not a valid command.`);
    return failed('unknown_command');
  }
  if (inThread) {
    toast(world, user, `${name} is not supported in threads. Sorry!`);
    return failed('not_supported_in_threads');
  }
  const text = rest.trim();
  const payload = {
    token,
    team_id: world.team.id,
    team_domain: world.team.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user,
    user_name: person.name,
    command: name,
    text: command.should_escape ? named(world, text) : text,
    api_app_id: world.app.id,
    is_enterprise_install: 'false',
    response_url: newResponseUrl(world, user, channel.id),
    trigger_id: newTrigger(world, user),
  };
  const answer = await ask(world, 'slash_commands', payload, true);
  if (answer.kind === 'acked') return answered(world, user, channel, answer.body);
  return reported(world, user, answer, name);
}
