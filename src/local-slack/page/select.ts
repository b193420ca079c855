import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isPending } from './buttons.ts';
import { floatFrom } from './floating.ts';
import { heldIn, labelOf, tell } from './held.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { SelectList } from './select-list.ts';
import { startingChoice } from './select-options.ts';
import { plain, shown } from './text.ts';
import type { ElementProps, Option } from './types.ts';

/** Every select of Slack, single and multi: a button that opens a list with a filter. */
export function Select(props: ElementProps): Children {
  const { part, block, place } = props;
  const isMulti = part.type.startsWith('multi_');
  const [chosen, setChosen] = useState<Option[]>(() => startingChoice(props, heldIn(props)));
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  // Before the browser paints: what is typed at once belongs to the list.
  useLayoutEffect(() => {
    if (!isOpen || !button.current || !list.current) return undefined;
    list.current.querySelector('input')?.focus();
    return floatFrom(button.current, list.current, () => setOpen(false));
  }, [isOpen]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const keep = (next: Option[]): void => {
    setChosen(next);
    const values = next.map(({ value }) => value);
    tell(props, isMulti ? values : (values[0] ?? null), () => setChosen(chosen));
  };
  const choose = (option: Option): void => {
    if (!isMulti) {
      keep([option]);
      return close();
    }
    const without = chosen.filter(({ value }) => value !== option.value);
    if (without.length < chosen.length) keep(without);
    else if (chosen.length < (part.max_selected_items ?? Infinity)) keep([...chosen, option]);
  };
  const { 'aria-label': placeholder, ...names } = labelOf(props);
  const said = chosen.map(({ text }) => plain(text)).join(', ');
  const face =
    chosen.length > 0
      ? chosen.map((option) => html`<span class=${isMulti ? 'chip' : ''}>${shown(option.text)}</span>`)
      : html`<span class="placeholder">${plain(part.placeholder) || (isMulti ? 'Select options' : 'Select an option')}</span>`;
  const busy = isPending(part, block, place);
  return html`<span class="select">
    <button
      type="button"
      ref=${button}
      ...${names}
      aria-labelledby=${names['aria-labelledby'] ? `${names['aria-labelledby']} ${names['id']}` : undefined}
      aria-label=${placeholder && said ? `${placeholder}, ${said}` : placeholder}
      class="field select-button"
      aria-haspopup="listbox"
      aria-expanded=${isOpen}
      aria-busy=${busy}
      onClick=${() => setOpen(!isOpen)}
    >
      <span class="select-face">${face}</span>${busy ? html`<span class="spinner spinner-inline"></span>` : icon('caret')}
    </button>
    ${
      isOpen
        ? html`<div class="floating" ref=${list}>
          <${SelectList} props=${props} chosen=${chosen} choose=${choose} close=${close} clear=${() => keep([])} />
        </div>`
        : ''
    }
  </span>`;
}
