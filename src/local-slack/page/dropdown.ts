import { useEffect, useRef, useState } from 'preact/hooks';
import { type Children, html } from './html.ts';
import { floatFrom } from './floating.ts';

interface Item {
  label: Children;
  hint?: Children;
  run: () => void;
}

interface Props {
  label: string;
  kind: string;
  face: Children;
  items: Item[];
  empty?: string;
}

/** A button with a menu: arrows move, Enter takes, Escape goes back to the button. */
export function Dropdown({ label, kind, face, items, empty }: Props): Children {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen || !menu.current || !button.current) return undefined;
    menu.current.querySelector('button')?.focus();
    return floatFrom(button.current, menu.current, () => setOpen(false));
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...(menu.current?.querySelectorAll('button') ?? [])];
    const at = all.findIndex((each) => each === document.activeElement);
    if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all[(at - 1 + all.length) % all.length]?.focus();
    else if (event.key !== 'Escape') return;
    else {
      setOpen(false);
      button.current?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const run = (item: Item): void => {
    setOpen(false);
    button.current?.focus();
    item.run();
  };
  return html`<span class="dropdown">
    <button
      type="button"
      ref=${button}
      class=${kind}
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      onClick=${() => setOpen(!isOpen)}
    >
      ${face}
    </button>
    ${
      isOpen
        ? html`<div class="floating menu" role="menu" aria-label=${label} ref=${menu} onKeyDown=${onKeyDown}>
          ${items.map(
            (item) => html`<button type="button" role="menuitem" onClick=${() => run(item)}>
              ${item.label}${item.hint ? html`<small>${item.hint}</small>` : ''}
            </button>`,
          )}
          ${items.length === 0 ? html`<p class="empty">${empty ?? 'Nothing here.'}</p>` : ''}
        </div>`
        : ''
    }
  </span>`;
}
