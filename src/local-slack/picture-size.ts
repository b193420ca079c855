import type { StoredFile } from './data.ts';

const headLength = 32;
const png = '\x89PNG';

/** Width and height as the first bytes of a PNG or GIF tell; of other pictures nothing is known before they are drawn. */
export function pictureSize({ bytes }: StoredFile): [number, number] | undefined {
  if (!bytes) return undefined;
  const head = Buffer.from(bytes.slice(0, headLength * 2), 'base64');
  const start = head.toString('latin1', 0, png.length);
  if (start === png && head.length >= headLength) return [head.readUInt32BE(16), head.readUInt32BE(20)];
  return start === 'GIF8' ? [head.readUInt16LE(6), head.readUInt16LE(8)] : undefined;
}
