import { useEffect, useRef } from 'preact/hooks';
import { type Children, html } from './html.ts';

interface Props {
  name: string;
  role?: string;
  kind?: string;
  busy?: boolean;
  /** When it changes, what is asked is new, and the first field gets the focus. */
  content?: string;
  close: () => void;
  children?: Children;
}

const reachable = 'button:not([disabled]), input, textarea, select, a[href], [tabindex="0"]';

function firstOf(box: HTMLElement): HTMLElement | null {
  return (
    box.querySelector<HTMLElement>('[data-autofocus]') ??
    box.querySelector<HTMLElement>('.modal-body input, .modal-body textarea, .modal-body .select-button') ??
    box.querySelector<HTMLElement>('.modal-foot .button-primary, .modal-foot .button') ??
    box.querySelector<HTMLElement>(reachable)
  );
}

/** Holds the focus while it is open and gives it back when it goes. */
export function Dialog({
  name,
  role = 'dialog',
  kind = '',
  busy = false,
  content = '',
  close,
  children,
}: Props): Children {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    return () => {
      if (before?.isConnected) before.focus();
      else document.querySelector<HTMLElement>('.composer textarea')?.focus();
    };
  }, []);
  useEffect(() => {
    const isTyping =
      document.activeElement?.matches('input, textarea') && box.current?.contains(document.activeElement);
    if (box.current && !isTyping) firstOf(box.current)?.focus();
  }, [content]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.key !== 'Tab' || !box.current) return;
    const all = [...box.current.querySelectorAll<HTMLElement>(reachable)].filter((each) => each.offsetParent !== null);
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement === edge || !box.current.contains(document.activeElement)) {
      event.preventDefault();
      (event.shiftKey ? all.at(-1) : all[0])?.focus();
    }
  };
  return html`<div class=${`veil ${kind}`}>
    <div class="dialog" role=${role} aria-modal="true" aria-labelledby=${name} aria-busy=${busy} ref=${box} onKeyDown=${onKeyDown}>
      ${children}
    </div>
  </div>`;
}
