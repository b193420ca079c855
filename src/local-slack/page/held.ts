import { keyOf, put } from './acts.ts';
import { press } from './buttons.ts';
import { plain } from './text.ts';
import type { ElementProps, Held, Option, Part } from './types.ts';

/** What an element of a message holds before anybody touched it. */
function untouched(part: Part): Held {
  const { initial_value: value } = part;
  return {
    type: part.type,
    value: typeof value === 'string' ? value : null,
    rich_text_value: typeof value === 'object' ? value : null,
    selected_option: part.initial_option ?? null,
    ...(part.initial_options && { selected_options: part.initial_options }),
    selected_date: part.initial_date ?? null,
    selected_time: part.initial_time ?? null,
    selected_date_time: part.initial_date_time ?? null,
    selected_user: part.initial_user ?? null,
    ...(part.initial_users && { selected_users: part.initial_users }),
    selected_channel: part.initial_channel ?? null,
    ...(part.initial_channels && { selected_channels: part.initial_channels }),
    selected_conversation: part.initial_conversation ?? null,
    ...(part.initial_conversations && { selected_conversations: part.initial_conversations }),
  };
}

export function heldIn({ part, block, place }: ElementProps): Held {
  return place.values[block.block_id ?? '']?.[part.action_id ?? ''] ?? untouched(part);
}

/** Keeps a value for the submission; the app does not hear of it yet. */
export function keep({ part, block, place }: ElementProps, value: unknown): void {
  const [block_id, action_id] = [block.block_id ?? '', part.action_id ?? ''];
  const key = keyOf(place.container, block_id, action_id);
  put(key, { kind: 'input', container: place.container, block_id, action_id, value });
}

/** In an input block a value waits for the submission; elsewhere choosing is an act, and `back` undoes a refused one. */
export function tell(props: ElementProps, value: unknown, back?: () => void): void {
  const { part, block, place } = props;
  if (block.type === 'input' && !block.dispatch_action) keep(props, value);
  else void press(part, block, place, value).then((isDone) => (isDone ? undefined : back?.()));
}

export function labelOf(props: ElementProps): Record<string, string | undefined> {
  const { labelledBy, describedBy, isInvalid, inputId, part } = props;
  return {
    id: inputId,
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'aria-invalid': isInvalid ? 'true' : undefined,
    'aria-label': labelledBy ? undefined : plain(part.placeholder) || 'Value',
    'data-autofocus': part.focus_on_load ? 'true' : undefined,
  };
}

export function optionsOf(part: ElementProps['part']): Option[] {
  return [...(part.options ?? []), ...(part.option_groups ?? []).flatMap((group) => group.options)];
}
