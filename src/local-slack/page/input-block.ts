import { element } from './elements.ts';
import { type Children, html } from './html.ts';
import { shown } from './text.ts';
import type { Part, Place } from './types.ts';

/** Label, field, hint and error; the field is told which of them name and describe it. */
export function InputBlock({ block, place }: { block: Part; place: Place }): Children {
  const id = `field-${(block.block_id ?? '').replaceAll(/[^\w-]/g, '_')}`;
  const error = place.errors?.[block.block_id ?? ''];
  const inner = block.element;
  if (!inner) return '';
  const describedBy = [error ? `${id}-error` : '', block.hint ? `${id}-hint` : ''].filter((each) => each !== '');
  const isGroup = inner.type === 'checkboxes' || inner.type === 'radio_buttons';
  const names = {
    inputId: id,
    labelledBy: `${id}-label`,
    describedBy: describedBy.join(' ') || undefined,
    isInvalid: error !== undefined,
  };
  return html`<div class=${`input${error ? ' has-error' : ''}`}>
    <label class="label" id=${`${id}-label`} for=${isGroup ? undefined : id}>
      ${shown(block.label)}${block.optional ? html` <span class="optional">(optional)</span>` : ''}
    </label>
    ${element(inner, block, place, names)}
    ${error ? html`<p class="field-error" id=${`${id}-error`} role="alert">${error}</p>` : ''}
    ${block.hint ? html`<p class="hint" id=${`${id}-hint`}>${shown(block.hint)}</p>` : ''}
  </div>`;
}
