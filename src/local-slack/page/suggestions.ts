import { type Children, html } from './html.ts';
import { known } from './store.ts';
import type { State } from './types.ts';

type Command = State['commands'][number];

export function commandsFor(text: string): Command[] {
  if (!/^\/\S*$/.test(text)) return [];
  return known().commands.filter(({ command }) => command.startsWith(text));
}

interface Props {
  id: string;
  commands: Command[];
  at: number;
  take: (index: number) => void;
}

export function Suggestions({ id, commands, at, take }: Props): Children {
  return html`<div class="suggestions" role="listbox" id=${id} aria-label="Commands">
    <p class="suggestions-head">Commands of ${known().app.name}</p>
    ${commands.map(
      ({ command, usageHint, description }, index) => html`<div
        role="option"
        key=${command}
        id=${`${id}-${index}`}
        class=${`option${index === at ? ' is-active' : ''}`}
        aria-selected=${index === at}
        onPointerDown=${(event: Event) => event.preventDefault()}
        onClick=${() => take(index)}
      >
        <span><strong>${command}</strong> <span class="quiet">${usageHint ?? ''}</span><small>${description ?? ''}</small></span>
      </div>`,
    )}
    <p class="suggestions-foot"><kbd>↑</kbd> <kbd>↓</kbd> to move, <kbd>Tab</kbd> or <kbd>Enter</kbd> to take</p>
  </div>`;
}
