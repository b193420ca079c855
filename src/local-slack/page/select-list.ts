import { useEffect, useState } from 'preact/hooks';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { matching, ownOptions, suggested } from './select-options.ts';
import { plain, shown } from './text.ts';
import type { ElementProps, Option } from './types.ts';

interface Props {
  props: ElementProps;
  chosen: Option[];
  choose: (option: Option) => void;
  clear: () => void;
  close: () => void;
}

const typingPauseMs = 200;
const defaultShortest = 3;

/** Options of the list: the element's own, filtered here, or the app's, asked for while typing. */
function useOptions(props: ElementProps, query: string): { options: Option[]; note: string } {
  const isExternal = props.part.type.includes('external');
  const [answer, setAnswer] = useState<Option[]>();
  const shortest = props.part.min_query_length ?? defaultShortest;
  const isTooShort = isExternal && query.length < shortest;
  useEffect(() => {
    if (!isExternal || isTooShort) return undefined;
    let isStale = false;
    const timer = setTimeout(
      () => void suggested(props, query).then((options) => (isStale ? undefined : setAnswer(options))),
      typingPauseMs,
    );
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [query]);
  if (isTooShort) return { options: [], note: `Type ${shortest} or more characters to see results` };
  if (isExternal && !answer) return { options: [], note: 'Loading…' };
  const options = isExternal ? (answer ?? []) : matching(ownOptions(props), query);
  return { options, note: options.length === 0 ? 'No results' : '' };
}

export function SelectList({ props, chosen, choose, clear, close }: Props): Children {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const { options, note } = useOptions(props, query);
  const listId = `${props.part.action_id}-options`;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && options[at]) choose(options[at]);
    else if (event.key === 'Tab') return close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isChosen = (option: Option): boolean => chosen.some(({ value }) => value === option.value);
  const mayClear = chosen.length > 0 && (props.block.type === 'input' ? props.block.optional === true : false);
  return html`<div class="options">
    <input
      class="field options-query"
      type="text"
      role="combobox"
      aria-label="Filter"
      aria-expanded="true"
      aria-controls=${listId}
      aria-activedescendant=${options[at] ? `${listId}-${at}` : undefined}
      placeholder="Search…"
      autocomplete="off"
      value=${query}
      onKeyDown=${onKeyDown}
      onInput=${(event: Event) => {
        setQuery((event.target as HTMLInputElement).value);
        setAt(0);
      }}
    />
    <div class="options-list" role="listbox" id=${listId} aria-label=${plain(props.block.label) || 'Options'}>
      ${options.map(
        (option, index) => html`<div
          role="option"
          id=${`${listId}-${index}`}
          key=${option.value}
          class=${`option${index === at ? ' is-active' : ''}`}
          aria-selected=${isChosen(option)}
          onPointerMove=${() => (index === at ? undefined : setAt(index))}
          onPointerDown=${(event: Event) => event.preventDefault()}
          onClick=${() => choose(option)}
        >
          <span class="option-check">${isChosen(option) ? icon('check') : ''}</span>
          <span>${shown(option.text)}${option.description ? html`<small>${shown(option.description)}</small>` : ''}</span>
        </div>`,
      )}
      ${note ? html`<p class="empty">${note}</p>` : ''}
    </div>
    ${mayClear ? html`<button type="button" class="link-button" onClick=${clear}>Clear</button>` : ''}
  </div>`;
}
