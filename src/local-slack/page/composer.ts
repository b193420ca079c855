import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { act } from './acts.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { Marks } from './marks.ts';
import { Attach } from './attach.ts';
import { change, drafts, known, now } from './store.ts';
import { type Offer, offersFor, Suggestions } from './suggestions.ts';
import type { Channel } from './types.ts';

interface Props {
  channel: Channel;
  thread?: string;
  hint: string;
}

const tallest = 260;
/** The app was told and did not answer well: what was said is gone, as in Slack. */
const heardOf = new Set(['operation_timeout', 'dispatch_failed']);

/** Enter sends, Shift+Enter starts a line; a slash at the start offers the commands of the app. */
export function Composer({ channel, thread, hint }: Props): Children {
  const draft = `${now().user} ${channel.id} ${thread ?? ''}`;
  const [text, setText] = useState(drafts.get(draft) ?? '');
  const [at, setAt] = useState(0);
  const [caret, setCaret] = useState(0);
  const [isDismissed, setDismissed] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const offered = isDismissed ? [] : offersFor(text, caret, thread === undefined);
  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, tallest)}px`;
  }, [text]);
  useEffect(() => {
    if (!thread && matchMedia('(pointer: fine)').matches && known().views.length === 0) area.current?.focus();
  }, []);

  const write = (next: string): void => {
    setText(next);
    setAt(0);
    setDismissed(false);
    drafts.set(draft, next);
  };
  const send = async (): Promise<void> => {
    const said = text.trim();
    if (said === '') return;
    write('');
    const kind = said.startsWith('/') ? 'command' : 'message';
    const outcome = await act({ kind, channel: channel.id, text: said, ...(thread && { thread_ts: thread }) });
    if (outcome.ok || heardOf.has(outcome.error ?? '') || drafts.get(draft) !== '') return;
    write(said);
    setDismissed(true);
  };
  const take = (index: number): void => {
    const offer = offered[index];
    if (offer) {
      write(`${text.slice(0, offer.from)}${offer.insert} ${text.slice(caret)}`);
      setCaret(offer.from + offer.insert.length + 1);
    }
    area.current?.focus();
  };
  const isWritten = (offer: Offer | undefined): boolean =>
    offer === undefined || text.slice(offer.from, caret) === offer.insert;
  const onSuggestionKey = (event: KeyboardEvent): boolean => {
    if (event.key === 'ArrowDown') setAt((at + 1) % offered.length);
    else if (event.key === 'ArrowUp') setAt((at - 1 + offered.length) % offered.length);
    else if (event.key === 'Escape') setDismissed(true);
    else if (event.key === 'Tab' && !event.shiftKey) take(at);
    else if (event.key === 'Enter' && !event.shiftKey && !isWritten(offered[at])) take(at);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (offered.length > 0 && onSuggestionKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'ArrowUp' && text === '') {
      const mine = channel.messages.findLast((each) => each.user === now().user && !each.botName && !each.subtype);
      if (mine && mine.threadTs === thread) change({ editing: `${channel.id} ${mine.ts}` });
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };
  const listId = `commands-${thread ?? 'channel'}`;
  return html`<form
    class="composer"
    onSubmit=${(event: Event) => {
      event.preventDefault();
      void send();
    }}
  >
    ${offered.length > 0 ? html`<${Suggestions} id=${listId} offers=${offered} at=${at} take=${take} />` : ''}
    <${Marks} field=${area} write=${write} />
    <textarea
      ref=${area}
      rows="1"
      value=${text}
      placeholder=${hint}
      aria-label=${hint}
      aria-autocomplete="list"
      aria-controls=${offered.length > 0 ? listId : undefined}
      aria-activedescendant=${offered.length > 0 ? `${listId}-${at}` : undefined}
      onInput=${(event: Event) => {
        const box = event.target as HTMLTextAreaElement;
        setCaret(box.selectionStart);
        write(box.value);
      }}
      onKeyDown=${onKeyDown}
    ></textarea>
    <div class="composer-foot">
      ${thread ? '' : html`<${Attach} channel=${channel} text=${text} done=${() => write('')} />`}
      <span class="quiet">Type <kbd>/</kbd> for commands · <kbd>Shift</kbd>+<kbd>Enter</kbd> for a new line</span>
      <button type="submit" class="send" aria-label="Send" disabled=${text.trim() === ''}>${icon('send')}</button>
    </div>
  </form>`;
}
