import { Dialog } from './dialog.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { change, now } from './store.ts';

/** A picture over everything, as big as the window lets it. */
export function Lightbox(): Children {
  const { enlarged } = now();
  if (!enlarged) return '';
  const close = (): void => change({ enlarged: undefined });
  return html`<${Dialog} name="lightbox-title" kind="lightbox" close=${close}>
    <div class="lightbox-head">
      <h2 id="lightbox-title">${enlarged.name}</h2>
      <a class="button button-plain" href=${enlarged.url} target="_blank" rel="noopener noreferrer">Open original</a>
      <button type="button" class="icon-button" aria-label="Close" data-autofocus="true" onClick=${close}>${icon('close')}</button>
    </div>
    <img src=${enlarged.url} alt=${enlarged.alt} onClick=${close} />
  <//>`;
}
