import { useEffect, useRef } from 'preact/hooks';
import { act, actOnce } from './acts.ts';
import { blocks } from './blocks.ts';
import { Dialog } from './dialog.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { avatar } from './avatar.ts';
import { known, now } from './store.ts';
import { placeOf } from './place.ts';
import { plain, shown } from './text.ts';
import type { View } from './types.ts';

function Top({ view, depth }: { view: View; depth: number }): Children {
  const key = `submit ${view.id}`;
  const busy = view.busy === true || now().pending.has(key);
  const close = (): void => void act({ kind: 'close', view_id: view.id });
  const closeAll = (): void => void act({ kind: 'close', view_id: view.id, all: true });
  const submit = (): void => void actOnce(key, { kind: 'submit', view_id: view.id });
  const place = placeOf({ type: 'view', view_id: view.id }, view.state.values, view.errors);
  const form = useRef<HTMLFormElement>(null);
  const wrong = Object.keys(view.errors ?? {}).join(' ');
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [wrong]);
  const content = view.blocks.map(({ block_id: id }) => id).join(' ');
  return html`<${Dialog} name="modal-title" close=${close} busy=${busy} content=${content}>
    <form
      ref=${form}
      class="modal"
      noValidate
      onSubmit=${(event: Event) => {
        event.preventDefault();
        if (view.submit) submit();
      }}
      onKeyDown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && view.submit) submit();
      }}
    >
      <div class="modal-head">
        ${avatar(known().app.botUserId, 'small')}
        <h2 id="modal-title">${plain(view.title) || known().app.name}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick=${closeAll}>${icon('close')}</button>
      </div>
      <div class="modal-body">${blocks(view.blocks, place)}</div>
      <footer class="modal-foot" role="group">
        <button type="button" class="button button-plain" onClick=${close}>
          ${view.close ? shown(view.close) : depth > 1 ? 'Back' : view.submit ? 'Cancel' : 'Close'}
        </button>
        ${
          view.submit
            ? html`<button type="submit" class=${`button button-primary${busy ? ' is-busy' : ''}`} aria-busy=${busy} disabled=${view.submit_disabled === true}>
              <span class="button-text">${shown(view.submit)}</span>
              ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : ''}
            </button>`
            : ''
        }
      </footer>
    </form>
  <//>`;
}

/** Only the top of the stack is seen, as in Slack. */
export function Modal(): Children {
  const { views } = known();
  const view = views.at(-1);
  return view ? html`<${Top} key=${view.id} view=${view} depth=${views.length} />` : '';
}

export function ConfirmDialog(): Children {
  const { question } = now();
  if (!question) return '';
  const { confirm, answer } = question;
  const style = confirm.style === 'danger' ? 'danger' : 'primary';
  return html`<${Dialog} name="confirm-title" role="alertdialog" close=${() => answer(false)}>
    <div class="modal modal-small">
      <div class="modal-head"><h2 id="confirm-title">${shown(confirm.title)}</h2></div>
      <div class="modal-body">${shown(confirm.text)}</div>
      <footer class="modal-foot" role="group">
        <button type="button" class="button button-plain" onClick=${() => answer(false)}>${shown(confirm.deny)}</button>
        <button type="button" class=${`button button-${style}`} data-autofocus="true" onClick=${() => answer(true)}>
          ${shown(confirm.confirm)}
        </button>
      </footer>
    </div>
  <//>`;
}
