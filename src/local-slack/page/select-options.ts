import { act } from './acts.ts';
import { optionsOf } from './held.ts';
import { known } from './store.ts';
import { plain } from './text.ts';
import type { ElementProps, Held, Option } from './types.ts';

function asOption(value: string, text: string, description?: string): Option {
  const label = { type: 'plain_text', text };
  return { value, text: label, ...(description && { description: { type: 'plain_text', text: description } }) };
}

function people(): Option[] {
  return known()
    .people.filter(({ deleted }) => !deleted)
    .map(({ id, realName, title }) => asOption(id, realName, title));
}

function channels(withDirect: boolean): Option[] {
  return known()
    .channels.filter(({ kind, archived }) => !archived && (withDirect || kind === 'channel'))
    .map(({ id, kind, name }) => asOption(id, kind === 'im' ? `@${name}` : `#${name}`));
}

/** All options that are known without asking the app. */
export function ownOptions({ part }: ElementProps): Option[] {
  if (part.type.includes('users')) return people();
  if (part.type.includes('conversations')) return channels(true);
  return part.type.includes('channels') ? channels(false) : optionsOf(part);
}

export function matching(options: Option[], query: string): Option[] {
  const wanted = query.trim().toLowerCase();
  return options.filter(({ text }) => plain(text).toLowerCase().includes(wanted));
}

export async function suggested({ part, block, place }: ElementProps, query: string): Promise<Option[]> {
  const outcome = await act({
    kind: 'suggest',
    container: place.container,
    block_id: block.block_id,
    action_id: part.action_id,
    query,
  });
  return outcome.options ?? [];
}

function heldIds(held: Held | undefined): string[] {
  const one = held?.selected_user ?? held?.selected_channel ?? held?.selected_conversation;
  return one ? [one] : (held?.selected_users ?? held?.selected_channels ?? held?.selected_conversations ?? []);
}

export function startingChoice(props: ElementProps, held: Held | undefined): Option[] {
  if (held?.selected_option) return [held.selected_option];
  if (held?.selected_options) return held.selected_options;
  const own = ownOptions(props);
  return heldIds(held).map((id) => own.find(({ value }) => value === id) ?? asOption(id, id));
}
