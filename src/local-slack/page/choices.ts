import { useState } from 'preact/hooks';
import { heldIn, labelOf, optionsOf, tell } from './held.ts';
import { type Children, html } from './html.ts';
import { shown } from './text.ts';
import type { ElementProps } from './types.ts';

/** Checkboxes and radio buttons. */
export function Choices(props: ElementProps): Children {
  const { part, block } = props;
  const isMany = part.type === 'checkboxes';
  const held = heldIn(props);
  const before = isMany ? (held?.selected_options ?? []) : held?.selected_option ? [held.selected_option] : [];
  const [chosen, setChosen] = useState(before.map(({ value }) => value));
  const name = `${block.block_id}-${part.action_id}`;
  const choose = (value: string): void => {
    const without = chosen.filter((each) => each !== value);
    const next = !isMany ? [value] : without.length < chosen.length ? without : [...chosen, value];
    setChosen(next);
    tell(props, isMany ? next : value, () => setChosen(chosen));
  };
  const { id, ...label } = labelOf(props);
  return html`<div class="choices" id=${id} role=${isMany ? 'group' : 'radiogroup'} ...${label}>
    ${optionsOf(part).map(
      (option) => html`<label class="choice" key=${option.value}>
        <input
          type=${isMany ? 'checkbox' : 'radio'}
          name=${name}
          checked=${chosen.includes(option.value)}
          onChange=${() => choose(option.value)}
        />
        <span>${shown(option.text)}${option.description ? html`<small class="hint">${shown(option.description)}</small>` : ''}</span>
      </label>`,
    )}
  </div>`;
}
