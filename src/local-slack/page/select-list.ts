import { useEffect, useRef, useState } from 'preact/hooks';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { type Group, matching, ownOptions, suggested } from './select-options.ts';
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
function useOptions(props: ElementProps, query: string): { groups: Group[]; note: string } {
  const isExternal = props.part.type.includes('external');
  const [answer, setAnswer] = useState<Group[]>();
  const shortest = props.part.min_query_length ?? defaultShortest;
  const isTooShort = isExternal && query.length < shortest;
  useEffect(() => {
    if (!isExternal || isTooShort) return undefined;
    let isStale = false;
    const timer = setTimeout(
      () => void suggested(props, query).then((groups) => (isStale ? undefined : setAnswer(groups))),
      typingPauseMs,
    );
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [query]);
  if (isTooShort) return { groups: [], note: `Type ${shortest} or more characters to see results` };
  if (isExternal && !answer) return { groups: [], note: 'Loading…' };
  const groups = isExternal ? (answer ?? []) : matching(ownOptions(props), query);
  return { groups, note: groups.length === 0 ? 'No results' : '' };
}

export function SelectList({ props, chosen, choose, clear, close }: Props): Children {
  const isMulti = props.part.type.startsWith('multi_');
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const { groups, note } = useOptions(props, query);
  const options = groups.flatMap((group) => group.options);
  const list = useRef<HTMLDivElement>(null);
  const listId = `options-${(props.part.action_id ?? '').replaceAll(/[^\w-]/g, '_')}`;
  useEffect(() => list.current?.querySelector('.is-active')?.scrollIntoView({ block: 'nearest' }), [at]);
  const last = chosen.at(-1);
  const mayClear = chosen.length > 0 && props.block.type === 'input' && props.block.optional === true;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Escape') close();
    else if (event.key === 'Backspace' && query === '' && isMulti && last) choose(last);
    else if (event.key === 'Backspace' && query === '' && mayClear) clear();
    else if (event.key === 'Enter' && options[at]) choose(options[at]);
    else if (event.key === 'Tab') return close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isChosen = (option: Option): boolean => chosen.some(({ value }) => value === option.value);
  const row = (option: Option): Children => {
    const index = options.indexOf(option);
    return html`<div
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
    </div>`;
  };
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
    <div class="options-list" role="listbox" id=${listId} ref=${list} aria-label=${plain(props.block.label) || 'Options'} aria-multiselectable=${isMulti}>
      ${groups.map(({ label, options: inside }) =>
        label === ''
          ? inside.map(row)
          : html`<div role="group" aria-label=${label} key=${label}>
              <p class="option-group" role="presentation">${label}</p>
              ${inside.map(row)}
            </div>`,
      )}
      ${note ? html`<p class="empty">${note}</p>` : ''}
    </div>
    ${mayClear ? html`<button type="button" class="link-button" onClick=${clear}>Clear</button>` : ''}
  </div>`;
}
