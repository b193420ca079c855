import { useState } from 'preact/hooks';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { richText } from './rich-text.ts';
import { plain, shown } from './text.ts';
import type { Part } from './types.ts';

const usualPage = 5;

function cell(part: Part): Children {
  return part.type === 'rich_text' ? richText(part) : shown(plain(part.text) || String(part.value ?? ''));
}

function words(part: Part | undefined): string {
  if (!part) return '';
  return plain(part.text) || (part.elements ?? []).map(words).join('');
}

function compared(one: Part | undefined, other: Part | undefined): number {
  if (typeof one?.value === 'number' && typeof other?.value === 'number') return one.value - other.value;
  return words(one).localeCompare(words(other), undefined, { numeric: true });
}

const alignedAs = (block: Part, index: number, part?: Part): string =>
  `text-align: ${block.column_settings?.[index]?.align ?? (block.type === 'data_table' && part?.type === 'raw_number' ? 'right' : 'left')}`;

/** A row of cells; the cell that names the row is its head. */
function row(block: Part, cells: Part[]): Children {
  const naming = block.type === 'data_table' ? (block.row_header_column_index ?? 0) : -1;
  return html`<tr>
    ${cells.map((each, index) =>
      index === naming
        ? html`<th scope="row" style=${alignedAs(block, index, each)}>${cell(each)}</th>`
        : html`<td style=${alignedAs(block, index, each)}>${cell(each)}</td>`,
    )}
  </tr>`;
}

function frame(block: Part, head: Children, body: Part[][], foot: Children = ''): Children {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${block.caption ?? 'Table'}>
      <table class="table">
        ${block.caption ? html`<caption>${block.caption}</caption>` : ''}
        <thead><tr>${head}</tr></thead>
        <tbody>${body.map((cells) => row(block, cells))}</tbody>
      </table>
    </div>
    ${foot}`;
}

export function table(block: Part): Children {
  const [head = [], ...body] = block.rows ?? [];
  return frame(
    block,
    head.map((each, index) => html`<th scope="col" style=${alignedAs(block, index)}>${cell(each)}</th>`),
    body,
  );
}

interface Order {
  column: number;
  isDown: boolean;
}

/** Sorts by a click on a column's head, and shows a page at a time. */
export function DataTable({ block }: { block: Part }): Children {
  const [order, setOrder] = useState<Order | undefined>();
  const [page, setPage] = useState(0);
  const [head = [], ...body] = block.rows ?? [];
  const size = block.page_size ?? usualPage;
  const pages = Math.ceil(body.length / size);
  const sorted = order
    ? body.toSorted((a, b) => (order.isDown ? -1 : 1) * compared(a[order.column], b[order.column]))
    : body;
  const sortBy = (column: number): void => {
    setPage(0);
    setOrder(order?.column === column && order.isDown ? undefined : { column, isDown: order?.column === column });
  };
  const heads = head.map((each, column) => {
    const mine = order?.column === column ? order : undefined;
    const sort = mine ? (mine.isDown ? 'descending' : 'ascending') : 'none';
    return html`<th scope="col" aria-sort=${sort} style=${alignedAs(block, column, body[0]?.[column])}>
      <button type="button" class="sort" onClick=${() => sortBy(column)}>${cell(each)} ${icon('caret')}</button>
    </th>`;
  });
  const foot =
    pages > 1
      ? html`<nav class="table-pages" aria-label=${`Pages of ${block.caption ?? 'the table'}`}>
          <button type="button" class="icon-button page-back" aria-label="Previous" title="Previous" disabled=${page === 0} onClick=${() => setPage(page - 1)}>${icon('caret')}</button>
          <span>${page * size + 1}–${Math.min(body.length, (page + 1) * size)} of ${body.length}</span>
          <button type="button" class="icon-button page-on" aria-label="Next" title="Next" disabled=${page === pages - 1} onClick=${() => setPage(page + 1)}>${icon('caret')}</button>
        </nav>`
      : '';
  return frame(block, heads, sorted.slice(page * size, (page + 1) * size), foot);
}
