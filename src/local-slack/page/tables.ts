import { type Children, html } from './html.ts';
import { richText } from './rich-text.ts';
import { plain, shown } from './text.ts';
import type { Part } from './types.ts';

function cell(part: Part): Children {
  return part.type === 'rich_text' ? richText(part) : shown(plain(part.text) || String(part.value ?? ''));
}

export function table(block: Part): Children {
  const [head = [], ...body] = block.rows ?? [];
  const align = (index: number): string => `text-align: ${block.column_settings?.[index]?.align ?? 'left'}`;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${block.caption ?? 'Table'}>
    <table class="table">
      ${block.caption ? html`<caption>${block.caption}</caption>` : ''}
      <thead><tr>${head.map((each, index) => html`<th scope="col" style=${align(index)}>${cell(each)}</th>`)}</tr></thead>
      <tbody>
        ${body.map((row) => html`<tr>${row.map((each, index) => html`<td style=${align(index)}>${cell(each)}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}
