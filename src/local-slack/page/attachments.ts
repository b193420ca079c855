import { blocks } from './blocks.ts';
import { type Children, html } from './html.ts';
import { link } from './inline.ts';
import { mrkdwn } from './mrkdwn.ts';
import { openPicture } from './picture.ts';
import type { Attachment, Place, SharedFile } from './types.ts';

function attachment(each: Attachment, place: Place): Children {
  const colour = each.color && /^#?[\da-f]{6}$/i.test(each.color) ? `#${each.color.replace('#', '')}` : undefined;
  return html`${each.pretext ? html`<div>${mrkdwn(each.pretext)}</div>` : ''}
    <div class="attachment" style=${colour ? `border-color: ${colour}` : ''}>
      ${each.author_name ? html`<div class="quiet">${each.author_name}</div>` : ''}
      ${each.title ? html`<div class="card-title">${each.title_link ? link(each.title_link, each.title) : each.title}</div>` : ''}
      ${each.blocks ? blocks(each.blocks, place) : each.text ? html`<div>${mrkdwn(each.text)}</div>` : ''}
      ${each.fields ? html`<div class="fields">${each.fields.map(({ title = '', value = '' }) => html`<div><strong>${title}</strong><div>${mrkdwn(value)}</div></div>`)}</div>` : ''}
      ${each.image_url ? openPicture({ url: each.image_url, alt: each.fallback ?? '', name: each.title ?? '' }) : ''}
      ${each.footer ? html`<div class="quiet">${each.footer}</div>` : ''}
    </div>`;
}

export function attachments(list: Attachment[], place: Place): Children {
  return list.map((each) => attachment(each, place));
}

export function files(list: SharedFile[]): Children {
  return list.map((file) =>
    file.mimetype.startsWith('image/')
      ? html`<figure class="figure" key=${file.id}>
          <figcaption>${file.name}</figcaption>
          ${openPicture({ url: file.url, alt: file.alt, name: file.name, fileId: file.id })}
        </figure>`
      : html`<a class="file" key=${file.id} href=${file.url} target="_blank" rel="noopener"><strong>${file.name}</strong><small>${file.mimetype}</small></a>`,
  );
}
