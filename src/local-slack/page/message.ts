import { useEffect, useRef } from 'preact/hooks';
import { attachments, files } from './attachments.ts';
import { avatar } from './avatar.ts';
import { blocks } from './blocks.ts';
import { Editor } from './editor.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { nameOf } from './inline.ts';
import { MessageTools, Reactions } from './message-tools.ts';
import { mrkdwn } from './mrkdwn.ts';
import { placeOf } from './place.ts';
import { change, messageOf, now } from './store.ts';
import { ago, clock, fullTime } from './time.ts';
import type { Channel, Message } from './types.ts';

interface Props {
  channel: Channel;
  message: Message;
  goesOn: boolean;
  inThread: boolean;
}

function Replies({ channel, message }: { channel: Channel; message: Message }): Children {
  const replies = message.replyTs.map((ts) => messageOf(channel, ts)).filter((reply) => reply !== undefined);
  const people = [...new Set(replies.map(({ user }) => user))].slice(0, 4);
  const last = replies.at(-1);
  return html`<button type="button" class="replies" onClick=${() => change({ thread: message.ts })}>
    ${people.map((id) => avatar(id, 'tiny'))}
    <span class="replies-count">${message.replies === 1 ? '1 reply' : `${message.replies} replies`}</span>
    ${last ? html`<span class="quiet">Last reply ${ago(Number(last.ts) * 1000)}</span>` : ''}
  </button>`;
}

function Body({ channel, message }: { channel: Channel; message: Message }): Children {
  const place = placeOf({ type: 'message', channel: channel.id, ts: message.ts }, message.state?.values);
  const hasBlocks = message.blocks !== undefined && message.blocks.length > 0;
  const edited = message.edited ? html`<span class="edited">(edited)</span>` : '';
  const isTyped = hasBlocks && !message.botName;
  return html`<div class=${`body${isTyped ? ' body-typed' : ''}`}>
    ${hasBlocks ? blocks(message.blocks ?? [], place) : message.text ? html`<div class="message-text">${mrkdwn(message.text)} ${edited}</div>` : ''}
    ${hasBlocks ? edited : ''} ${attachments(message.attachments ?? [], place)} ${files(message.files)}
  </div>`;
}

let lastRow: HTMLElement | null = null;
document.addEventListener('pointerdown', () => (lastRow = null), true);
document.addEventListener('focusin', () => (lastRow = null), true);

/** A pressed button often goes away with its answer; the keyboard then stays at the message. */
function useKeptFocus(): Record<string, unknown> {
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    if (row.current && lastRow === row.current && document.activeElement === document.body)
      row.current.focus({ preventScroll: true });
  });
  return { ref: row, onFocusIn: () => (lastRow = row.current) };
}

export function MessageRow({ channel, message, goesOn, inThread }: Props): Children {
  const kept = useKeptFocus();
  const at = Number(message.ts) * 1000;
  const name = message.botName ?? nameOf(message.user);
  const hasThread = message.replies > 0 && !inThread;
  const time = html`<time class="time" dateTime=${new Date(at).toISOString()} title=${fullTime(at)}>${clock(at)}</time>`;
  return html`<article
    class=${`message${goesOn ? ' goes-on' : ''}${message.ephemeral ? ' is-ephemeral' : ''}${message.pinned ? ' is-pinned' : ''}`}
    aria-label=${`${name}, ${clock(at)}`}
    tabindex="-1"
    ...${kept}
  >
    ${message.ephemeral ? html`<p class="only-you">${icon('eye')}Only visible to you</p>` : ''}
    ${message.pinned ? html`<p class="only-you">${icon('pin')}Pinned</p>` : ''}
    <div class="gutter">${goesOn ? time : avatar(message.user)}</div>
    <div class="content">
      ${
        goesOn
          ? ''
          : html`<div class="author">
            <span class="name">${name}</span>${message.botName ? html`<span class="app-badge">App</span>` : ''} ${time}
          </div>`
      }
      ${
        now().editing === `${channel.id} ${message.ts}`
          ? html`<${Editor} channel=${channel} message=${message} />`
          : html`<${Body} channel=${channel} message=${message} />`
      }
      <${Reactions} channel=${channel} message=${message} />
      ${hasThread ? html`<${Replies} channel=${channel} message=${message} />` : ''}
    </div>
    <${MessageTools} channel=${channel} message=${message} inThread=${inThread} />
  </article>`;
}
