import { glyphOf } from './emoji.ts';
import { type Children, html } from './html.ts';
import { go } from './navigation.ts';
import { channelOf, known, now, personOf } from './store.ts';
import { formatted } from './time.ts';

export function emoji(name: string): Children {
  const glyph = glyphOf(name);
  return glyph
    ? html`<span class="emoji" role="img" aria-label=${name} title=${`:${name}:`}>${glyph}</span>`
    : `:${name}:`;
}

/** Plain text as Slack draws it: only emoji are more than characters. */
export function withEmoji(text: string): Children {
  return text.split(/:([+\w-]+):/g).map((piece, index) => (index % 2 === 1 ? emoji(piece) : piece));
}

export function link(url: string, label: Children): Children {
  const isSafe = /^(https?|mailto):/i.test(url);
  return isSafe ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${label}</a>` : label;
}

export function mention(id: string, label?: string): Children {
  const person = personOf(id);
  const name = person ? person.realName : (label ?? id);
  return html`<span class=${`mention${id === now().user ? ' mention-me' : ''}`} title=${person?.title || undefined}>@${name}</span>`;
}

export function broadcast(name: string): Children {
  return html`<span class="mention mention-me">@${name}</span>`;
}

export function groupMention(id: string, label?: string): Children {
  return broadcast(known().userGroups.find((each) => each.id === id)?.handle ?? label?.replace(/^@/, '') ?? 'group');
}

export function channelLink(id: string, label?: string): Children {
  const channel = channelOf(id);
  const name = channel?.name ?? label;
  if (!channel) return html`<span class="mention">${name ? `#${name}` : 'private channel'}</span>`;
  return html`<button type="button" class="mention mention-link" onClick=${() => go(id)}>#${name}</button>`;
}

export function date(seconds: number, pattern: string, url?: string): Children {
  const text = html`<time dateTime=${new Date(seconds * 1000).toISOString()}>${formatted(seconds, pattern)}</time>`;
  return url ? link(url, text) : text;
}

export function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** What stands between `<` and `>`. */
export function token(inside: string): Children {
  const bar = inside.indexOf('|');
  const head = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : decoded(inside.slice(bar + 1));
  if (head.startsWith('@')) return mention(head.slice(1), label);
  if (head.startsWith('#')) return channelLink(head.slice(1), label);
  if (head.startsWith('!date^')) {
    const [, seconds = '', pattern = '', url] = head.split('^');
    return /^-?\d+$/.test(seconds) ? date(Number(seconds), decoded(pattern), url) : (label ?? '');
  }
  if (head.startsWith('!subteam^')) return groupMention(head.slice('!subteam^'.length), label);
  if (head.startsWith('!')) return broadcast((label ?? head.slice(1)).replace(/^@/, ''));
  const url = decoded(head);
  return link(url, label ? withEmoji(label) : url.replace(/^mailto:/, ''));
}

export function nameOf(id: string): string {
  if (id === known().app.botUserId) return known().app.name;
  return personOf(id)?.realName ?? id;
}
