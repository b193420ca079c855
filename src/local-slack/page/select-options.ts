import { act } from './acts.ts';
import { known } from './store.ts';
import { plain } from './text.ts';
import { titleOf } from './title.ts';
import type { Channel, ElementProps, Held, Option, OptionGroup } from './types.ts';

/** Options under one heading; those without one come as a group of their own. */
export interface Group {
  label: string;
  options: Option[];
}

function asOption(value: string, text: string, description?: string): Option {
  const label = { type: 'plain_text', text };
  return { value, text: label, ...(description && { description: { type: 'plain_text', text: description } }) };
}

function people(): Option[] {
  return known()
    .people.filter(({ deleted }) => !deleted)
    .map(({ id, realName, title }) => asOption(id, realName, title));
}

const kinds: Record<Channel['kind'], string> = { channel: 'public', private: 'private', im: 'im', mpim: 'mpim' };

function conversations(include: readonly string[], withBots = true): Option[] {
  const isBot = (id?: string): boolean => known().people.some((each) => each.id === id && each.kind === 'bot');
  return known()
    .channels.filter(({ kind, archived }) => !archived && include.includes(kinds[kind]))
    .filter((channel) => withBots || !(channel.with === known().app.botUserId || isBot(channel.with)))
    .map((channel) => asOption(channel.id, `${channel.kind === 'im' ? '@' : '#'}${titleOf(channel)}`));
}

function groupsOf(options: Option[] = [], groups: OptionGroup[] = []): Group[] {
  if (groups.length === 0) return [{ label: '', options }];
  return groups.map((group) => ({ label: plain(group.label), options: group.options }));
}

/** All options that are known without asking the app. */
export function ownOptions({ part }: ElementProps): Group[] {
  const { include = Object.values(kinds), exclude_bot_users: withoutBots = false } = part.filter ?? {};
  if (part.type.includes('users')) return groupsOf(people());
  if (part.type.includes('conversations')) return groupsOf(conversations(include, !withoutBots));
  if (part.type.includes('channels')) return groupsOf(conversations(['public']));
  return groupsOf(part.options, part.option_groups);
}

export function matching(groups: Group[], query: string): Group[] {
  const wanted = query.trim().toLowerCase();
  return groups
    .map(({ label, options }) => ({
      label,
      options: options.filter(({ text }) => plain(text).toLowerCase().includes(wanted)),
    }))
    .filter(({ options }) => options.length > 0);
}

export async function suggested({ part, block, place }: ElementProps, query: string): Promise<Group[]> {
  const outcome = await act({
    kind: 'suggest',
    container: place.container,
    block_id: block.block_id,
    action_id: part.action_id,
    query,
  });
  return matching(groupsOf(outcome.options, outcome.option_groups), '');
}

function heldIds(held: Held | undefined): string[] {
  const one = held?.selected_user ?? held?.selected_channel ?? held?.selected_conversation;
  return one ? [one] : (held?.selected_users ?? held?.selected_channels ?? held?.selected_conversations ?? []);
}

export function startingChoice(props: ElementProps, held: Held | undefined): Option[] {
  if (held?.selected_option) return [held.selected_option];
  if (held?.selected_options) return held.selected_options;
  const own = ownOptions(props).flatMap(({ options }) => options);
  return heldIds(held).map((id) => own.find(({ value }) => value === id) ?? asOption(id, id));
}
