import { type Children, html } from './html.ts';
import { broadcast, channelLink, date, emoji, groupMention, link, mention } from './inline.ts';
import type { Part } from './types.ts';

function styled(part: Part, inside: Children): Children {
  const style = typeof part.style === 'object' ? part.style : {};
  let node = inside;
  if (style['code']) node = html`<code>${node}</code>`;
  if (style['bold']) node = html`<strong>${node}</strong>`;
  if (style['italic']) node = html`<em>${node}</em>`;
  return style['strike'] ? html`<del>${node}</del>` : node;
}

function colour(value: string): Children {
  return html`${/^#[\da-f]{6}$/i.test(value) ? html`<span class="swatch" style=${`background: ${value}`} aria-hidden="true"></span>` : ''}${value}`;
}

function piece(part: Part): Children {
  const text = typeof part.text === 'string' ? part.text : '';
  switch (part.type) {
    case 'link':
      return styled(part, link(part.url ?? '', text || part.url));
    case 'emoji':
      return emoji(part.name ?? '');
    case 'user':
      return styled(part, mention(part.user_id ?? ''));
    case 'channel':
      return styled(part, channelLink(part.channel_id ?? ''));
    case 'usergroup':
      return groupMention(part.usergroup_id ?? '');
    case 'broadcast':
      return broadcast(part.range ?? 'here');
    case 'date':
      return date(part.timestamp ?? 0, part.format ?? '{date}', part.url);
    case 'color':
      return colour(String(part.value));
    default:
      return styled(part, text);
  }
}

const pieces = (part: Part): Children => (part.elements ?? []).map(piece);

function group(part: Part): Children {
  switch (part.type) {
    case 'rich_text_list': {
      const items = (part.elements ?? []).map((item) => html`<li>${pieces(item)}</li>`);
      const kind = `indent-${part.indent ?? 0}`;
      return part.style === 'ordered'
        ? html`<ol class=${kind} start=${(part.offset ?? 0) + 1}>${items}</ol>`
        : html`<ul class=${kind}>${items}</ul>`;
    }
    case 'rich_text_preformatted':
      return html`<pre>${pieces(part)}</pre>`;
    case 'rich_text_quote':
      return html`<blockquote>${pieces(part)}</blockquote>`;
    default:
      return html`<div class="rich-line">${pieces(part)}</div>`;
  }
}

export function richText(part: Part): Children {
  return html`<div class="rich">${(part.elements ?? []).map(group)}</div>`;
}
