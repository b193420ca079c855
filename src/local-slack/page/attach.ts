import { useRef } from 'preact/hooks';
import { act } from './acts.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { toast } from './store.ts';
import type { Channel } from './types.ts';
import { upload } from './upload.ts';

interface Props {
  channel: Channel;
  /** What is written so far goes along with the first file. */
  text: string;
  done: () => void;
}

export function Attach({ channel, text, done }: Props): Children {
  const field = useRef<HTMLInputElement>(null);
  const onChange = async (): Promise<void> => {
    const chosen = [...(field.current?.files ?? [])];
    if (field.current) field.current.value = '';
    let said = text.trim();
    for (const file of chosen) {
      const kept = await upload(file);
      if (!kept) return toast(`${file.name} could not be uploaded. Try again?`);
      const outcome = await act({ kind: 'share', channel: channel.id, file: kept.id, text: said });
      if (!outcome.ok) return;
      if (said !== '') done();
      said = '';
    }
  };
  return html`<input type="file" class="sr-only" multiple tabindex="-1" aria-label="Files to share" ref=${field} onChange=${() => void onChange()} />
    <button type="button" class="icon-button attach" aria-label="Attach" title="Attach a file" onClick=${() => field.current?.click()}>
      ${icon('plus')}
    </button>`;
}
