import { type Children, html } from './html.ts';
import { change, known } from './store.ts';
import { plain } from './text.ts';
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

const tallest = 360;

/** The place is kept free before the picture comes, so that nothing jumps. */
function placeFor(fileId: string | undefined): { place?: string; shape?: string } {
  const [width, height] = known().pictures[fileId ?? ''] ?? [];
  if (!width || !height) return {};
  const widest = Math.min(width, Math.round((tallest * width) / height));
  return { place: `width: min(100%, ${widest}px)`, shape: `width: 100%; aspect-ratio: ${width} / ${height}` };
}

export function picture(part: Part, kind: string): Children {
  return html`<img class=${kind} src=${addressOf(part)} alt=${part.alt_text ?? ''} loading="lazy" />`;
}

interface Shown {
  url: string;
  alt: string;
  name: string;
  fileId?: string | undefined;
}

/** A picture that a press enlarges. */
export function openPicture({ url, alt, name, fileId }: Shown): Children {
  const { place, shape } = placeFor(fileId);
  return html`<button
    type="button"
    class="picture-open"
    title="Enlarge"
    style=${place}
    onClick=${() => change({ enlarged: { url, alt, name } })}
  >
    <img class="image" src=${url} alt=${alt} style=${shape} />
  </button>`;
}

export function blockPicture(part: Part): Children {
  const alt = part.alt_text ?? '';
  return openPicture({ url: addressOf(part), alt, name: plain(part.title) || alt, fileId: part.slack_file?.id });
}
