import type { RefObject } from 'preact';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';

interface Tool {
  name: string;
  face: Children;
  /** Around what is chosen, or before every line of it. */
  around?: string;
  before?: string;
}

const tools: Tool[] = [
  { name: 'Bold', face: html`<b>B</b>`, around: '*' },
  { name: 'Italic', face: html`<i>I</i>`, around: '_' },
  { name: 'Strikethrough', face: html`<s>S</s>`, around: '~' },
  { name: 'Numbered list', face: icon('numbers'), before: '1. ' },
  { name: 'Bulleted list', face: icon('list'), before: '- ' },
  { name: 'Quote', face: icon('quote'), before: '> ' },
  { name: 'Code', face: icon('code'), around: '`' },
];

interface Props {
  field: RefObject<HTMLTextAreaElement>;
  write: (text: string) => void;
}

/** The tools over a field for formatted text; they write the marks that Slack understands when typed. */
export function Marks({ field, write }: Props): Children {
  const use = ({ around = '', before = '' }: Tool): void => {
    const box = field.current;
    if (!box) return;
    const { value, selectionStart: from, selectionEnd: to } = box;
    const start = before ? value.lastIndexOf('\n', from - 1) + 1 : from;
    const chosen = value.slice(start, to);
    const marked = before ? chosen.replaceAll(/^/gm, before) : `${around}${chosen}${around}`;
    box.focus();
    box.setRangeText(marked, start, to, 'end');
    if (around && chosen === '') box.selectionStart = box.selectionEnd = start + around.length;
    write(box.value);
  };
  return html`<div class="marks" role="group" aria-label="Formatting">
    ${tools.map(
      (tool) => html`<button
        type="button"
        key=${tool.name}
        class="icon-button"
        aria-label=${tool.name}
        title=${tool.name}
        onPointerDown=${(event: Event) => event.preventDefault()}
        onClick=${() => use(tool)}
      >
        ${tool.face}
      </button>`,
    )}
  </div>`;
}
