import { useEffect, useRef, useState } from 'preact/hooks';
import { act } from './acts.ts';
import { type Children, html } from './html.ts';
import { change } from './store.ts';
import { retyped } from './typed-from.ts';
import type { Channel, Message } from './types.ts';

/** In place of an own message while it is changed: Enter saves, Escape leaves it as it was. */
export function Editor({ channel, message }: { channel: Channel; message: Message }): Children {
  const [text, setText] = useState(retyped(message.text));
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const leave = (): void => change({ editing: '' });
  const save = async (): Promise<void> => {
    const said = text.trim();
    if (said === '') return;
    const outcome = await act({ kind: 'edit', channel: channel.id, ts: message.ts, text: said });
    if (outcome.ok) leave();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') leave();
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) void save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="editor">
    <textarea
      ref=${area}
      class="field"
      rows="2"
      aria-label="Edit message"
      value=${text}
      onInput=${(event: Event) => setText((event.target as HTMLTextAreaElement).value)}
      onKeyDown=${onKeyDown}
    ></textarea>
    <button type="button" class="button" onClick=${leave}>Cancel</button>
    <button type="button" class="button button-primary" onClick=${() => void save()}>Save</button>
  </div>`;
}
