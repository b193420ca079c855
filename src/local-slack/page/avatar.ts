import { type Children, html } from './html.ts';
import { known } from './store.ts';
import { nameOf } from './inline.ts';

const colours = ['#1d7a8c', '#9b3d6e', '#2b6cb0', '#8a5a14', '#3f7d3a', '#6b4fa0', '#b0452f', '#4a6572'];

function hashOf(id: string): number {
  let sum = 7;
  for (let at = 0; at < id.length; at += 1) sum = (sum * 31 + id.charCodeAt(at)) % 9973;
  return sum;
}

/** Initials on a colour that stays the same for the same id. */
export function avatar(id: string, size: 'big' | 'small' | 'tiny' = 'big'): Children {
  const name = nameOf(id);
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? '')
    .join('')
    .toUpperCase();
  const isApp = id === known().app.botUserId;
  const colour = isApp ? '#e8912d' : colours[hashOf(id) % colours.length];
  return html`<span class=${`avatar avatar-${size}${isApp ? ' avatar-app' : ''}`} style=${`background: ${colour}`} aria-hidden="true">${initials}</span>`;
}
