import { useEffect, useState } from 'preact/hooks';
import { act } from './acts.ts';
import { Composer } from './composer.ts';
import { AppHead, ChannelHead } from './heads.ts';
import { type Children, html } from './html.ts';
import { isReply, MessageList } from './messages.ts';
import { known } from './store.ts';
import { titleOf } from './title.ts';
import type { Channel } from './types.ts';
import { unreadIn } from './unread.ts';

function Beginning({ channel }: { channel: Channel }): Children {
  return html`<div class="beginning">
    <h2>${channel.kind === 'im' ? titleOf(channel) : `# ${channel.name}`}</h2>
    <p>${channel.kind === 'im' ? 'This is the start of this conversation.' : 'This is the very beginning of this channel.'}</p>
  </div>`;
}

export function Conversation({ channel }: { channel: Channel }): Children {
  const isApp = channel.kind === 'im' && channel.with === known().app.botUserId;
  const [firstNew] = useState(() => unreadIn(channel)[0]?.ts);
  const newest = channel.messages.at(-1)?.ts;
  useEffect(() => {
    if (channel.unread > 0 && document.visibilityState === 'visible') void act({ kind: 'read', channel: channel.id });
  }, [newest, channel.unread]);
  const hint = channel.kind === 'im' ? `Message ${titleOf(channel)}` : `Message #${channel.name}`;
  return html`${isApp ? html`<${AppHead} tab="messages" />` : html`<${ChannelHead} channel=${channel} />`}
    <${MessageList} channel=${channel} messages=${channel.messages.filter((message) => !isReply(message))} firstNew=${firstNew}>
      <${Beginning} channel=${channel} />
    <//>
    ${
      channel.isMember && !channel.archived
        ? html`<${Composer} channel=${channel} hint=${hint} />`
        : html`<p class="no-composer">
          ${
            channel.archived
              ? 'This channel is archived.'
              : html`You are not in this channel.
                <button type="button" class="button button-plain" onClick=${() => void act({ kind: 'join', channel: channel.id })}>
                  Join
                </button>`
          }
        </p>`
    }`;
}
