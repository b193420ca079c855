import { type Children, html } from './html.ts';
import { known } from './store.ts';
import { nameOf } from './inline.ts';

const colours = ['#1d7a8c', '#9b3d6e', '#2b6cb0', '#8a5a14', '#3f7d3a', '#6b4fa0', '#b0452f', '#4a6572'];

/** By the place in the list of people, so that a small team never shares a colour. */
function colourOf(id: string): string | undefined {
  const at = known().people.findIndex((person) => person.id === id);
  return colours[Math.max(at, 0) % colours.length];
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
  const colour = isApp ? '#e8912d' : colourOf(id);
  return html`<span class=${`avatar avatar-${size}${isApp ? ' avatar-app' : ''}`} style=${`background: ${colour}`} aria-hidden="true">${initials}</span>`;
}
