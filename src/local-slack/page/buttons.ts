import { actOnce, keyOf } from './acts.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { ask, now } from './store.ts';
import { plain, shown } from './text.ts';
import type { ElementProps, Part, Place } from './types.ts';

/** Sends what a person did; false if they were asked first, as the app wants it, and said no. */
export async function press(part: Part, block: Part, place: Place, value?: unknown): Promise<boolean> {
  if (part.confirm && !(await ask(part.confirm))) return false;
  const [block_id, action_id] = [block.block_id ?? '', part.action_id ?? ''];
  const key = keyOf(place.container, block_id, action_id);
  await actOnce(key, { kind: 'action', container: place.container, block_id, action_id, value });
  return true;
}

export function isPending(part: Part, block: Part, place: Place): boolean {
  return now().pending.has(keyOf(place.container, block.block_id ?? '', part.action_id ?? ''));
}

export function openAddress(url: string | undefined): void {
  if (url) window.open(url, '_blank', 'noopener');
}

export function Button({ part, block, place }: ElementProps): Children {
  const busy = isPending(part, block, place);
  const style = typeof part.style === 'string' ? part.style : 'plain';
  const open = async (): Promise<void> => {
    if (!part.confirm) openAddress(part.url);
    if ((await press(part, block, place)) && part.confirm) openAddress(part.url);
  };
  return html`<button
    type="button"
    class=${`button button-${style}${busy ? ' is-busy' : ''}`}
    aria-busy=${busy}
    aria-label=${part.accessibility_label || undefined}
    onClick=${() => void open()}
  >
    <span class="button-text">${shown(part.text)}</span>
    ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : ''}
  </button>`;
}

export function IconButton({ part, block, place }: ElementProps): Children {
  const label = part.accessibility_label ?? plain(part.text);
  return html`<button
    type="button"
    class="icon-button"
    aria-label=${label}
    title=${plain(part.text)}
    onClick=${() => void press(part, block, place)}
  >
    ${icon('trash')}
  </button>`;
}

export function Feedback({ part, block, place }: ElementProps): Children {
  const choice = (button: Part | undefined, name: 'up' | 'down'): Children =>
    button
      ? html`<button
          type="button"
          class="icon-button"
          aria-label=${button.accessibility_label ?? plain(button.text)}
          title=${plain(button.text)}
          onClick=${() => void press(part, block, place, button.value)}
        >
          ${icon(name)}
        </button>`
      : '';
  return html`<span class="feedback">${choice(part.positive_button, 'up')}${choice(part.negative_button, 'down')}</span>`;
}
