import { keyOf, put } from './acts.ts';
import { press } from './buttons.ts';
import { plain } from './text.ts';
import type { ElementProps, Held, Option } from './types.ts';

export function heldIn({ part, block, place }: ElementProps): Held | undefined {
  return place.values[block.block_id ?? '']?.[part.action_id ?? ''];
}

/** In an input block a value waits for the submission; elsewhere choosing is an act of its own. */
export function tell(props: ElementProps, value: unknown): void {
  const { part, block, place } = props;
  if (block.type !== 'input' || block.dispatch_action) return void press(part, block, place, value);
  const [block_id, action_id] = [block.block_id ?? '', part.action_id ?? ''];
  const key = keyOf(place.container, block_id, action_id);
  put(key, { kind: 'input', container: place.container, block_id, action_id, value });
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
