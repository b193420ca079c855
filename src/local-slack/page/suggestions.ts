import { type Children, html } from './html.ts';
import { known } from './store.ts';

export interface Offer {
  /** What replaces the text from `from` to the caret. */
  insert: string;
  from: number;
  title: string;
  hint: string;
  description: string;
}

const most = 8;

function commands(text: string): Offer[] {
  return known()
    .commands.filter(({ command }) => command.startsWith(text))
    .map(({ command, usageHint = '', description = '' }) => ({
      insert: command,
      from: 0,
      title: command,
      hint: usageHint,
      description,
    }));
}

function people(word: string, from: number): Offer[] {
  const wanted = word.toLowerCase();
  return known()
    .people.filter(({ deleted, name, realName }) => !deleted && `${name} ${realName}`.toLowerCase().includes(wanted))
    .map(({ name, realName, title }) => ({
      insert: `@${name}`,
      from,
      title: realName,
      hint: `@${name}`,
      description: title,
    }));
}

function groups(word: string, from: number): Offer[] {
  const everyone = [
    { handle: 'here', name: 'Everybody here' },
    { handle: 'channel', name: 'Everybody in this channel' },
  ];
  return [...known().userGroups, ...everyone]
    .filter(({ handle, name }) => `${handle} ${name}`.toLowerCase().includes(word.toLowerCase()))
    .map(({ handle, name }) => ({ insert: `@${handle}`, from, title: `@${handle}`, hint: '', description: name }));
}

function channels(word: string, from: number): Offer[] {
  return known()
    .channels.filter(({ kind, name }) => kind === 'channel' && name.includes(word.toLowerCase()))
    .map(({ name, topic }) => ({ insert: `#${name}`, from, title: `#${name}`, hint: '', description: topic }));
}

/** Commands at the start of the text; people and channels at any word. */
export function offersFor(text: string, caret: number, withCommands: boolean): Offer[] {
  if (withCommands && /^\/\S*$/.test(text)) return commands(text);
  const [, sign, word = ''] = /(?:^|\s)([@#])([\w.-]*)$/.exec(text.slice(0, caret)) ?? [];
  if (!sign) return [];
  const from = caret - word.length - 1;
  return (sign === '@' ? [...people(word, from), ...groups(word, from)] : channels(word, from)).slice(0, most);
}

const heads: Record<string, string> = { '/': 'Commands', '@': 'People', '#': 'Channels' };

interface Props {
  id: string;
  offers: Offer[];
  at: number;
  take: (index: number) => void;
}

export function Suggestions({ id, offers, at, take }: Props): Children {
  const head = heads[offers[0]?.insert[0] ?? ''] ?? '';
  return html`<div class="suggestions" role="listbox" id=${id} aria-label=${head}>
    <p class="suggestions-head" role="presentation">${head === 'Commands' ? `Commands of ${known().app.name}` : head}</p>
    ${offers.map(
      ({ insert, title, hint, description }, index) => html`<div
        role="option"
        key=${insert}
        id=${`${id}-${index}`}
        class=${`option${index === at ? ' is-active' : ''}`}
        aria-selected=${index === at}
        onPointerDown=${(event: Event) => event.preventDefault()}
        onClick=${() => take(index)}
      >
        <span><strong>${title}</strong> <span class="quiet">${hint}</span><small>${description}</small></span>
      </div>`,
    )}
    <p class="suggestions-foot" role="presentation">
      <kbd>↑</kbd> <kbd>↓</kbd> to move, <kbd>Tab</kbd> or <kbd>Enter</kbd> to take
    </p>
  </div>`;
}
