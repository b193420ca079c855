import { type Children, html } from './html.ts';
import { known } from './store.ts';
import type { Part, SharedFile } from './types.ts';

function fileOf(id: string): SharedFile | undefined {
  for (const { messages } of known().channels)
    for (const { files } of messages) {
      const found = files.find((file) => file.id === id);
      if (found) return found;
    }
  return undefined;
}

/** Files in blocks need not be shared in the message; the bytes are under their id. */
function addressOf(part: Part): string {
  const { slack_file: file, image_url: url } = part;
  if (file?.id) return fileOf(file.id)?.url ?? `/files/${file.id}`;
  return file?.url ?? url ?? '';
}

export function picture(part: Part, kind: string): Children {
  return html`<img class=${kind} src=${addressOf(part)} alt=${part.alt_text ?? ''} loading="lazy" />`;
}
