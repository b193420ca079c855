import { useState } from 'preact/hooks';
import { labelOf, tell } from './held.ts';
import { type Children, html } from './html.ts';
import { toast } from './store.ts';
import type { ElementProps } from './types.ts';
import { upload, type Uploaded } from './upload.ts';

export function FileInput(props: ElementProps): Children {
  const { part } = props;
  const most = part.max_files ?? 10;
  const [kept, setKept] = useState<Uploaded[]>([]);
  const [isBusy, setBusy] = useState(false);
  const keep = (files: Uploaded[]): void => {
    setKept(files);
    tell(
      props,
      files.map(({ id }) => id),
    );
  };
  const onChange = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const chosen = [...(input.files ?? [])];
    input.value = '';
    if (kept.length + chosen.length > most) return toast(`You can upload up to ${most} files.`);
    setBusy(true);
    const done = await Promise.all(chosen.map(upload));
    setBusy(false);
    if (done.some((each) => each === undefined)) toast('A file could not be uploaded. Try again?');
    keep([...kept, ...done.filter((each) => each !== undefined)]);
  };
  return html`<div class="file-input">
    <input
      ...${labelOf(props)}
      type="file"
      multiple=${most > 1}
      accept=${part.filetypes?.map((type) => `.${type}`).join(',')}
      onChange=${(event: Event) => void onChange(event)}
    />
    ${isBusy ? html`<p class="quiet" role="status">Uploading…</p>` : ''}
    <ul>
      ${kept.map(
        ({ id, name }) => html`<li key=${id}>
          ${name}
          <button type="button" class="link-button" aria-label=${`Remove ${name}`} onClick=${() => keep(kept.filter((each) => each.id !== id))}>Remove</button>
        </li>`,
      )}
    </ul>
  </div>`;
}
