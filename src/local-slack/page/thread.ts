import { useEffect, useRef } from 'preact/hooks';
import { Composer } from './composer.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { MessageList } from './messages.ts';
import { change } from './store.ts';
import { titleOf } from './title.ts';
import type { Channel } from './types.ts';

export function Thread({ channel, ts }: { channel: Channel; ts: string }): Children {
  const pane = useRef<HTMLElement>(null);
  useEffect(() => pane.current?.querySelector('textarea')?.focus(), []);
  const messages = channel.messages.filter((message) => message.ts === ts || message.threadTs === ts);
  const close = (): void => change({ thread: undefined });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
  };
  return html`<aside class="thread" aria-label="Thread" ref=${pane} onKeyDown=${onKeyDown}>
    <div class="head">
      <div class="head-line">
        <h1>Thread</h1>
        <span class="topic">${channel.kind === 'im' ? titleOf(channel) : `#${channel.name}`}</span>
        <button type="button" class="icon-button" aria-label="Close thread" onClick=${close}>${icon('close')}</button>
      </div>
    </div>
    <${MessageList} channel=${channel} messages=${messages} inThread=${true} />
    ${channel.isMember && !channel.archived ? html`<${Composer} channel=${channel} thread=${ts} hint="Reply…" />` : ''}
  </aside>`;
}
