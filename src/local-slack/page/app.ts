import { useEffect, useState } from 'preact/hooks';
import { Conversation } from './conversation.ts';
import { Home } from './home.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { Lightbox } from './lightbox.ts';
import { ConfirmDialog, Modal } from './modal.ts';
import { Rail } from './rail.ts';
import { change, channelOf, dropToast, now, subscribe } from './store.ts';
import { Thread } from './thread.ts';
import { titleOf } from './title.ts';

function Toasts(): Children {
  const { toasts, isOnline } = now();
  return html`<div class="toasts" role="status" aria-live="polite">
    ${isOnline ? '' : html`<div class="toast">Reconnecting to the workspace…</div>`}
    ${toasts.map(
      ({ id, text }) => html`<div class="toast" key=${id}>
        <span>${text}</span>
        <button type="button" class="toast-close" aria-label="Dismiss" onClick=${() => dropToast(id)}>${icon('close')}</button>
      </div>`,
    )}
  </div>`;
}

function TopBar(): Children {
  return html`<header class="top-bar">
    <button
      type="button"
      class="rail-toggle"
      aria-label="Channels and people"
      aria-expanded=${now().isRailOpen}
      onClick=${() => change({ isRailOpen: !now().isRailOpen })}
    >
      ${icon('menu')}
    </button>
    <span class="top-note">Local stand-in for Slack: nothing leaves this machine</span>
  </header>`;
}

export function App(): Children {
  const [, redraw] = useState(0);
  useEffect(() => subscribe(() => redraw((count) => count + 1)), []);
  const { state, channel: id, thread, isRailOpen } = now();
  if (!state?.me)
    return html`<p class="starting">${now().isOnline ? 'Opening the workspace…' : 'The local Slack is not running.'}</p>`;
  const channel = channelOf(id);
  document.title = `${channel ? titleOf(channel) : state.app.name} – ${state.team.name} – local Slack`;
  return html`<div class=${`app${isRailOpen ? ' rail-open' : ''}${thread ? ' has-thread' : ''}`}>
    <${TopBar} />
    <${Rail} />
    ${
      isRailOpen
        ? html`<button type="button" class="rail-shade" aria-label="Close the list" onClick=${() => change({ isRailOpen: false })}></button>`
        : ''
    }
    <main class="pane">
      ${id === 'home' ? html`<${Home} key="home" />` : ''}
      ${channel ? html`<${Conversation} channel=${channel} key=${`${now().user} ${channel.id}`} />` : ''}
    </main>
    ${channel && thread ? html`<${Thread} channel=${channel} ts=${thread} key=${`${now().user} ${thread}`} />` : ''}
    <${Modal} />
    <${ConfirmDialog} />
    <${Lightbox} />
    <${Toasts} />
  </div>`;
}
