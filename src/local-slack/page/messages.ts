import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Children, html } from './html.ts';
import { MessageRow } from './message.ts';
import { dayName, isSameDay } from './time.ts';
import type { Channel, Message } from './types.ts';

export function isReply(message: Message): boolean {
  return message.threadTs !== undefined && message.threadTs !== message.ts && message.subtype !== 'thread_broadcast';
}

const togetherSeconds = 300;
const nearPx = 80;

/** Slack leaves out the avatar when the same person goes on within minutes. */
function goesOn(message: Message, before: Message | undefined): boolean {
  if (!before || before.user !== message.user || message.ephemeral || before.ephemeral || before.subtype) return false;
  return Number(message.ts) - Number(before.ts) < togetherSeconds && message.botName === before.botName;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

interface Props {
  channel: Channel;
  messages: Message[];
  inThread?: boolean;
  /** The ts of the first message that was unread when the reader came. */
  firstNew?: string | undefined;
  children?: Children;
}

/** Stays at the newest message unless the reader has scrolled up. */
export function MessageList({ channel, messages, inThread = false, firstNew, children }: Props): Children {
  const list = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [hasLeft, setLeft] = useState(false);
  const toEnd = (): void => {
    if (isAtEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  };
  useLayoutEffect(toEnd);
  useLayoutEffect(() => {
    const size = new ResizeObserver(toEnd);
    if (inner.current) size.observe(inner.current);
    if (list.current) size.observe(list.current);
    return () => size.disconnect();
  }, []);
  const onScroll = (): void => {
    const box = list.current;
    if (!box) return;
    isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
    setLeft(!isAtEnd.current);
  };
  const goToEnd = (): void => {
    isAtEnd.current = true;
    toEnd();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const rows = [...(inner.current?.querySelectorAll('article') ?? [])];
    const at = rows.findIndex((row) => row === event.target);
    if (step === 0 || (at < 0 && event.target !== list.current)) return;
    event.preventDefault();
    (at < 0 ? rows.at(-1) : rows[at + step])?.focus();
  };
  return html`<div class="messages" ref=${list} onScroll=${onScroll} onKeyDown=${onKeyDown} tabindex="0" role="region" aria-label=${inThread ? 'Replies' : 'Messages'}>
    <div class="messages-inner" ref=${inner} role="log" aria-live="polite" aria-relevant="additions">
      ${children}
      ${messages.map((message, index) => {
        const before = messages[index - 1];
        const at = Number(message.ts) * 1000;
        const isNewDay = !before || !isSameDay(at, Number(before.ts) * 1000);
        return [
          isNewDay && !inThread
            ? html`<div class="day" key=${`day ${message.ts}`}><span>${dayName(at)}</span></div>`
            : '',
          message.ts === firstNew ? html`<div class="new-line" key="new" role="separator"><span>New</span></div>` : '',
          html`<${MessageRow}
            key=${message.ts}
            channel=${channel}
            message=${message}
            goesOn=${!isNewDay && message.ts !== firstNew && !(inThread && index === 1) && goesOn(message, before)}
            inThread=${inThread}
          />`,
          inThread && index === 0 && messages.length > 1
            ? html`<div class="reply-line" key="replies">${counted(messages.length - 1, 'reply', 'replies')}</div>`
            : '',
        ];
      })}
      ${hasLeft ? html`<button type="button" class="to-newest" onClick=${goToEnd}>To the newest messages</button>` : ''}
    </div>
  </div>`;
}
