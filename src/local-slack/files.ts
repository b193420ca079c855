import type { Channel, StoredFile } from './data.ts';
import { newId, seconds } from './ids.ts';
import type { Fields } from './json.ts';
import type { World } from './world.ts';

const types: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  csv: 'text/csv',
  json: 'application/json',
  md: 'text/markdown',
  txt: 'text/plain',
  html: 'text/html',
  pdf: 'application/pdf',
};

function extension(name: string): string {
  return name.split('.').at(-1)?.toLowerCase() ?? '';
}

export function mimetypeOf(name: string): string {
  return types[extension(name)] ?? 'application/octet-stream';
}

/** A file that a person put into a form. */
export function keepFile(world: World, name: string, bytes: Buffer, user: string): StoredFile {
  const file: StoredFile = {
    id: newId(world, 'F'),
    name,
    title: name,
    mimetype: mimetypeOf(name),
    size: bytes.length,
    created: seconds(world),
    bytes: bytes.toString('base64'),
    complete: true,
    user,
  };
  world.data.files.push(file);
  return file;
}

export function fileById(world: World, id: string): StoredFile | undefined {
  return world.data.files.find((file) => file.id === id);
}

/** Those of a message that people still see. */
export function filesShown(world: World, ids: readonly string[] | undefined): StoredFile[] {
  return (ids ?? []).flatMap((id) => world.data.files.filter((file) => file.id === id && !file.deleted));
}

export function fileUrl(world: World, file: StoredFile): string {
  return `${world.url}/files/${file.id}`;
}

/** Slack shows a picture by its file only once it is uploaded, completed, and of a kind it can draw. */
export function isReadyPicture(file: StoredFile | undefined): boolean {
  return file?.complete === true && !file.deleted && /^image\/(png|jpeg|gif)$/.test(file.mimetype);
}

/** Where it was posted, as far as the app is there too. */
function channelsOf(world: World, file: StoredFile): Fields {
  const shared = world.data.channels.filter(
    ({ members, messages }) =>
      members.includes(world.app.botUserId) && messages.some(({ files }) => files?.includes(file.id)),
  );
  const ids = (kinds: Channel['kind'][]) => shared.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  return { channels: ids(['channel']), groups: ids(['private', 'mpim']), ims: ids(['im']) };
}

export function wireFile(world: World, file: StoredFile): Fields {
  if (file.deleted) return { id: file.id, mode: 'tombstone' };
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.snippet ?? extension(file.name),
    user: file.user ?? world.app.botUserId,
    size: file.size,
    mode: file.snippet === undefined ? 'hosted' : 'snippet',
    is_external: false,
    url_private: fileUrl(world, file),
    url_private_download: fileUrl(world, file),
    permalink: fileUrl(world, file),
    ...channelsOf(world, file),
    ...(file.alt ? { alt_txt: file.alt } : {}),
  };
}
