import { openAddress, press } from './buttons.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { Dropdown } from './dropdown.ts';
import { optionsOf } from './held.ts';
import { shown } from './text.ts';
import type { ElementProps, Option } from './types.ts';

export function Menu({ part, block, place }: ElementProps): Children {
  const choose = async (option: Option): Promise<void> => {
    if (await press(part, block, place, option.value)) openAddress(option.url);
  };
  const items = optionsOf(part).map((option) => ({
    label: shown(option.text),
    ...(option.description && { hint: shown(option.description) }),
    run: () => void choose(option),
  }));
  return html`<${Dropdown} label="More actions" kind="button button-plain button-icon" face=${icon('more')} items=${items} />`;
}
