import { useState } from 'preact/hooks';
import { press } from './buttons.ts';
import { heldIn, labelOf, tell } from './held.ts';
import { type Children, html } from './html.ts';
import { plain } from './text.ts';
import type { ElementProps, Part } from './types.ts';

const kinds: Record<string, string> = { email_text_input: 'email', url_text_input: 'url' };

function richWords(part: Part | null | undefined): string {
  if (!part) return '';
  return typeof part.text === 'string' ? part.text : (part.elements ?? []).map(richWords).join('');
}

/** Keeps what is typed here: a new state from the server never overwrites it. */
export function TextInput(props: ElementProps): Children {
  const { part, block, place } = props;
  const held = heldIn(props);
  const [text, setText] = useState(held?.value ?? richWords(held?.rich_text_value));
  const dispatches = block.type === 'input' && block.dispatch_action === true;
  const onInput = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    setText(value);
    if (!dispatches) tell(props, value);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && dispatches) {
      event.preventDefault();
      void press(part, block, place, text);
    }
  };
  const isLong = part.multiline === true || part.type === 'rich_text_input';
  const common = {
    ...labelOf(props),
    class: 'field',
    value: text,
    maxLength: part.max_length,
    placeholder: plain(part.placeholder),
    onInput,
    onKeyDown,
  };
  if (isLong) return html`<textarea ...${common} rows="4"></textarea>`;
  const mode = part.type === 'number_input' ? (part.is_decimal_allowed ? 'decimal' : 'numeric') : undefined;
  return html`<input ...${common} type=${kinds[part.type] ?? 'text'} inputmode=${mode} autocomplete="off" />`;
}
