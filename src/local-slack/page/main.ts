import { render } from 'preact';
import { App } from './app.ts';
import { html } from './html.ts';
import { start } from './navigation.ts';
import { change } from './store.ts';

const root = document.querySelector('#page');
if (root) {
  root.replaceChildren();
  render(html`<${App} />`, root);
}
const retryMs = 1500;

function open(): void {
  start().catch(() => {
    change({ isOnline: false });
    setTimeout(open, retryMs);
  });
}
open();
