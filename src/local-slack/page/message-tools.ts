import { act } from './acts.ts';
import { Dropdown } from './dropdown.ts';
import { glyphOf, reactable } from './emoji.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { emoji, nameOf } from './inline.ts';
import { change, known, now } from './store.ts';
import type { Channel, Message } from './types.ts';

interface Props {
  channel: Channel;
  message: Message;
}

function react({ channel, message }: Props, name: string): void {
  void act({ kind: 'react', channel: channel.id, ts: message.ts, name });
}

export function Reactions(props: Props): Children {
  const { reactions } = props.message;
  if (reactions.length === 0) return '';
  return html`<div class="reactions">
    ${reactions.map(
      ({ name, users }) => html`<button
        type="button"
        key=${name}
        class=${`reaction${users.includes(now().user) ? ' is-mine' : ''}`}
        aria-pressed=${users.includes(now().user)}
        aria-label=${`${name}, ${users.length}`}
        title=${users.map(nameOf).join(', ')}
        onClick=${() => react(props, name)}
      >
        ${emoji(name)} <span>${users.length}</span>
      </button>`,
    )}
  </div>`;
}

/** The little bar over a message; it also shows while something inside the message has the focus. */
export function MessageTools(props: Props & { inThread: boolean }): Children {
  const { channel, message, inThread } = props;
  if (message.ephemeral || (message.subtype && message.subtype !== 'thread_broadcast')) return '';
  const more = known()
    .shortcuts.filter(({ type }) => type === 'message')
    .map(({ callbackId, name }) => ({
      label: name,
      hint: known().app.name,
      run: () => void act({ kind: 'message_shortcut', callback_id: callbackId, channel: channel.id, ts: message.ts }),
    }));
  const isMine = !message.botName && message.user === now().user;
  const own = isMine
    ? [
        { label: 'Edit message', run: () => change({ editing: `${channel.id} ${message.ts}` }) },
        {
          label: 'Delete message',
          run: () => void act({ kind: 'delete', channel: channel.id, ts: message.ts }),
        },
      ]
    : [];
  const faces = reactable.map((name) => ({
    label: `${glyphOf(name)} ${name.replaceAll('_', ' ')}`,
    run: () => react(props, name),
  }));
  const root = message.threadTs ?? message.ts;
  return html`<div class="tools" role="group" aria-label="Message actions">
    <${Dropdown} label="Add reaction" kind="icon-button" face=${icon('smile')} items=${faces} />
    ${
      inThread
        ? ''
        : html`<button
          type="button"
          class="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick=${() => change({ thread: root })}
        >
          ${icon('reply')}
        </button>`
    }
    ${
      more.length + own.length > 0
        ? html`<${Dropdown} label="More actions" kind="icon-button" face=${icon('more')} items=${[...more, ...own]} />`
        : ''
    }
  </div>`;
}
