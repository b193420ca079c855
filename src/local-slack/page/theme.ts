import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { change } from './store.ts';

type Theme = 'light' | 'dark';
const key = 'theme';

function current(): Theme {
  const kept = localStorage.getItem(key);
  if (kept === 'light' || kept === 'dark') return kept;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function apply(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}

apply(current());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  apply(current());
  change({});
});

export function ThemeToggle(): Children {
  const other: Theme = current() === 'light' ? 'dark' : 'light';
  const toggle = (): void => {
    localStorage.setItem(key, other);
    apply(other);
    change({});
  };
  const label = other === 'dark' ? 'Dark theme' : 'Light theme';
  return html`<button type="button" class="icon-button" aria-label=${label} title=${label} onClick=${toggle}>
    ${icon(other === 'dark' ? 'moon' : 'sun')}
  </button>`;
}
