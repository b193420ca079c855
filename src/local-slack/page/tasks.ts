import { type Children, html } from './html.ts';
import { richText } from './rich-text.ts';
import { plain, shown } from './text.ts';
import type { Part } from './types.ts';

const marks: Record<string, { mark: string; word: string }> = {
  pending: { mark: '○', word: 'Waiting' },
  in_progress: { mark: '◐', word: 'In progress' },
  complete: { mark: '✓', word: 'Done' },
  error: { mark: '✕', word: 'Failed' },
};

/** A task says its state in a word and a mark; what it found out is folded away. */
export function task(block: Part): Children {
  const { mark, word } = marks[block.status ?? 'pending'] ?? { mark: '○', word: 'Waiting' };
  const sources = block.sources ?? [];
  const more = [block.details, block.output].filter((part) => part !== undefined);
  return html`<div class=${`task task-${block.status ?? 'pending'}`}>
    <span class="task-mark" aria-hidden="true">${mark}</span>
    <div class="task-main">
      <div>${shown(block.title)} <span class="quiet">${word}</span></div>
      ${more.length > 0 ? html`<details><summary>Details</summary>${more.map(richText)}</details>` : ''}
      ${
        sources.length > 0
          ? html`<ul class="sources">${sources.map((each) => html`<li><a href=${each.url} target="_blank" rel="noreferrer noopener">${plain(each.text)}</a></li>`)}</ul>`
          : ''
      }
    </div>
  </div>`;
}

export function plan(block: Part): Children {
  return html`<div class="plan">
    <div class="card-title">${shown(block.title)}</div>
    ${(block.tasks ?? []).map(task)}
  </div>`;
}
