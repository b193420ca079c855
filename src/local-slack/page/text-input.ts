import { useRef, useState } from 'preact/hooks';
import { press } from './buttons.ts';
import { heldIn, keep, labelOf } from './held.ts';
import { type Children, html } from './html.ts';
import { Marks } from './marks.ts';
import { plain } from './text.ts';
import { typedFrom } from './typed-from.ts';
import type { ElementProps } from './types.ts';

const kinds: Record<string, string> = { email_text_input: 'email', url_text_input: 'url' };
const typingPauseMs = 300;
const lineHeightRem = 1.375;

/** Keeps what is typed here: a new state from the server never overwrites it. */
export function TextInput(props: ElementProps): Children {
  const { part, block, place } = props;
  const held = heldIn(props);
  const [text, setText] = useState(held.value ?? typedFrom(held.rich_text_value));
  const field = useRef<HTMLTextAreaElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const dispatches = block.type === 'input' && block.dispatch_action === true;
  const { trigger_actions_on: on = ['on_enter_pressed'] } = part.dispatch_action_config ?? {};
  const onEnter = dispatches && on.includes('on_enter_pressed');
  const write = (value: string): void => {
    setText(value);
    keep(props, value);
    if (!dispatches || !on.includes('on_character_entered')) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void press(part, block, place, value), typingPauseMs);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !onEnter) return;
    event.preventDefault();
    void press(part, block, place, text);
  };
  const common = {
    ...labelOf(props),
    ref: field,
    class: 'field',
    value: text,
    maxLength: part.max_length,
    placeholder: plain(part.placeholder),
    'aria-required': block.type === 'input' && !block.optional ? 'true' : undefined,
    onInput: (event: Event) => write((event.target as HTMLInputElement).value),
    onKeyDown,
  };
  const hint = onEnter ? html`<p class="hint" aria-hidden="true">Press <kbd>Enter</kbd> to send</p>` : '';
  if (part.type === 'rich_text_input') {
    const { min_lines: least = 3, max_lines: most = 8 } = part;
    const size = `min-height: ${least * lineHeightRem + 1}rem; max-height: ${most * lineHeightRem + 1}rem`;
    return html`<div class="rich-field">
        <${Marks} field=${field} write=${write} />
        <textarea ...${common} rows=${least} style=${size}></textarea>
      </div>
      ${hint}`;
  }
  if (part.multiline) return html`<textarea ...${common} rows="4"></textarea>${hint}`;
  const mode = part.type === 'number_input' ? (part.is_decimal_allowed ? 'decimal' : 'numeric') : undefined;
  return html`<input ...${common} type=${kinds[part.type] ?? 'text'} inputmode=${mode} autocomplete="off" />${hint}`;
}
