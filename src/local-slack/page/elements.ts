import { Button, Feedback, IconButton } from './buttons.ts';
import { Choices } from './choices.ts';
import { FileInput } from './file-input.ts';
import { type Children, html } from './html.ts';
import { Menu } from './overflow.ts';
import { Moment } from './moments.ts';
import { picture } from './picture.ts';
import { Select } from './select.ts';
import { TextInput } from './text-input.ts';
import type { ElementProps, Part, Place } from './types.ts';

function componentOf(type: string): ((props: ElementProps) => Children) | undefined {
  if (type.endsWith('_select')) return Select;
  if (/(text_input|number_input|rich_text_input)$/.test(type)) return TextInput;
  switch (type) {
    case 'button':
    case 'workflow_button':
      return Button;
    case 'icon_button':
      return IconButton;
    case 'feedback_buttons':
      return Feedback;
    case 'file_input':
      return FileInput;
    case 'overflow':
      return Menu;
    case 'checkboxes':
    case 'radio_buttons':
      return Choices;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return Moment;
    default:
      return undefined;
  }
}

export function element(part: Part, block: Part, place: Place, names: Partial<ElementProps> = {}): Children {
  if (part.type === 'image') return picture(part, 'accessory-image');
  const component = componentOf(part.type);
  if (!component) return html`<span class="unknown">This page does not draw “${part.type}”.</span>`;
  return html`<${component} key=${`${part.type} ${part.action_id}`} part=${part} block=${block} place=${place} ...${names} />`;
}
